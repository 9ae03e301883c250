"""What an ingest did."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.domain import Failure

MAX_FAILURES = 10_000
"""More are counted and not listed, so that a file of broken lines takes no memory without end."""


@dataclass
class Report:
    """What an ingest did; the fields are those of `ingest --json`.

    Attributes:
        passages: Passages of the articles that were added or updated.
        generation: The one in use at the end, 0 when there is none.
        failed: How many failures there were; `failures` lists the first MAX_FAILURES of them.
        read_bytes: Of the files, read so far.
        total_bytes: Of all files named.
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
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)
    read_bytes: int = 0
    total_bytes: int = 0

    @property
    def articles(self) -> int:
        """How many articles were dealt with, well or not."""
        good = self.added + self.updated + self.unchanged + self.duplicate
        return good + self.failed

    def fail(self, failure: Failure) -> None:
        """Count a failure and list it while there is room."""
        self.failed += 1
        if len(self.failures) < MAX_FAILURES:
            self.failures.append(failure)

    def as_json(self) -> dict[str, object]:
        """Return the document that `ingest --json` prints."""
        articles = {
            name: getattr(self, name)
            for name in ("added", "updated", "unchanged", "removed", "duplicate")
        }
        return {
            "articles": {**articles, "failed": self.failed},
            "passages": self.passages,
            "seconds": round(self.seconds, 3),
            "failures": [vars(failure) for failure in self.failures],
            "generation": self.generation,
        }
