"""CSV and TSV: a row for each article, under the field names people have; of any size."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ingest.domain import Failure, RawArticle
from ingest.errors import ArticleError
from ingest.read.decode import decode
from ingest.read.fields import BODY, KNOWN, body, key, raw_article
from ingest.read.records import RecordNames
from ingest.read.source import MAX_LINE_BYTES, Source
from ingest.read.text_lines import is_damaged, text_lines

_HEAD_BYTES = 1_000_000
_MAX_FIELD_CHARS = 16_000_000
_DELIMITERS = ",;\t|"
_MAX_SHOWN = 12
# Alone at its end it is a line break of old, which readers of bytes don't know.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

Row = dict[str, object]


def read(source: Source) -> Iterator[RawArticle | Failure]:
    """Yield the article of each row; never more than one row is held.

    Raises:
        ArticleError: The file is empty, not text, has no column with a body, or breaks off.
        OSError: The file cannot be read.
    """
    csv.field_size_limit(_MAX_FIELD_CHARS)
    names = RecordNames()
    _check_text(source)
    number = 0
    for number, values in enumerate(_rows(_lines(source)), 1):
        yield _article(values, source, number, names)
    if not number:
        raise ArticleError("has no rows below the names of its columns; put an article in each")


def delimiter_of(header: str) -> str:
    """Return the mark between the columns: the one that gives the most columns with known names."""

    def known(mark: str) -> int:
        return sum(
            key(name) in KNOWN_OR_BODY for name in next(csv.reader([header], delimiter=mark))
        )

    return max(_DELIMITERS, key=lambda mark: (known(mark), header.count(mark)))


KNOWN_OR_BODY = KNOWN | {key(name) for name in BODY}


@dataclass(frozen=True)
class _Values:
    """One row, and the columns that its values stand in."""

    columns: Sequence[str]
    values: Sequence[str]

    def row(self) -> Row:
        """Return the values under their names.

        Raises:
            ArticleError: There are more values than columns, or bytes that are not text.
        """
        surplus = [value for value in self.values[len(self.columns) :] if value.strip()]
        if surplus:
            raise ArticleError(
                f"has {len(self.values)} values for {len(self.columns)} columns, the first too many"
                f" {surplus[0][:40]!r}; put quotes around values with the mark between columns"
            )
        if any(map(is_damaged, self.values)):
            raise ArticleError(
                "has bytes that are no text in the encoding of the rest; save it as UTF-8"
            )
        pairs = zip(self.columns, self.values, strict=False)
        return {name: value for name, value in pairs if name}


def _rows(lines: Iterator[str]) -> Iterator[_Values]:
    header = _header_line(lines)
    mark = delimiter_of(header)
    columns = [name.strip() for name in next(csv.reader([header], delimiter=mark))]
    _check(columns)
    reader = csv.reader(lines, delimiter=mark, strict=True)
    start = 1
    try:
        for values in reader:
            start = reader.line_num + 1
            if any(value.strip() for value in values):
                yield _Values(columns, values)
    except csv.Error as error:
        place = f"in the row that begins in line {start + 1}"
        raise ArticleError(f"breaks off {place}: {error}; mend its quotes") from error


def _header_line(lines: Iterator[str]) -> str:
    """Return the first line that is not empty, past the `sep=;` that spreadsheets put there."""
    for line in islice(lines, _MAX_SHOWN):
        if line.strip() and not re.fullmatch(r"sep=.", line.strip(), re.IGNORECASE):
            return line.strip("\r\n")
    raise ArticleError("is empty; remove it or put articles in it")


def _check_text(source: Source) -> None:
    with source.open() as file:
        head = file.read(_HEAD_BYTES)
    # In Latin-1 every byte is something: only whether it is text is asked here.
    decode(head, "latin-1")


def _lines(source: Source) -> Iterator[str]:
    for number, line in enumerate(text_lines(source), 1):
        if line is None:
            raise ArticleError(
                f"breaks off in line {number}: it has over {MAX_LINE_BYTES / 1e6:.0f} MB; mend it"
            )
        yield from _LINE.findall(line)


def _check(columns: Sequence[str]) -> None:
    if not any(key(name) in map(key, BODY) for name in columns):
        seen = ", ".join(repr(name[:40]) for name in columns[:_MAX_SHOWN])
        wanted = ", ".join(map(repr, BODY))
        raise ArticleError(
            f"has no column for the body: looked for {wanted}; its columns are {seen}"
        )


def _article(
    values: _Values, source: Source, number: int, names: RecordNames
) -> RawArticle | Failure:
    place = f"#{number}"
    try:
        row = values.row()
        raw = raw_article(row, body(row), source, record=place)
    except ArticleError as error:
        return Failure(f"{source.origin}{place}", "read", f"row {number} {error}")
    return names.named(row, raw)
