"""What stands beside a file and overrides what it says: `FILE.meta.json`, or a `manifest.csv`."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from posixpath import normpath

from ingest.dates import parse
from ingest.domain import RawArticle
from ingest.errors import ArticleError
from ingest.read.fields import key, raw_article
from ingest.read.source import Source, file_source

SUFFIX = ".meta.json"
MANIFEST = "manifest.csv"
_FILE_COLUMNS = ("file", "filename", "path")
_OF_ONE_ARTICLE = ("title", "url", "published")
"""What tells one article from another: not taken over for each of several of one file."""

Fields = Mapping[str, object]


def is_sidecar(path: Path) -> bool:
    """Tell whether a file only describes others."""
    return path.name == MANIFEST or path.name.endswith(SUFFIX)


def sidecar_fields(path: Path) -> Fields:
    """Return what stands beside `path`: a row of the manifest, then the file's own sidecar.

    Raises:
        ArticleError: One of them, or a date in it, cannot be read; names it.
    """
    row, own = _row(path), _own(path)
    for name, fields in ((MANIFEST, row), (path.name + SUFFIX, own)):
        date = raw_article(fields, "", file_source(path)).published
        if date and parse(date) is None:
            raise ArticleError(f"{name} beside it has a date that cannot be read: {date!r}")
    return {**row, **own}


def with_fields(raw: RawArticle, fields: Fields, source: Source) -> RawArticle:
    """Return the article with what `fields` state in place of what its file states."""
    stated = raw_article(fields, "", source, record=raw.record)
    names = ("title", "outlet", "author", "published", "url", "section", "language", "place")
    kept = [name for name in names if not (raw.record and name in _OF_ONE_ARTICLE)]
    found = {name: getattr(stated, name) for name in kept if getattr(stated, name)}
    basis = "sidecar" if "published" in found else raw.published_basis
    return replace(raw, **found, published_basis=basis)


def _own(path: Path) -> Fields:
    sidecar = path.with_name(path.name + SUFFIX)
    if not os.path.lexists(sidecar):
        return {}
    try:
        found = json.loads(file_source(sidecar).text())
    except (ValueError, RecursionError, OSError, ArticleError) as error:
        raise ArticleError(f"{sidecar.name} beside it cannot be read: {error}; mend it") from error
    if not isinstance(found, dict):
        raise ArticleError(f'{sidecar.name} beside it is no object; write {{"outlet": …}}')
    return found


def _row(path: Path) -> Fields:
    manifest = path.with_name(MANIFEST)
    try:
        changed = manifest.stat().st_mtime_ns
    except OSError:
        return {}
    return _rows(manifest, changed).get(path.name, {})


# One folder's after another's: files are read folder by folder.
@lru_cache(maxsize=4)
def _rows(manifest: Path, _changed: int) -> dict[str, dict[str, object]]:
    try:
        text = file_source(manifest).text()
        rows = list(csv.DictReader(io.StringIO(text), strict=True))
    except (csv.Error, OSError, ArticleError) as error:
        raise ArticleError(f"{MANIFEST} beside it cannot be read: {error}; mend it") from error
    named: dict[str, dict[str, object]] = {}
    for row in rows:
        fields: dict[str, object] = {name: value for name, value in row.items() if name and value}
        file = next((str(v) for n, v in fields.items() if key(n) in _FILE_COLUMNS), None)
        if file:
            named[normpath(file.strip())] = fields
    if rows and not named:
        raise ArticleError(f"{MANIFEST} beside it names no file; give it a column `file`")
    return named
