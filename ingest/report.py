"""What an ingest did."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.domain import Failure


@dataclass
class Report:
    """What an ingest did; the fields are those of `ingest --json`.

    Attributes:
        passages: Passages of the articles that were added or updated.
        generation: The one in use at the end, 0 when there is none.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    duplicate: int = 0
    passages: int = 0
    seconds: float = 0.0
    generation: int = 0
    interrupted: bool = False
    failures: list[Failure] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Return the document that `ingest --json` prints."""
        articles = {
            name: getattr(self, name)
            for name in ("added", "updated", "unchanged", "removed", "duplicate")
        }
        return {
            "articles": {**articles, "failed": len(self.failures)},
            "passages": self.passages,
            "seconds": round(self.seconds, 3),
            "failures": [vars(failure) for failure in self.failures],
            "generation": self.generation,
        }
