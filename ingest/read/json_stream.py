"""JSON files too large to be held: their records one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ingest.errors import ArticleError
from ingest.read.source import MAX_WHOLE_BYTES, Source

LISTS = ("articles", "items", "data")
"""Under which of its names an object may hold the array."""
_CHUNK_BYTES = 1_000_000
"""A text that is longer is looked at again with each chunk."""
_BOM = b"\xef\xbb\xbf"
_NO_ARRAY = (
    "is one large JSON value without an array of articles under 'articles', 'items' or 'data'; "
    "write its articles as .jsonl"
)


def records(source: Source) -> Iterator[object]:
    """Yield the records of an array, or of the first array under one of LISTS.

    Raises:
        ArticleError: The file is broken, holds no such array, or a record has no end.
        OSError: The file cannot be read.
    """
    import ijson

    try:
        with source.open() as file:
            prefix = _prefix(_Bounded(file))
        with source.open() as file:
            bounded = _Bounded(file)
            for record in ijson.items(bounded, prefix, use_float=True, buf_size=_CHUNK_BYTES):
                bounded.start_record()
                yield record
    except ijson.JSONError as error:
        reason = " ".join(str(error).split())[:120]
        raise ArticleError(f"is not valid JSON: {reason}; mend it there") from error


def _prefix(file: _Bounded) -> str:
    """Return where the records are, in ijson's words."""
    import ijson

    for prefix, event, _ in ijson.parse(file):
        if event == "start_array" and prefix in ("", *LISTS):
            return f"{prefix}.item".lstrip(".")
        if prefix == "" and event not in ("start_map", "map_key"):
            break
    raise ArticleError(_NO_ARRAY)


class _Bounded:
    """A file that gives up when a record has no end in sight."""

    def __init__(self, file: BinaryIO) -> None:
        """Skip the byte order mark, which JSON has no place for."""
        self._file = file
        self._count = 0
        self._start = file.read(len(_BOM)).removeprefix(_BOM)

    def start_record(self) -> None:
        """Count anew."""
        self._count = 0

    def read(self, size: int = -1) -> bytes:
        """Read as a file does.

        Raises:
            ArticleError: More was read since the last record than one may have.
        """
        if size == 0:
            return b""  # so ijson asks whether these are bytes
        data, self._start = self._start + self._file.read(size), b""
        self._count += len(data)
        if self._count > MAX_WHOLE_BYTES:
            raise ArticleError(
                f"has over {MAX_WHOLE_BYTES / 1e6:.0f} MB in one record; write articles as .jsonl"
            )
        return data
