"""JSON and JSON lines: one record, or many, under the field names people have."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ingest.domain import Failure, RawArticle
from ingest.errors import ArticleError
from ingest.read.decode import decode, wide_encoding
from ingest.read.fields import body, has_body, key, kind, raw_article
from ingest.read.source import MAX_LINE_BYTES, Source, lines

_START = re.compile(r"\s*(?:\{|\[\s*\{)")
_LISTS = ("articles", "items", "data")
_IDS = ("id", "guid", "uuid")
_MAX_ID_CHARS = 80
_HASH_DIGITS = 12


def recognises(head: str) -> bool:
    """Tell whether a file begins as an object or an array of objects does."""
    return bool(_START.match(head))


def read(source: Source) -> Iterator[RawArticle | Failure]:
    """Yield the articles of a .json file: one object, an array, or an object that holds one.

    Raises:
        ArticleError: The file is not JSON, or holds no articles.
        OSError: The file cannot be read.
    """
    text = source.text()
    try:
        document = parse(text)
    except ArticleError:
        if not _looks_like_lines(text):
            raise
        yield from read_lines(source)
        return
    records = _records(document)
    if records is None:
        yield raw_article(_object(document), body(_object(document)), source)
        return
    names = RecordNames()
    for number, record in enumerate(records, 1):
        yield _article(record, source, f"#{number}", names)


def read_lines(source: Source) -> Iterator[RawArticle | Failure]:
    """Yield the article of each line; never more than one is held.

    Raises:
        ArticleError: The file is empty, or damaged in its packing.
        OSError: The file cannot be read.
    """
    names = RecordNames()
    empty = True
    with source.open() as file:
        encoding = wide_encoding(file.read(4096))
        file.seek(0)
        for number, line in enumerate(lines(file, encoding), 1):
            if line is not None and not line.strip():
                continue
            empty = False
            yield _line_article(line, source, number, names)
    if empty:
        raise ArticleError("is empty; remove it or put an article in it")


class RecordNames:
    """Names the records of one file by what they are, not by where they stand."""

    def __init__(self) -> None:
        """Start with no name given."""
        self._given: Counter[str] = Counter()

    def name(self, fields: Mapping[str, object], raw: RawArticle) -> str:
        """Return the record's own id, else a hash of title, outlet and date.

        Records that are alike in all of them get `-2` and on in the order of the file.
        """
        name = _own_id(fields) or _digest(raw)
        self._given[name] += 1
        return name if self._given[name] == 1 else f"{name}-{self._given[name]}"


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


def _line_article(
    line: bytes | None, source: Source, number: int, names: RecordNames
) -> RawArticle | Failure:
    try:
        if line is None:
            raise ArticleError(
                f"has over {MAX_LINE_BYTES / 1e6:.0f} MB in one line; put one article on each line"
            )
        record = parse(decode(line, source.charset))
    except ArticleError as error:
        return Failure(f"{source.origin}:{number}", "read", str(error))
    return _article(record, source, f":{number}", names)


def _article(
    record: object, source: Source, place: str, names: RecordNames
) -> RawArticle | Failure:
    try:
        fields = _object(record)
        raw = raw_article(fields, body(fields), source, record=place)
    except ArticleError as error:
        return Failure(f"{source.origin}{place}", "read", str(error))
    return replace(raw, record=names.name(fields, raw))


def _records(document: object) -> list[object] | None:
    """Return the list of records, or None when the document is one record itself."""
    found = document if isinstance(document, list) else _list_inside(document)
    if found is not None and not found:
        raise ArticleError("holds an empty list; remove it or put articles in it")
    return found


def _list_inside(document: object) -> list[object] | None:
    if not isinstance(document, dict) or has_body(document):
        return None
    lists = (document[name] for name in _LISTS if isinstance(document.get(name), list))
    return next(lists, None)


def _object(record: object) -> dict[str, object]:
    if isinstance(record, dict):
        return record
    raise ArticleError(f"is {kind(record)}, not an object with a body and a title")


def _looks_like_lines(text: str) -> bool:
    first, _, rest = text.lstrip().partition("\n")
    try:
        return bool(rest.strip()) and isinstance(parse(first), dict)
    except ArticleError:
        return False


def _own_id(fields: Mapping[str, object]) -> str | None:
    by_key = {key(name): value for name, value in fields.items()}
    for name in _IDS:
        value = by_key.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            text = str(value).strip()
            return text if len(text) <= _MAX_ID_CHARS else _hash(text)
    return None


def _digest(raw: RawArticle) -> str:
    named = raw.title or raw.text[:200]
    return _hash("\n".join((named, raw.outlet or "", raw.published or "")))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_HASH_DIGITS]
