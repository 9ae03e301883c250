"""Articles that must go: out of the index, and out of the answers that readers rated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ingest.errors import UnknownArticles
from ingest.index.generations import generations_of
from ingest.index.takedown import TakenDown, files_with, take_down
from service.errors import FeedbackUnavailable
from service.feedback.book import FeedbackBook
from service.feedback.select import every_book
from service.settings import ServiceSettings

# Anything shorter might stand in quotation marks in every answer.
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class RatingsGone:
    """What became of the ratings.

    Attributes:
        count: How many went with the articles.
        unkept: What kept others from being taken out; None when nothing did.
        unwritten: What kept deleted bytes from being overwritten; None when nothing did.
    """

    count: int = 0
    unkept: str | None = None
    unwritten: str | None = None


@dataclass(frozen=True)
class Removal:
    """What was done.

    Attributes:
        article_ids: What was to go.
        taken: What became of the index; None when it had none of them before.
        left: Files below the data folder in which the text still stands.
    """

    article_ids: list[str]
    taken: TakenDown | None
    ratings: RatingsGone
    left: list[Path]

    @property
    def is_complete(self) -> bool:
        """Whether nothing that was looked at holds the text, or gives a vector of it, any more.

        Bytes of deleted vectors stay in the files of a Chroma server until it is vacuumed.
        """
        taken, ratings = self.taken, self.ratings
        is_in_index = taken is not None and bool(taken.still_read or taken.unswept)
        return not (self.left or ratings.unkept or ratings.unwritten or is_in_index)


def remove(settings: ServiceSettings, names: Sequence[str], wait_s: float) -> Removal:
    """Take articles out for good; see `ingest.index.takedown`.

    Ids that the index has no longer are taken out of the ratings alone, which an earlier removal
    may not have reached.

    Raises:
        FeedbackUnavailable: The ratings cannot be reached; nothing is taken out.
        UnknownArticles: Neither the index nor a rating knows one; nothing is changed.
    """
    books = every_book(settings)
    try:
        for book in books:
            book.require()
        try:
            taken = take_down(generations_of(settings), names, wait_s, partial(_bar, books))
        except UnknownArticles as error:
            _require_known(books, names, error)
            return Removal(list(names), None, _forget(books, names, []), [])
        ratings = _forget(books, taken.article_ids, taken.sentences)
        left = list(files_with(settings.data_dir, taken.sentences))
        return Removal(taken.article_ids, taken, ratings, left)
    finally:
        for book in books:
            book.close()


def _bar(books: Sequence[FeedbackBook], article_ids: Sequence[str]) -> None:
    for book in books:
        book.bar(article_ids)


def _require_known(
    books: Sequence[FeedbackBook], names: Sequence[str], error: UnknownArticles
) -> None:
    """Raise the error, except where ratings know all names and the index none."""
    if set(error.names) != set(names):
        raise error
    for name in names:
        if not (_ID.fullmatch(name) and any(book.knows(name) for book in books)):
            raise error


def _forget(
    books: Sequence[FeedbackBook], article_ids: Sequence[str], sentences: Sequence[str]
) -> RatingsGone:
    count, unkept, unwritten = 0, None, None
    for book in books:
        # The index is without them; who follows it must hear of trouble here all the same.
        try:
            count += book.forget(article_ids, sentences)
        except FeedbackUnavailable as error:
            unkept = str(error)
            continue
        try:
            book.write_anew()
        except FeedbackUnavailable as error:
            unwritten = str(error)
    return RatingsGone(count, unkept, unwritten)


def lines(removal: Removal) -> list[str]:
    """Return what was done in words, and what is left to do."""
    if removal.taken is None:
        ids = ", ".join(removal.article_ids)
        return [f"{ids}: not in the index; ratings were looked through", *_of_ratings(removal)]
    return [*_of_index(removal.taken), *_of_ratings(removal), *_left(removal.left)]


def _of_ratings(removal: Removal) -> list[str]:
    said, ratings = [], removal.ratings
    again = f"run `dateline remove {' '.join(removal.article_ids)}` again"
    if ratings.count or removal.taken is None:
        said.append(f"{ratings.count} ratings of answers that showed it were removed")
    if ratings.unkept:
        said.append(
            f"ratings may still show it: {ratings.unkept}; once they can be reached, {again}; "
            "those that only quote it are found when the article is ingested and removed once more"
        )
    if ratings.unwritten:
        said.append(
            "deleted bytes of ratings may still stand in the files that hold them: "
            f"{ratings.unwritten}; when that is over, {again}"
        )
    return said


def _of_index(taken: TakenDown) -> list[str]:
    said = [
        f"{', '.join(taken.article_ids)} taken out; generation {taken.manifest.generation} is in "
        f"use: {taken.manifest.articles} articles"
    ]
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
    return said


def _left(paths: Sequence[Path]) -> list[str]:
    return [f"the text, or a copy of it, still stands in {path}" for path in paths]
