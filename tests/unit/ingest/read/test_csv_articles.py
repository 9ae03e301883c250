from __future__ import annotations

from pathlib import Path

import pytest

from ingest.domain import Failure, RawArticle
from ingest.read import read


def _read(path: Path, text: str) -> list[RawArticle | Failure]:
    path.write_text(text, encoding="utf-8", newline="")
    return list(read(path))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_the_mark_between_columns_is_found(tmp_path: Path, mark: str, suffix: str) -> None:
    rows = (("Headline", "Published At", "Text"), ("Ferry", "2024-03-05", "It ran aground."))
    [article] = _read(tmp_path / f"a{suffix}", "\n".join(map(mark.join, rows)))
    assert isinstance(article, RawArticle)
    assert (article.title, article.published) == ("Ferry", "2024-03-05")
    assert article.text == "It ran aground."


def test_quoted_line_breaks_quotes_and_marks_stay_in_the_text(tmp_path: Path) -> None:
    text = 'title,body\r\nFerry,"It ran aground, \r\n\r\n""hard"", he said."\r\nNext,More.\r\n'
    first, second = _read(tmp_path / "a.csv", text)
    assert isinstance(first, RawArticle) and isinstance(second, RawArticle)
    assert first.text == 'It ran aground, \r\n\r\n"hard", he said.'
    assert second.title == "Next"


def test_rows_without_a_body_name_their_number(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.csv", "title,body\nOne,First.\nTwo,\n,,\nThree,Third.\nFour\n")
    failures = [item for item in found if isinstance(item, Failure)]
    assert [f.path.rpartition("#")[2] for f in failures] == ["2", "4"]
    assert failures[0].reason.startswith("row 2 has an empty body")
    assert len(found) == 4


def test_a_table_without_a_known_column_names_what_it_has_and_what_is_wanted(
    tmp_path: Path,
) -> None:
    [failure] = _read(tmp_path / "a.csv", "speed;weight\n1;2\n")
    assert isinstance(failure, Failure)
    for word in ("'body'", "'text'", "'content'", "'article'", "'speed'", "'weight'"):
        assert word in failure.reason


def test_rows_are_named_by_what_they_are(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.csv", "id,body\n7,One.\n,Two.\n7,Three.\n")
    names = [item.record for item in found if isinstance(item, RawArticle)]
    assert names[0] == "7" and names[2] == "7-2" and len(names[1]) == 12


def test_a_quote_that_is_never_closed_is_one_failure(tmp_path: Path) -> None:
    rows = 'body\nfine\n"open\n' + "x" * 999 + "\n"
    *articles, failure = _read(tmp_path / "a.csv", rows + ("y" * 999 + "\n") * 17_000)
    assert len(articles) == 1
    assert isinstance(failure, Failure) and "breaks off" in failure.reason


def test_a_quote_that_swallows_the_rest_is_a_failure_that_says_where(tmp_path: Path) -> None:
    *articles, failure = _read(tmp_path / "a.csv", 'body\nfine\n"open\nOne.\nTwo.\n')
    assert len(articles) == 1
    assert isinstance(failure, Failure) and "row that begins in line 3" in failure.reason


def test_values_past_the_last_column_are_a_failure_of_their_row(tmp_path: Path) -> None:
    found = _read(tmp_path / "a.csv", "title,body\nFerry,It ran aground, hard.\nNext,More.,,\n")
    failure, article = found
    assert isinstance(failure, Failure) and "' hard.'" in failure.reason
    assert isinstance(article, RawArticle) and article.text == "More."


@pytest.mark.parametrize("text", ["title,body", "title,body\n\n", "title,body\n,\n"])
def test_a_table_without_rows_is_a_failure(tmp_path: Path, text: str) -> None:
    [failure] = _read(tmp_path / "a.csv", text)
    assert isinstance(failure, Failure) and failure.reason.startswith("has no rows")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_end_as_any_system_ends_lines(tmp_path: Path, end: str) -> None:
    found = _read(tmp_path / "a.csv", end.join(["title,body", 'Ferry,"It', 'sank."', "Next,More"]))
    assert [item.text for item in found if isinstance(item, RawArticle)] == [
        f"It{end}sank.",
        "More",
    ]
