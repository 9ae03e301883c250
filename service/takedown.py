"""Articles that must go: out of the index, and out of the answers that readers rated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.index.generations import Generations
from ingest.index.takedown import TakenDown, files_with, take_down
from service.feedback import NAME, FeedbackBook


@dataclass(frozen=True)
class Removal:
    """What was done.

    Attributes:
        ratings: How many ratings went with the articles.
        left: Files below the data folder in which the text still stands.
    """

    taken: TakenDown
    ratings: int
    left: list[Path]

    @property
    def is_complete(self) -> bool:
        """Whether the data folder holds the text no more, and the server no vector of it."""
        return not (self.left or self.taken.still_read or self.taken.unswept)


def remove(generations: Generations, names: Sequence[str], wait_s: float) -> Removal:
    """Take articles out for good; see `ingest.index.takedown`.

    Raises:
        FeedbackUnavailable: The ratings cannot be written; the index is without the articles.
    """
    data_dir, taken = generations.data_dir, take_down(generations, names, wait_s)
    ratings = FeedbackBook(data_dir / NAME).forget(taken.article_ids, taken.sentences)
    return Removal(taken, ratings, list(files_with(data_dir, taken.sentences)))


def lines(removal: Removal) -> list[str]:
    """Return what was done in words, and what is left to do."""
    taken = removal.taken
    said = [
        f"{', '.join(taken.article_ids)} taken out; generation {taken.manifest.generation} is in "
        f"use: {taken.manifest.articles} articles"
    ]
    if removal.ratings:
        said.append(f"{removal.ratings} ratings of answers that showed it were removed")
    said += [f"ingesting {origin} brings it back" for origin in taken.origins]
    if taken.still_read:
        numbers = ", ".join(map(str, taken.still_read))
        said.append(
            f"generation {numbers} is still read by a service, and holds the text: stop it, then "
            "run `dateline index prune`"
        )
    if taken.unswept:
        said.append(
            f"its vectors may still be on the Chroma server ({taken.unswept}): run `dateline index "
            "prune` when that is mended"
        )
    said += [f"the text, or a copy of it, still stands in {path}" for path in removal.left]
    return said
