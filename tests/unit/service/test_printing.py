from __future__ import annotations

import pytest

from service.domain import (
    Abstention,
    Answer,
    Citation,
    Coverage,
    ShortAnswer,
    Source,
    Statement,
    Timings,
    Understood,
    WriterInfo,
)
from service.printing import MAX_TEXT, print_answer, print_search, print_sources, why
from service.search_result import Reasons, SearchResult
from tests.unit.service.articles import hit, passage

MARKUP = "[bold]Ships[/bold] came, [red] and [link=x]ferries[/link] :boom: [/]"


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colours, whatever the tests run under."""
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


def source(n: int = 1, text: str = "Ships came.", **other: object) -> Source:
    return passage(text, n=n).source.model_copy(update=other)


BARE = Answer(
    id="ans_1",
    question="?",
    standalone_question="?",
    status="answered",
    answer="",
    statements=[],
    sources=[],
    disagreements=[],
    abstention=None,
    as_of=None,
    degraded=["index: [red]old[/red]"],
    writer=WriterInfo(kind="extractive"),
    usage=None,
    timings_ms=Timings(retrieve=1, write=1, verify=1, total=3),
)


def answer(text: str, *sources: Source, cited: int) -> Answer:
    """Return an answer whose one statement cites one source."""
    citation = Citation(source=cited, article_id="a", start=0, end=1, quote="S")
    statement = Statement(
        text=text, start=0, end=len(text), support="supported", citations=[citation]
    )
    return BARE.model_copy(
        update={"answer": text, "statements": [statement], "sources": list(sources)}
    )


def test_what_an_article_says_is_printed_as_text_and_never_as_markup(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_sources([source(text=MARKUP, title="[i]Harbour[/i]", outlet="[b]Post")])

    head, text = capsys.readouterr().out.splitlines()
    assert head == "[1] 0.50 [b]Post, 2025-03-04: [i]Harbour[/i]"
    assert text == MARKUP


def test_an_answer_and_its_notes_are_printed_as_text_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_answer(answer(f"{MARKUP} [1]", source(title="[i]Harbour"), cited=1))

    assert capsys.readouterr().out.splitlines() == [
        f"{MARKUP} [1]",
        "[1] Daily Ledger, 2025-03-04: [i]Harbour",
        "degraded: index: [red]old[/red]",
    ]


def test_only_the_sources_that_are_cited_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(answer("Ships came.", source(1, title="Aa"), source(2, title="Bb"), cited=2))

    out = capsys.readouterr().out
    assert "[2] Daily Ledger, 2025-03-04: Bb" in out
    assert "Aa" not in out


def test_an_abstention_shows_the_nearest_passages_and_what_is_covered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    covered = Coverage(first="2025-02-25", last=None, articles=5)
    nearest = Abstention(reason="low_relevance", nearest=[source(title="Aa")], coverage=covered)

    print_answer(BARE.model_copy(update={"answer": "They do not say.", "abstention": nearest}))

    assert capsys.readouterr().out.splitlines()[:4] == [
        "They do not say.",
        "5 articles, 2025-02-25 to ?. Nearest passages:",
        "[1] 0.50 Daily Ledger, 2025-03-04: Aa",
        "Ships came.",
    ]


def test_an_article_without_outlet_and_date_is_printed_with_words_for_that(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_sources([source(outlet=None, published_at=None)])

    assert capsys.readouterr().out.startswith("[1] 0.50 unknown outlet, undated: Harbour plans\n")


def test_a_long_passage_is_cut_at_a_word_and_on_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_sources([source(text="ships came\n" * MAX_TEXT)])

    line = capsys.readouterr().out.splitlines()[1]
    assert len(line) <= MAX_TEXT + 2
    assert (
        line.removesuffix(" …").split() == (["ships", "came"] * MAX_TEXT)[: len(line.split()) - 1]
    )


def test_a_passage_that_just_fits_is_not_cut(capsys: pytest.CaptureFixture[str]) -> None:
    text = "ab " * (MAX_TEXT // 3 - 1) + "abc"

    print_sources([source(text=text)])

    assert (len(text), capsys.readouterr().out.splitlines()[1]) == (MAX_TEXT, text)


def test_that_nothing_was_found_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_sources([])

    assert capsys.readouterr().out == "Nothing found.\n"


def test_a_search_shows_what_was_understood_and_why_each_passage_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    understood = Understood(
        outlets=["[b]Post"], unknown_outlets=["Star"], after="2025-03-01", order="latest"
    )
    found = SearchResult(results=[hit(passage(MARKUP))], undated=[], understood=understood)

    print_search(found)

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["outlets: [b]Post", "not in the index: Star", "days: 2025-03-01 to …"]
    assert MARKUP in lines
    assert why(found.results[0].why) in lines


def test_undated_passages_are_printed_apart(capsys: pytest.CaptureFixture[str]) -> None:
    undated = hit(passage("Ferries left.", day=None))

    print_search(SearchResult(results=[], undated=[undated], understood=Understood()))

    out = capsys.readouterr().out
    assert out.index("Nothing found.") < out.index("Without a date:") < out.index("Ferries left.")


def test_why_a_passage_is_there_names_only_what_it_has() -> None:
    bare = Reasons(words=0.5, meaning=0.25, coverage=0.5, part=None, outlet=False, day=0)
    full = bare.model_copy(update={"part": "wheat fell", "outlet": True, "day": 1.0})

    assert "outlet" not in why(bare)
    assert why(full).startswith(why(bare))
    assert why(full).endswith("for “wheat fell”, of an outlet named, of a day named")
    assert why(full.model_copy(update={"day": 0.5})).endswith("near a day named")


def test_the_short_answer_stands_first(capsys: pytest.CaptureFixture[str]) -> None:
    short = ShortAnswer(text="[b]In May", statement=0, start=0, end=8, probability=0.9)
    given = answer("It opened [b]In May. [1]", source(), cited=1)

    print_answer(given.model_copy(update={"short_answer": short}))

    assert capsys.readouterr().out.startswith("[b]In May\nIt opened [b]In May. [1]\n")
