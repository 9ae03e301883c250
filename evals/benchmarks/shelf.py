"""Documents of a set as a file of articles, and what ingest makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.errors import SuiteError
from ingest.describe import describe
from ingest.domain import Article, RawArticle
from ingest.read import read

FILE = "articles.jsonl"


@dataclass(frozen=True)
class Document:
    """A text of a set that is to be an article.

    Attributes:
        url: Its own, so that no two are taken for versions of one article.
        title: None leaves it to ingest.
    """

    url: str
    text: str
    title: str | None = None


@dataclass(frozen=True)
class Shelf:
    """A file of articles, and the text that ingest leaves of each, by its URL.

    Gold quotes are taken from these texts, so that cleaning loses none.
    """

    path: Path
    texts: Mapping[str, str]


def shelve(documents: Sequence[Document], folder: Path) -> Shelf:
    """Write the documents that ingest can read; one of page furniture alone is left out.

    Raises:
        SuiteError: The folder cannot be written.
    """
    path = folder / FILE
    write(path, [_fields(document) for document in documents])
    texts = {article.url or "": article.text for article in articles_of(path)}
    write(path, [_fields(document) for document in documents if document.url in texts])
    return Shelf(path, texts)


def write(path: Path, records: Sequence[Mapping[str, object]]) -> None:
    """Write articles, one JSON object a line.

    Raises:
        SuiteError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(record) + "\n" for record in records)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SuiteError(f"the articles cannot be written to {str(path)!r}: {reason}") from error


def articles_of(path: Path) -> Iterator[Article]:
    """Yield the articles of a file as ingest describes them, without those that it refuses."""
    for raw in read(path):
        found = describe(raw) if isinstance(raw, RawArticle) else raw
        if isinstance(found, Article):
            yield found


def _fields(document: Document) -> dict[str, object]:
    title = {"title": document.title} if document.title else {}
    return {"body": document.text, "url": document.url, "language": "en", **title}
