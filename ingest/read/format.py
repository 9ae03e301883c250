"""What a reader is, and how its files are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest.domain import Failure, RawArticle
from ingest.read.source import Source

Reader = Callable[[Source], Iterator[RawArticle | Failure]]
"""Yields every article of a source, and a Failure for each that cannot be read.

Raises:
    ArticleError: Nothing, or nothing more, of the source can be read.
    OSError: The file cannot be read.
"""


def anything(_head: str) -> bool:
    """Recognise whatever has the right suffix."""
    return True


def nothing(_head: str) -> bool:
    """Recognise nothing: the suffix or the server must say it."""
    return False


@dataclass(frozen=True)
class Format:
    """One kind of file.

    Attributes:
        suffixes: In lower case, with the point.
        media_types: As servers name it.
        read: Its reader.
        recognises: Tells by how the content begins, among formats that share a suffix and where no
            suffix is known.
        rolling: What is no longer in it has only scrolled off: its articles stay.
    """

    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    read: Reader
    recognises: Callable[[str], bool] = nothing
    rolling: bool = False
