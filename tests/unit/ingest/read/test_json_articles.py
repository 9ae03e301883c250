from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from ingest.domain import Failure, RawArticle
from ingest.read import read
from ingest.read.records import RecordNames


def _read(path: Path, *lines: object) -> list[RawArticle | Failure]:
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines))
    return list(read(path))


def _records(path: Path, *lines: object) -> list[str]:
    return [item.record for item in _read(path, *lines) if isinstance(item, RawArticle)]


def _failures(path: Path, *lines: object) -> list[tuple[str, str]]:
    found = _read(path, *lines)
    return [(f.path.removeprefix(str(path)), f.reason) for f in found if isinstance(f, Failure)]


def test_knows_the_field_names_people_have(tmp_path: Path) -> None:
    record = {
        **{"headline": "Ferry", "content": "It ran aground.", "link": "https://c.example"},
        **{"source": {"id": 1, "name": "Coast Daily"}, "authors": ["Ana", {"name": "Bo"}]},
        **{"publishedAt": 1700000000, "category": "sea", "LANG": "en", "unknown": None},
    }
    [article] = _read(tmp_path / "a.json", record)
    assert article == RawArticle(
        text="It ran aground.",
        origin=str(tmp_path / "a.json"),
        title="Ferry",
        outlet="Coast Daily",
        author="Ana, Bo",
        published="1700000000",
        url="https://c.example",
        section="sea",
        language="en",
    )


@pytest.mark.parametrize("name", [None, "articles", "items", "data"])
def test_reads_lists_of_articles(tmp_path: Path, name: str | None) -> None:
    records = [{"title": "a", "body": "one"}, {"title": "b", "body": "two"}]
    found = _read(tmp_path / "a.json", {name: records, "total": 2} if name else records)
    assert [item.text for item in found if isinstance(item, RawArticle)] == ["one", "two"]


def test_json_lines_under_the_suffix_json_are_read_as_lines(tmp_path: Path) -> None:
    assert len(_records(tmp_path / "a.json", {"body": "one"}, {"body": "two"})) == 2


def test_one_bad_line_never_stops_the_others(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.jsonl", {"body": "one"}, "{broken", "", "7", {"body": "two"})
    assert [item.text for item in found if isinstance(item, RawArticle)] == ["one", "two"]
    assert [f.path[-8:] for f in found if isinstance(f, Failure)] == [".jsonl:2", ".jsonl:4"]


def test_broken_json_names_line_and_column(tmp_path: Path) -> None:
    [(place, reason)] = _failures(tmp_path / "a.json", '{"body":\n "one",}')
    assert place == "" and "line 2, column" in reason


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (
            {"title": "a", "url": "u"},
            "has no body: looked for 'body', 'text', 'content', 'article'",
        ),
        ({"title": "a", "url": "u"}, "it has 'title', 'url'"),
        ({"body": " "}, "has an empty body: there is no text under 'body'"),
        ({"title": "x", "text": None}, "has an empty body"),
        ({"body": ["one"]}, "has a body that is not a text but a list"),
        (["x"], "is a list, not an object"),
    ],
)
def test_a_record_that_is_no_article_says_why(tmp_path: Path, record: object, reason: str) -> None:
    [(place, found)] = _failures(tmp_path / "a.json", [{"body": "fine"}, record])
    assert place == "#2" and reason in found


def test_json_nested_too_deeply_is_a_failure(tmp_path: Path) -> None:
    [(_, reason)] = _failures(tmp_path / "a.json", "[" * 100_000)
    assert "nested too deeply" in reason


def test_deep_lists_in_a_field_do_no_harm(tmp_path: Path) -> None:
    deep = "[" * 400 + "]" * 400
    [article] = _read(tmp_path / "a.jsonl", f'{{"body": "one", "author": {deep}}}')
    assert isinstance(article, RawArticle) and article.author is None


def test_an_empty_list_is_a_failure(tmp_path: Path) -> None:
    assert "empty list" in _failures(tmp_path / "a.json", "[]")[0][1]


def test_a_record_keeps_its_name_when_another_is_put_before_it(tmp_path: Path) -> None:
    old = [{"id": 7, "body": "x"}, {"title": "Ferry", "body": "y"}, {"source": "C", "body": "z"}]
    before = _records(tmp_path / "a.jsonl", *old)
    after = _records(tmp_path / "a.jsonl", {"title": "New", "body": "n"}, *old)
    assert after[1:] == before and len(set(after)) == 4 and before[0] == "7"


def test_a_record_keeps_its_name_when_its_text_changes(tmp_path: Path) -> None:
    [old] = _records(tmp_path / "a.jsonl", {"title": "Ferry", "body": "y"})
    assert _records(tmp_path / "a.jsonl", {"title": "Ferry", "body": "other"}) == [old]


def test_repeated_names_are_numbered(tmp_path: Path) -> None:
    names = _records(tmp_path / "a.jsonl", *[{"id": "a", "body": str(n)} for n in range(3)])
    assert names == ["a", "a-2", "a-3"]


def test_lines_in_utf16_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes('{"body": "eins"}\n{"body": "zwei"}'.encode("utf-16"))
    assert [i.text for i in read(tmp_path / "a.jsonl") if isinstance(i, RawArticle)] == [
        "eins",
        "zwei",
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<p>The <b>ferry</b> sank.</p><p>All were saved.</p>",
            "The ferry sank.\n\nAll were saved.",
        ),
        ("The ferry sank.<br/>All were saved.", "The ferry sank.\nAll were saved."),
        ('<div class="x">Ships &amp; ports', "Ships & ports"),
        ("Put it in a <p> tag, as in <b>bold</b>.", "Put it in a <p> tag, as in <b>bold</b>."),
        ("If a < b and c > d", "If a < b and c > d"),
    ],
)
@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_a_body_divided_by_tags_becomes_paragraphs(
    tmp_path: Path, body: str, text: str, suffix: str
) -> None:
    quoted = body.replace('"', '""')
    line = json.dumps({"body": body}) if suffix == ".jsonl" else f'body\n"{quoted}"'
    [article] = _read(tmp_path / f"a{suffix}", line)
    assert isinstance(article, RawArticle) and article.text == text


def test_a_body_of_tags_without_text_is_a_failure(tmp_path: Path) -> None:
    [(_, reason)] = _failures(tmp_path / "a.jsonl", {"body": "<p><img src='x.png'></p>"})
    assert "tags without text" in reason


def test_names_of_a_million_records_take_little_memory() -> None:
    names, raw = RecordNames(), RawArticle("x", "a.jsonl")
    tracemalloc.start()
    for n in range(20_000):
        names.named({"id": f"story number {n}"}, raw)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert size < 30 * 20_000


def test_names_that_come_again_among_many_are_counted() -> None:
    names, raw = RecordNames(), RawArticle("x", "a.jsonl")
    found = [names.named({"id": n % 5000}, raw).record for n in range(15_000)]
    assert len(set(found)) == 15_000
    assert found[:2] + found[5000:5002] + found[-1:] == ["0", "1", "0-2", "1-2", "4999-3"]
