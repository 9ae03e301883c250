"""XML of no kind that is known here: says so."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.domain import RawArticle
from ingest.errors import ArticleError
from ingest.read.source import Source
from ingest.read.xml_tree import local, parse


def recognises(head: str) -> bool:
    """Tell whether a file says that it is XML."""
    return head.lstrip("\ufeff \t\r\n").startswith("<?xml")


def read(source: Source) -> Iterator[RawArticle]:
    """Yield nothing.

    Raises:
        ArticleError: Always: what is wrong with the file.
        OSError: The file cannot be read.
    """
    root = parse(source.whole(), source.charset)
    raise ArticleError(
        f"is XML, but no NITF, NewsML-G2, RSS or Atom (its root is {local(root)!r}); convert it to "
        ".jsonl"
    )
    yield
