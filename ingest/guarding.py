"""Steps of an ingest that stop at nothing: what goes wrong with one article is a failure of its."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from ingest.domain import Article, Failure, RawArticle, Step
from ingest.read import read
from ingest.read.source import Source

A = TypeVar("A")
B = TypeVar("B")


def read_guarded(source: Source) -> Iterator[RawArticle | Failure]:
    """Yield the articles of a source, or why there are no more."""
    try:
        yield from read(source)
    except Exception as error:
        yield Failure(source.origin, "read", f"unexpected {type(error).__name__}: {error}")


def guarded(step: Callable[[A], B], item: A) -> B | Failure:
    """Run a step on one article; whatever goes wrong with it stops no other."""
    try:
        return step(item)
    except Exception as error:
        reason = f"unexpected {type(error).__name__}: {error}"
        name: Step = "chunk" if isinstance(item, Article) else "describe"
        return Failure(getattr(item, "origin", ""), name, reason)
