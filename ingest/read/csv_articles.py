"""CSV and TSV: a row for each article, under the field names people have; of any size."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from ingest.domain import Failure, RawArticle
from ingest.errors import ArticleError
from ingest.read.decode import encoding_of
from ingest.read.fields import BODY, KNOWN, body, key, raw_article
from ingest.read.records import RecordNames
from ingest.read.source import Source

_HEAD_BYTES = 1_000_000
_MAX_FIELD_CHARS = 16_000_000
_DELIMITERS = ",;\t|"
_MAX_SHOWN = 12

Row = dict[str, object]


def read(source: Source) -> Iterator[RawArticle | Failure]:
    """Yield the article of each row; never more than one row is held.

    Raises:
        ArticleError: The file is empty, not text, has no column with a body, or breaks off.
        OSError: The file cannot be read.
    """
    csv.field_size_limit(_MAX_FIELD_CHARS)
    names = RecordNames()
    # Opened twice: what is packed cannot be wound back.
    with source.open() as file:
        encoding = encoding_of(file.read(_HEAD_BYTES), source.charset)
    with source.open() as file:
        lines = io.TextIOWrapper(file, encoding, errors="replace", newline="")
        for number, row in enumerate(_rows(lines), 1):
            yield _article(row, source, number, names)


def delimiter_of(header: str) -> str:
    """Return the mark between the columns: the one that gives the most columns with known names."""

    def known(mark: str) -> int:
        return sum(
            key(name) in KNOWN_OR_BODY for name in next(csv.reader([header], delimiter=mark))
        )

    return max(_DELIMITERS, key=lambda mark: (known(mark), header.count(mark)))


KNOWN_OR_BODY = KNOWN | {key(name) for name in BODY}


def _rows(lines: io.TextIOWrapper) -> Iterator[Row]:
    header = _header_line(lines)
    mark = delimiter_of(header)
    columns = [name.strip() for name in next(csv.reader([header], delimiter=mark))]
    _check(columns)
    reader = csv.reader(_bounded(lines), delimiter=mark)
    try:
        for values in reader:
            if any(value.strip() for value in values):
                yield _row(columns, values)
    except csv.Error as error:
        raise ArticleError(f"breaks off in line {reader.line_num + 1}: {error}; mend it") from error


def _header_line(lines: io.TextIOWrapper) -> str:
    """Return the first line that is not empty, past the `sep=;` that spreadsheets put there."""
    for _ in range(_MAX_SHOWN):
        line = lines.readline(_HEAD_BYTES).lstrip("\ufeff").strip("\r\n")
        if line.strip() and not re.fullmatch(r"sep=.", line.strip(), re.IGNORECASE):
            return line
    raise ArticleError("is empty; remove it or put articles in it")


def _bounded(lines: io.TextIOWrapper) -> Iterator[str]:
    # A quote that is never closed must not take the rest of a large file into memory.
    while line := lines.readline(_MAX_FIELD_CHARS + 1):
        if len(line) > _MAX_FIELD_CHARS:
            raise csv.Error(f"a line of over {_MAX_FIELD_CHARS / 1e6:.0f} million characters")
        yield line


def _check(columns: Sequence[str]) -> None:
    if not any(key(name) in map(key, BODY) for name in columns):
        seen = ", ".join(repr(name[:40]) for name in columns[:_MAX_SHOWN])
        wanted = ", ".join(map(repr, BODY))
        raise ArticleError(
            f"has no column for the body: looked for {wanted}; its columns are {seen}"
        )


def _row(columns: Sequence[str], values: Sequence[str]) -> Row:
    # Values past the last column have no name and mean nothing here.
    return {name: value for name, value in zip(columns, values, strict=False) if name}


def _article(row: Row, source: Source, number: int, names: RecordNames) -> RawArticle | Failure:
    place = f"#{number}"
    try:
        raw = raw_article(row, body(row), source, record=place)
    except ArticleError as error:
        return Failure(f"{source.origin}{place}", "read", f"row {number} {error}")
    return names.named(row, raw)
