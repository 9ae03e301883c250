"""The body of an answer: counted while it comes, its gzip undone piece by piece."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Protocol

from ingest.errors import ArticleError

_GZIP = 16 + zlib.MAX_WBITS
_RAW = -zlib.MAX_WBITS
_ZLIB_METHOD = 8  # the low half of the first byte of a zlib stream: RFC 1950, section 2.2


class _Decoder(Protocol):
    def decode(self, data: bytes, room: int) -> bytes:
        """Return the next bytes of the body; of unpacked bytes at most `room` + 1."""

    def finish(self) -> None:
        """Raise ArticleError unless the body was whole."""


def whole_body(pieces: Iterable[bytes], encodings: list[str], max_bytes: int) -> bytes:
    """Return a body with its content encoding undone.

    Args:
        encodings: Names from the Content-Encoding header, `identity` left out.
        max_bytes: The limit for what is sent and for what is made of it.

    Raises:
        ArticleError: The body is too large, damaged, or in an encoding nobody asked for.
    """
    decoder = _decoder(encodings)
    sent, body = 0, bytearray()
    for piece in pieces:
        sent += len(piece)
        body += decoder.decode(piece, max_bytes - len(body))
        if max(sent, len(body)) > max_bytes:
            raise too_large(max_bytes)
    decoder.finish()
    return bytes(body)


def too_large(max_bytes: int) -> ArticleError:
    """Return the error for a body above the limit."""
    return ArticleError(
        f"is larger than {max_bytes:,} bytes; raise DATELINE_FETCH_MAX_BYTES if all of it is wanted"
    )


def _decoder(encodings: list[str]) -> _Decoder:
    match encodings:
        case []:
            return _Plain()
        case ["gzip" | "x-gzip" | "deflate" as encoding]:
            return _Inflater(encoding)
    names = ", ".join(encodings)[:80]
    raise ArticleError(
        f"came packed as {names!r}, which was not asked for; save it with a browser and ingest that"
    )


class _Plain:
    def decode(self, data: bytes, room: int) -> bytes:  # noqa: ARG002 - it makes no more of it
        return data

    def finish(self) -> None:
        """Need nothing: HTTP itself says where a plain body ends."""


class _Inflater:
    """Undoes gzip, of one member or several, and deflate with or without zlib's wrapping."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._inflate: zlib._Decompress | None = None

    def decode(self, data: bytes, room: int) -> bytes:
        out = bytearray()
        data = self._after_member(data)
        while data and len(out) <= room:
            if self._inflate is None or self._inflate.eof:
                self._inflate = zlib.decompressobj(self._window(data))
            try:
                # Never 0, which would mean no limit.
                out += self._inflate.decompress(data, room + 1 - len(out))
            except zlib.error as error:
                raise ArticleError(
                    f"came with damaged {self._encoding}; try again later"
                ) from error
            data = self._after_member(self._inflate.unused_data)
        return bytes(out)

    def finish(self) -> None:
        if self._inflate is not None and not self._inflate.eof:
            raise ArticleError(f"broke off inside its {self._encoding} data; try again later")

    def _after_member(self, data: bytes) -> bytes:
        """Leave out the zeros with which some servers fill up a file after its last member."""
        ended = self._inflate is not None and self._inflate.eof
        return data.lstrip(b"\0") if ended else data

    def _window(self, data: bytes) -> int:
        if self._encoding != "deflate":
            return _GZIP
        return zlib.MAX_WBITS if data[0] & 0x0F == _ZLIB_METHOD else _RAW
