"""XML of no kind that is known here, or that cannot be told by how it begins."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.domain import Failure, RawArticle
from ingest.errors import ArticleError
from ingest.read import feed, newsml, nitf
from ingest.read.source import Source
from ingest.read.xml_tree import local, parse

_KNOWN = (nitf, newsml, feed)


def recognises(head: str) -> bool:
    """Tell whether a file says that it is XML."""
    return head.lstrip("\ufeff \t\r\n").startswith("<?xml")


def read(source: Source) -> Iterator[RawArticle | Failure]:
    """Yield the articles of a file whose root stands too far down to be seen in its head.

    Raises:
        ArticleError: It is not XML, or of no kind that is known here.
        OSError: The file cannot be read.
    """
    root = local(parse(source.whole(), source.charset))
    reader = next((reader for reader in _KNOWN if reader.recognises(f"<{root}>")), None)
    if reader is None:
        raise ArticleError(
            f"is XML, but no NITF, NewsML-G2, RSS or Atom (its root is {root[:40]!r}); convert it "
            "to .jsonl"
        )
    yield from reader.read(source)
