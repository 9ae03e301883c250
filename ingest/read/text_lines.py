"""Files of any size as lines of text, in one encoding from their first line to their last."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import chain

from ingest.errors import ArticleError
from ingest.read.decode import encoding_of, wide_encoding
from ingest.read.source import Source, lines

_HEAD_BYTES = 4096
_SAMPLE_BYTES = 1_000_000
_UTF8 = "utf-8-sig"
_DAMAGE = re.compile("[\udc80-\udcff]")


def text_lines(source: Source) -> Iterator[str | None]:
    """Yield each line with its end, None for one that is too long; a few are held.

    Lines that are UTF-8 are read so. All others are read in one encoding, found from those in the
    megabyte that begins with the first of them: a line alone is too short to tell. Bytes that are
    damaged come as surrogates; see `is_damaged`.

    Raises:
        ArticleError: While it is read, when what is packed is damaged.
        OSError: The file cannot be read.
    """
    # Opened twice: what is packed cannot be wound back.
    with source.open() as file:
        wide = wide_encoding(file.read(_HEAD_BYTES))
    with source.open() as file:
        yield from _decoded(lines(file, wide), source.charset)


def is_damaged(text: str) -> bool:
    """Tell whether bytes of a text could not be read."""
    return not text.isascii() and bool(_DAMAGE.search(text))


def mended(text: str) -> str:
    """Return a text with the replacement character for each byte that could not be read."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _decoded(given: Iterator[bytes | None], declared: str | None) -> Iterator[str | None]:
    encoding: str | None = None
    ahead: deque[bytes | None] = deque()
    while True:
        line = ahead.popleft() if ahead else next(given, b"")
        if line == b"":
            return
        text = None if line is None else _utf8(line)
        if line is not None and text is None:
            encoding = encoding or _encoding(line, ahead, given, declared)
            text = line.decode(encoding, "surrogateescape")
        yield text


def _utf8(line: bytes) -> str | None:
    try:
        return line.decode(_UTF8)
    except UnicodeDecodeError:
        return None


def _encoding(
    line: bytes, ahead: deque[bytes | None], given: Iterator[bytes | None], declared: str | None
) -> str:
    """Return the encoding of a line and all that follow; those looked at are put into `ahead`."""
    size = len(line) + sum(map(len, filter(None, ahead)))
    while size < _SAMPLE_BYTES and (following := next(given, b"")) != b"":
        ahead.append(following)
        size += len(following or b"")
    # Words around the others help to tell; letters in UTF-8 would not.
    others = (other for other in ahead if other and (other.isascii() or _utf8(other) is None))
    try:
        return encoding_of(b"".join(chain([line], others)), declared)
    except ArticleError:
        return _UTF8
