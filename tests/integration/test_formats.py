"""Every format, read and described: what comes out is what was written into the files.

`tests/data/formats/expected.json` was written from the stories that the files were made from, not
from what the readers made of them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from ingest.clean import PARAGRAPH_BREAK
from ingest.describe import describe
from ingest.domain import Article, Failure
from ingest.read import find_files, read

FOLDER = Path(__file__).parents[1] / "data" / "formats"
EXPECTED: dict[str, dict[str, list[dict[str, object]]]] = json.loads(
    (FOLDER / "expected.json").read_text(encoding="utf-8")
)
FORMATS = (
    *("text", "markdown", "html", "pdf", "json", "jsonl", "csv", "nitf", "newsml", "ninjs"),
    *("rss", "atom", "gzip"),
)


@cache
def _read(name: str) -> tuple[Article | Failure, ...]:
    return tuple(f if isinstance(f, Failure) else describe(f) for f in read(FOLDER / name))


def _articles(name: str) -> list[Article]:
    return [found for found in _read(name) if isinstance(found, Article)]


def _facts(article: Article) -> dict[str, object]:
    at = article.published.at
    return {
        "title": article.title,
        "outlet": article.outlet,
        "published_at": f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None,
        "precision": article.published.precision,
        "basis": article.published.basis,
        "paragraphs": article.text.split(PARAGRAPH_BREAK),
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_every_article_of_a_file_is_read_rightly(name: str) -> None:
    assert list(map(_facts, _articles(name))) == EXPECTED[name]["articles"]


@pytest.mark.parametrize("name", EXPECTED)
def test_what_cannot_be_read_of_a_file_is_said(name: str) -> None:
    failures = [found for found in _read(name) if isinstance(found, Failure)]
    wanted = EXPECTED[name]["failures"]
    assert [f.path.removeprefix(str(FOLDER / name)) for f in failures] == [
        entry["place"] for entry in wanted
    ]
    for failure, entry in zip(failures, wanted, strict=True):
        assert str(entry["reason"]) in failure.reason


def test_every_file_of_the_folder_is_expected() -> None:
    found = {path.name for path in find_files([FOLDER])} - {"expected.json"}
    assert found == set(EXPECTED)


@pytest.mark.parametrize("kind", FORMATS)
def test_three_files_of_every_format_are_at_hand(kind: str) -> None:
    assert sum(name.startswith(f"{kind}-") for name in EXPECTED) >= 3
