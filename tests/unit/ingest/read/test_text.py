from __future__ import annotations

from pathlib import Path

import pytest

from ingest.domain import RawArticle
from ingest.read import read
from ingest.read.text import split_head, without_markup


def _read(path: Path, text: str) -> RawArticle:
    path.write_text(text)
    [article] = read(path)
    assert isinstance(article, RawArticle)
    return article


def test_header_lines_become_fields(tmp_path: Path) -> None:
    head = (
        "Title: Ferry aground\nOUTLET: Coast Daily\nDate: 2024-05-06\nlink: https://c.example/a\n"
    )
    article = _read(tmp_path / "a.txt", head + "\nA ferry ran aground.\n")
    assert article.text == "A ferry ran aground."
    assert (article.title, article.outlet) == ("Ferry aground", "Coast Daily")
    assert (article.published, article.url) == ("2024-05-06", "https://c.example/a")


def test_a_text_that_opens_with_a_colon_is_no_header() -> None:
    for text in (
        "Coast Daily: A ferry ran aground.\n\nIt sank.",
        "Title: of what?\nA line of prose follows it.\n\nAnd more.",
        "Date: 2024-05-06",
    ):
        assert split_head(text).text == text


def test_front_matter_becomes_fields(tmp_path: Path) -> None:
    head = '---\ntitle: "Ferry: aground"\nlayout: post\nauthors: [Ana Ruiz, "Bo Li"]\n---\n'
    article = _read(tmp_path / "a.md", head + "A ferry ran **aground**.\n")
    assert (article.title, article.author) == ("Ferry: aground", "Ana Ruiz, Bo Li")
    assert article.text.strip() == "A ferry ran aground."


def test_front_matter_that_never_ends_stays_text() -> None:
    text = "---\ntitle: x\n\nA ferry ran aground."
    assert split_head(text).text == text


def test_markdown_loses_its_marks_and_keeps_its_words() -> None:
    marked = (
        "# Ferry aground\n> It *ran* __aground__ near [the cape](https://c.example/a_(b) "
        '"map").\n\n---\n![ship](s.png)\nUse `a_b_c` and 2*3*4, 5\\* and snake_case_name.'
    )
    plain = without_markup(marked)
    assert plain.split("\n\n")[0].strip() == "Ferry aground"
    assert "It ran aground near the cape." in plain
    assert plain.endswith("Use a_b_c and 2*3*4, 5* and snake_case_name.")
    assert "---" not in plain and "s.png" not in plain


@pytest.mark.timeout(20)
@pytest.mark.parametrize("opener", ["[", "![", "**a ", "<!--", "<http://a", "`", "__a "])
def test_a_file_of_nothing_but_openers_is_read_like_any_other(tmp_path: Path, opener: str) -> None:
    path = tmp_path / "odd.md"
    path.write_text(opener * 15_000)
    (article,) = read(path)
    assert isinstance(article, RawArticle)


def test_prose_between_two_rules_is_no_front_matter(tmp_path: Path) -> None:
    text = "---\n\nThe ferry ran aground on Monday.\n\n---\n\nNobody was hurt, it was said."
    (tmp_path / "a.md").write_text(text)
    [article] = read(tmp_path / "a.md")
    assert isinstance(article, RawArticle)
    assert "ran aground" in article.text
