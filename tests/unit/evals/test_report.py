"""The report is one page: complete, harmless whatever the articles say, and the same again."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from evals.endings import Ending, ending
from evals.errors import OutputError
from evals.report import render, write_report
from evals.report_texts import answer_pieces, highlighted, shown_sources
from service.domain import Answer
from tests.unit.evals.made import QUOTE, TEXT, answered, cited, gold, source
from tests.unit.evals.made_runs import RIGHT, endings, finished, sample

NASTY = "</script></style><!--\u2028\"'><script>alert(1)</script><img src=x onerror=alert(1)>"


def page(run_folder: Path, *, of: Answer | None = RIGHT) -> html.HtmlElement:
    """Return the page of a run of one answer."""
    return html.fromstring(render(finished(run_folder, [sample(of)])))


def text_of(element: html.HtmlElement) -> str:
    """Return an element's words with single spaces."""
    return " ".join(element.text_content().split())


def test_each_question_ends_in_one_of_five_ways() -> None:
    assert [ending(one) for one in endings()] == list(Ending)


def test_the_page_is_written_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    run = finished(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}

    path = write_report(run)

    assert path.read_text("utf-8") == render(run)
    assert {each.name for each in tmp_path.iterdir()} - before == {"report.html"}


def test_a_folder_that_is_gone_is_told_with_its_name(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    (tmp_path / "run").rename(tmp_path / "elsewhere")

    with pytest.raises(OutputError, match=r"run' cannot be written: No such file"):
        write_report(run)


def test_every_question_can_be_found_by_type_and_outcome(tmp_path: Path) -> None:
    found = html.fromstring(render(finished(tmp_path))).cssselect("details.question")

    assert [one.get("data-outcome") for one in found] == list(Ending)
    assert {one.get("data-type") for one in found} == {"factoid"}


def test_what_a_metric_has_no_score_of_is_unscored_and_not_0(tmp_path: Path) -> None:
    rows = page(tmp_path, of=None).cssselect("table.scores tbody tr")

    assert {text_of(row[1]) for row in rows} == {"unscored"}
    assert {text_of(row[2]) for row in rows} == {"no answer: it broke"}


def test_a_cited_quote_is_marked_in_its_source(tmp_path: Path) -> None:
    marks = page(tmp_path).cssselect(".source mark")

    assert [mark.text for mark in marks] == [QUOTE]


def test_a_quote_is_marked_where_the_passage_begins_later_in_the_article() -> None:
    late = source(text=TEXT[10:]).model_copy(update={"start": 10, "end": len(TEXT)})

    (shown,) = shown_sources(answered(citations=[cited(QUOTE)], sources=[late]))

    assert [piece.text for piece in shown.pieces if piece.marked] == [QUOTE[10:]]
    assert shown.strays == ()


@pytest.mark.parametrize("changed", [{"quote": "It swam."}, {"article_id": "a2"}, {"start": -1}])
def test_a_citation_that_its_source_does_not_bear_out_is_said_to_be_so(
    changed: dict[str, object],
) -> None:
    wrong = cited(QUOTE, **changed)

    (shown,) = shown_sources(answered(citations=[wrong]))

    assert (shown.strays, [p for p in shown.pieces if p.marked]) == ((wrong,), [])


def test_a_marker_leads_to_its_source_and_an_invented_one_nowhere(tmp_path: Path) -> None:
    found = page(tmp_path, of=answered("So [1]. And [7]."))

    (link,) = found.cssselect("a.marker")
    assert len(found.cssselect(str(link.get("href")))) == 1
    assert [text_of(one) for one in found.cssselect(".answer .invented")] == [
        "[7] (no such source)"
    ]


def test_a_marker_of_endless_digits_is_an_invented_one() -> None:
    piece = answer_pieces(answered(f"[{'1' * 5000}]"))[0]

    assert (piece.n, piece.known) == (0, False)


@given(st.text(), st.lists(st.builds(range, st.integers(-5, 30), st.integers(-5, 30))))
def test_highlighting_loses_no_character_and_marks_what_lies_in_a_span(
    text: str, spans: list[range]
) -> None:
    pieces = list(highlighted(text, spans))

    assert "".join(piece.text for piece in pieces) == text
    marked = [piece.marked for piece in pieces for _ in piece.text]
    assert marked == [any(at in span for span in spans) for at in range(len(text))]


def test_nothing_that_an_article_or_an_answer_says_becomes_markup(tmp_path: Path) -> None:
    bad = source(text=NASTY).model_copy(update={"title": NASTY, "outlet": NASTY, "url": NASTY})
    answer = answered(NASTY, sources=[bad])

    text = render(finished(tmp_path, [sample(answer, gold(id=NASTY, question=NASTY))]))

    assert (text.count("<script"), text.count("</script"), text.count("</style")) == (1, 1, 1)
    assert "<img" not in text and "<!--" not in text
    found = html.fromstring(text)
    assert {name for one in found.iter() for name in one.attrib if name.startswith("on")} == set()
    assert NASTY.replace("\u2028", " ") in text_of(found.cssselect(".source .text")[0])


@pytest.mark.parametrize(
    ("url", "links"),
    [
        ("https://ferry.example/1", ["https://ferry.example/1"]),
        ("HTTP://ferry.example/1", ["HTTP://ferry.example/1"]),
        ("javascript:alert(1)", []),
        (" javascript:alert(1)//https://", []),
        ("data:text/html,x", []),
        (None, []),
    ],
)
def test_only_addresses_of_the_web_are_linked(
    tmp_path: Path, url: str | None, links: list[str]
) -> None:
    answer = answered(sources=[source().model_copy(update={"url": url})])

    found = page(tmp_path, of=answer).cssselect("h5 a")

    assert [link.get("href") for link in found] == links
    assert {link.get("rel") for link in found} <= {"noopener noreferrer"}


def test_the_policy_lets_the_pages_own_style_and_script_pass_and_nothing_else(
    tmp_path: Path,
) -> None:
    text = render(finished(tmp_path))

    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    for name in ("style", "script"):
        (own,) = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        digest = b64encode(sha256(own.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")


def test_the_page_fetches_nothing(tmp_path: Path) -> None:
    found = html.fromstring(render(finished(tmp_path)))

    assert found.cssselect("[src], link, iframe, object, [style]") == []
    assert "url(" not in found.cssselect("style")[0].text_content()


def test_one_run_has_no_history(tmp_path: Path) -> None:
    run = finished(tmp_path)

    assert 'id="history"' not in render(run, [run])


def test_history_shows_runs_of_the_same_questions_and_counts_the_others(tmp_path: Path) -> None:
    earlier = finished(tmp_path / "a", changed={"started": "2025-12-16T10:00:00+00:00"})
    other = finished(tmp_path / "b", changed={"suite": {"path": "x", "sha256": "6" * 64}})
    run = finished(tmp_path / "c")

    found = html.fromstring(render(run, [run, other, earlier]))

    (section,) = found.cssselect('section[aria-labelledby="history"]')
    assert "2 runs of the same questions" in text_of(section)
    assert "1 of other questions left out" in text_of(section)
    assert len(section.cssselect("polyline")) == len(section.cssselect("svg"))


def test_a_line_does_not_bridge_a_run_without_a_score(tmp_path: Path) -> None:
    days = [f"2025-12-0{day}T10:00:00+00:00" for day in range(1, 6)]
    answers = [RIGHT, RIGHT, None, RIGHT, RIGHT]
    runs = [
        finished(tmp_path / day, [sample(answer)], changed={"started": day})
        for day, answer in zip(days, answers, strict=True)
    ]

    figure = html.fromstring(render(runs[-1], runs)).cssselect("#history ~ .charts figure")[0]

    assert [len(str(one.get("points")).split()) for one in figure.cssselect("polyline")] == [2, 2]


def test_everything_that_the_figures_depend_on_is_named(tmp_path: Path) -> None:
    facts = text_of(page(tmp_path).cssselect('section[aria-labelledby="run"]')[0])

    for fact in ("c0ffee1234 with uncommitted changes", "5" * 64, "fake float 0", "min_relevance"):
        assert fact in facts
    assert "ferry.jsonl" in facts and "gold/" not in facts
