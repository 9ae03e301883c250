"""Articles that must go: out of the index, and out of the answers that readers rated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.index.generations import generations_of
from ingest.index.takedown import TakenDown, files_with, take_down
from service.errors import FeedbackUnavailable
from service.feedback.select import every_book
from service.settings import ServiceSettings


@dataclass(frozen=True)
class Removal:
    """What was done.

    Attributes:
        ratings: How many ratings went with the articles.
        unkept: What kept ratings from being taken out; None when nothing did.
        left: Files below the data folder in which the text still stands.
    """

    taken: TakenDown
    ratings: int
    unkept: str | None
    left: list[Path]

    @property
    def is_complete(self) -> bool:
        """Whether nothing that was looked at holds the text, or gives a vector of it, any more.

        Bytes of deleted vectors stay in the files of a Chroma server until it is vacuumed.
        """
        return not (self.left or self.unkept or self.taken.still_read or self.taken.unswept)


def remove(settings: ServiceSettings, names: Sequence[str], wait_s: float) -> Removal:
    """Take articles out for good; see `ingest.index.takedown`.

    Raises:
        FeedbackUnavailable: The ratings cannot be reached; nothing is changed.
    """
    books = every_book(settings)
    for book in books:
        book.require()
    taken = take_down(generations_of(settings), names, wait_s)
    ratings, trouble = 0, None
    for book in books:
        try:
            ratings += book.forget(taken.article_ids, taken.sentences)
        except FeedbackUnavailable as error:
            # The index is without them; who follows it must hear of that all the same.
            trouble = str(error)
        finally:
            book.close()
    return Removal(taken, ratings, trouble, list(files_with(settings.data_dir, taken.sentences)))


def lines(removal: Removal) -> list[str]:
    """Return what was done in words, and what is left to do."""
    taken = removal.taken
    said = [
        f"{', '.join(taken.article_ids)} taken out; generation {taken.manifest.generation} is in "
        f"use: {taken.manifest.articles} articles"
    ]
    if removal.ratings:
        said.append(f"{removal.ratings} ratings of answers that showed it were removed")
    if removal.unkept:
        said.append(
            f"ratings may still show it: {removal.unkept}; once they can be reached, ingest the "
            "article and remove it again"
        )
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
    elif taken.manifest.vectors.kind == "server":
        said.append(
            "its vectors stay in the files of `chroma run` until `chroma vacuum` is run there"
        )
    said += [f"the text, or a copy of it, still stands in {path}" for path in removal.left]
    return said
