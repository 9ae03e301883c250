from __future__ import annotations

from pathlib import Path

import pytest

from ingest.domain import RawArticle
from ingest.errors import ArticleError
from ingest.read import find_files, read
from ingest.read.sidecar import sidecar_fields, with_fields
from ingest.read.source import file_source


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.txt"
    path.write_text("Title: Ferry\nOutlet: Wrong Name\n\nThe ferry ran aground on Monday.\n")
    return path


def _overridden(path: Path) -> list[RawArticle]:
    source, fields = file_source(path), sidecar_fields(path)
    return [with_fields(raw, fields, source) for raw in read(source) if isinstance(raw, RawArticle)]


def test_a_sidecar_overrides_what_the_file_says_and_leaves_the_rest(story: Path) -> None:
    beside = story.with_name("ferry.txt.meta.json")
    beside.write_text('{"source": "Coast Daily", "date": "2025-12-17", "place": "Baku"}')
    [raw] = _overridden(story)
    assert (raw.title, raw.outlet, raw.place) == ("Ferry", "Coast Daily", "Baku")
    assert (raw.published, raw.published_basis) == ("2025-12-17", "sidecar")


def test_a_row_of_the_manifest_does_too_and_the_sidecar_comes_after_it(story: Path) -> None:
    rows = "file,publisher,published\nferry.txt,Manifest Post,2025-01-02\nother.txt,Nobody,\n"
    story.with_name("manifest.csv").write_text(rows)
    story.with_name("ferry.txt.meta.json").write_text('{"outlet": "Coast Daily"}')
    [raw] = _overridden(story)
    assert (raw.outlet, raw.published, raw.published_basis) == (
        "Coast Daily",
        "2025-01-02",
        "sidecar",
    )


def test_a_sidecar_without_a_date_leaves_the_basis_of_the_file_s(story: Path) -> None:
    story.with_name("ferry.txt.meta.json").write_text('{"outlet": "Coast Daily"}')
    [raw] = _overridden(story)
    assert raw.published_basis == "metadata"


def test_title_address_and_date_are_not_given_to_each_of_several_articles(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "A", "text": "One."}\n{"title": "B", "text": "Two."}\n')
    beside = '{"title": "All", "url": "https://c.example", "date": "2025-01-01", "outlet": "C"}'
    path.with_name("a.jsonl.meta.json").write_text(beside)
    found = [(raw.title, raw.url, raw.published, raw.outlet) for raw in _overridden(path)]
    assert found == [("A", None, None, "C"), ("B", None, None, "C")]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("ferry.txt.meta.json", "{broken", "cannot be read"),
        ("ferry.txt.meta.json", "[1]", "is no object"),
        ("ferry.txt.meta.json", "", "is empty"),
        ("ferry.txt.meta.json", '{"date": "last week"}', "date that cannot be read"),
        ("manifest.csv", "file,date\nferry.txt,last week\n", "date that cannot be read"),
        ("manifest.csv", "outlet,date\nCoast Daily,2025-01-01\n", "names no file"),
        ("manifest.csv", 'file,outlet\nferry.txt,"Coast', "cannot be read"),
    ],
)
def test_one_that_cannot_be_read_is_named(
    story: Path, name: str, content: str, reason: str
) -> None:
    story.with_name(name).write_text(content)
    with pytest.raises(ArticleError, match=f"{name} beside it .*{reason}|{name} .*{reason}"):
        sidecar_fields(story)


def test_a_row_for_a_file_in_another_folder_is_not_for_this_one(story: Path) -> None:
    rows = "file,outlet\n2025/ferry.txt,Coast Daily\n"
    story.with_name("manifest.csv").write_text(rows)
    assert sidecar_fields(story) == {}
    story.with_name("manifest.csv").write_text(rows + "./ferry.txt,Cape Post\n")
    assert sidecar_fields(story)["outlet"] == "Cape Post"


def test_sidecars_are_no_articles(story: Path) -> None:
    story.with_name("manifest.csv").write_text("file,outlet\nferry.txt,Coast Daily\n")
    story.with_name("ferry.txt.meta.json").write_text("{}")
    assert list(find_files([story.parent])) == [story]
