"""What articles are read from: a file, or what an address gave; unpacked, and never without end."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from ingest.errors import ArticleError
from ingest.read.decode import decode, lenient, path_text

MAX_WHOLE_BYTES = 64_000_000
"""A file that is not read record by record is one page, one document or one feed."""
MAX_LINE_BYTES = 16_000_000
MAX_RATIO = 200
"""Text shrinks to a third or a tenth of its size; what unpacks to far more is there to do harm."""
_UNSUSPECTED_BYTES = 10_000_000
_BUFFER_BYTES = 262_144
_GZIP = b"\x1f\x8b"
_HEAD_BYTES = 4096


@dataclass(frozen=True)
class Source:
    """Bytes that hold one article or many.

    Attributes:
        origin: What is written down as the place they came from: an absolute path or an address.
        name: A file name, for its suffix.
        content: The file, or the bytes themselves.
        url: The address they came from, None for a file.
        media_type: What the server said they are, in lower case and without parameters.
        charset: The encoding that the server named.
        watch: Called with how many bytes of a file are read, packed ones where it is packed.
    """

    origin: str
    name: str
    content: Path | bytes
    url: str | None = None
    media_type: str | None = None
    charset: str | None = None
    watch: Callable[[int], None] | None = field(default=None, compare=False)

    @property
    def suffix(self) -> str:
        """The suffix in lower case, that of the file inside when it is packed."""
        name = PurePosixPath(self.name.lower())
        return PurePosixPath(name.stem).suffix if name.suffix == ".gz" else name.suffix

    def open(self) -> BinaryIO:
        """Open the content for reading, unpacked.

        Raises:
            ArticleError: It is no regular file; while it is read, when what is packed is damaged or
                unpacks without end.
            OSError: The file cannot be opened or read.
        """
        file = self._opened()
        packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        return io.BufferedReader(_Unpacked(file)) if packed else file

    def whole(self, max_bytes: int = MAX_WHOLE_BYTES) -> bytes:
        """Return all of the content.

        Raises:
            ArticleError: It is larger than `max_bytes`, or cannot be unpacked.
            OSError: The file cannot be read.
        """
        with self.open() as file:
            data = file.read(max_bytes + 1)
        if len(data) > max_bytes:
            raise ArticleError(
                f"has over {max_bytes / 1e6:.0f} MB, more than one document has; split it, or write"
                " its articles as .jsonl"
            )
        return data

    def text(self) -> str:
        """Return all of the content as text.

        Raises:
            ArticleError: It is empty, not text, too large, or cannot be unpacked.
            OSError: The file cannot be read.
        """
        return decode(self.whole(), self.charset)

    def head(self) -> str:
        """Return how the content begins, read leniently, to tell what it is."""
        with self.open() as file:
            return lenient(file.read(_HEAD_BYTES))

    def digest(self) -> bytes:
        """Return SHA-256 of the content as it lies there.

        Raises:
            ArticleError: It is no regular file.
            OSError: The file cannot be read.
        """
        with self._opened() as file:
            return hashlib.file_digest(file, "sha256").digest()

    def _opened(self) -> io.BytesIO | io.BufferedReader:
        if isinstance(self.content, bytes):
            return io.BytesIO(self.content)
        return io.BufferedReader(_Watched(self.content, self.watch), _BUFFER_BYTES)


def file_source(path: Path, watch: Callable[[int], None] | None = None) -> Source:
    """Return a file as what is read from."""
    return Source(path_text(path), path.name, path, watch=watch)


def page_source(
    address: str, final: str, data: bytes, media_type: str | None, charset: str | None
) -> Source:
    """Return what an address gave as what is read from; `final` is where redirects led."""
    name = unquote(PurePosixPath(urlsplit(final).path).name)
    return Source(address, name, data, final, media_type, charset)


def lines(file: BinaryIO, encoding: str | None = None) -> Iterator[bytes | None]:
    """Yield each line as UTF-8 or as it is, None for one longer than MAX_LINE_BYTES.

    Args:
        file: Open for reading; never more than a line of it is held.
        encoding: Of a wide encoding (UTF-16, UTF-32), None for one in which a newline is one byte.
    """
    if encoding is None:
        yield from _bounded(lambda: file.readline(MAX_LINE_BYTES))
        return
    wide = io.TextIOWrapper(file, encoding, errors="replace", newline="\n")
    try:
        size = MAX_LINE_BYTES // 4
        yield from _bounded(lambda: wide.readline(size).encode("utf-8", "replace"))
    finally:
        wide.detach()


def _bounded(part: Callable[[], bytes]) -> Iterator[bytes | None]:
    """Yield whole lines of what gives them in parts, None in place of each that takes several."""
    while line := part():
        more = b"" if line.endswith(b"\n") else part()
        yield None if more else line
        while more and not more.endswith(b"\n"):
            more = part()


class _Unpacked(io.RawIOBase):
    """Gzip as it unpacks; gives up on what grows beyond all text."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed = packed
        self._file = gzip.GzipFile(fileobj=packed)
        self._count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._count = self._file.seek(offset, whence)
        return self._count

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # as BufferedReader calls it
        try:
            data = self._file.read(len(buffer))
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ArticleError(
                f"is damaged and cannot be unpacked: {error}; pack it again"
            ) from error
        self._count += len(data)
        if self._count > max(_UNSUSPECTED_BYTES, MAX_RATIO * self._packed.tell()):
            raise ArticleError(
                f"unpacks to over {MAX_RATIO} times its size, as no text does; unpack it "
                "yourself if you trust it"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._packed.close()
        super().close()


def _without_waiting(path: str, flags: int) -> int:
    # A pipe would be waited for until somebody writes to it.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class _Watched(io.FileIO):
    """A file that tells how far it is read."""

    def __init__(self, path: Path, watch: Callable[[int], None] | None) -> None:
        super().__init__(path, "rb", opener=_without_waiting)
        if not stat.S_ISREG(os.fstat(self.fileno()).st_mode):
            self.close()
            raise ArticleError("is no regular file but a device, a pipe or a socket; leave it out")
        self._watch = watch

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]  # as above
        count = super().readinto(buffer)
        if self._watch is not None:
            self._watch(self.tell())
        return count
