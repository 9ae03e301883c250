"""JSON and JSON lines: one record, or many, under the field names people have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ingest.domain import Failure, RawArticle
from ingest.errors import ArticleError
from ingest.read import json_stream, ninjs
from ingest.read.decode import decode
from ingest.read.fields import body, has_body, kind, raw_article
from ingest.read.records import RecordNames
from ingest.read.source import MAX_LINE_BYTES, Source
from ingest.read.text_lines import mended, text_lines

_START = re.compile(r"\s*(?:\{|\[\s*\{)")
_MAX_HELD_BYTES = 32_000_000
"""A larger file is read record by record."""


def recognises(head: str) -> bool:
    """Tell whether a file begins as an object or an array of objects does."""
    return bool(_START.match(head))


def read(source: Source) -> Iterator[RawArticle | Failure]:
    """Yield the articles of a .json file: one object, an array, or an object that holds one.

    Raises:
        ArticleError: The file is not JSON, or holds no articles.
        OSError: The file cannot be read.
    """
    data = _small(source)
    if data is None:
        yield from _read_large(source)
        return
    text = decode(data, source.charset)
    try:
        document = parse(text)
    except ArticleError:
        if not _looks_like_lines(text):
            raise
        yield from read_lines(source)
        return
    records = _records(document)
    if records is None:
        fields = _fields(document)
        yield raw_article(fields, body(fields), source)
    else:
        yield from _articles(iter(records), source)


def read_lines(source: Source) -> Iterator[RawArticle | Failure]:
    """Yield the article of each line; never more than one is held.

    Raises:
        ArticleError: The file is empty, or damaged in its packing.
        OSError: The file cannot be read.
    """
    names = RecordNames()
    empty = True
    for number, line in enumerate(text_lines(source), 1):
        if line is not None and not line.strip("\ufeff\0 \t\r\n"):
            continue
        empty = False
        yield _line_article(line, source, number, names)
    if empty:
        raise ArticleError("is empty; remove it or put an article in it")


def parse(text: str) -> object:
    """Return the value that a JSON text stands for.

    Raises:
        ArticleError: It is broken; the message names line and column.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in text else ""
        place = f"{line}column {error.colno}"
        raise ArticleError(f"is not valid JSON: {error.msg} at {place}; mend it there") from error
    except RecursionError as error:
        raise ArticleError("is nested too deeply to be an article; flatten it") from error
    except ValueError as error:
        raise ArticleError(f"is not valid JSON: {error}") from error


def _small(source: Source) -> bytes | None:
    """Return all of a file, None when it is too large to be held."""
    with source.open() as file:
        data = file.read(_MAX_HELD_BYTES + 1)
    return data if len(data) <= _MAX_HELD_BYTES else None


def _read_large(source: Source) -> Iterator[RawArticle | Failure]:
    with source.open() as file:
        start = file.readline(MAX_LINE_BYTES)
    if start.endswith(b"\n") and _looks_like_lines(decode(start, source.charset) + "{}"):
        return read_lines(source)
    return _articles(json_stream.records(source), source)


def _articles(records: Iterator[object], source: Source) -> Iterator[RawArticle | Failure]:
    names = RecordNames()
    for number, record in enumerate(records, 1):
        yield _article(record, source, f"#{number}", names)


def _line_article(
    line: str | None, source: Source, number: int, names: RecordNames
) -> RawArticle | Failure:
    try:
        if line is None:
            raise ArticleError(
                f"has over {MAX_LINE_BYTES / 1e6:.0f} MB in one line; put one article on each line"
            )
        record = parse(mended(line))
    except ArticleError as error:
        return Failure(f"{source.origin}:{number}", "read", str(error))
    return _article(record, source, f":{number}", names)


def _article(
    record: object, source: Source, place: str, names: RecordNames
) -> RawArticle | Failure:
    try:
        fields = _fields(record)
        raw = raw_article(fields, body(fields), source, record=place)
    except ArticleError as error:
        return Failure(f"{source.origin}{place}", "read", str(error))
    return names.named(fields, raw)


def _records(document: object) -> list[object] | None:
    """Return the list of records, or None when the document is one record itself."""
    found = document if isinstance(document, list) else _list_inside(document)
    if found is not None and not found:
        raise ArticleError("holds an empty list; remove it or put articles in it")
    return found


def _list_inside(document: object) -> list[object] | None:
    if not isinstance(document, dict) or has_body(document):
        return None
    lists = (document[name] for name in json_stream.LISTS if isinstance(document.get(name), list))
    return next(lists, None)


def _fields(record: object) -> dict[str, object]:
    if isinstance(record, dict):
        return ninjs.plain(record) if ninjs.is_ninjs(record) else record
    raise ArticleError(f"is {kind(record)}, not an object with a body and a title")


def _looks_like_lines(text: str) -> bool:
    first, _, rest = text.lstrip().partition("\n")
    try:
        return bool(rest.strip()) and isinstance(parse(first), dict)
    except ArticleError:
        return False
