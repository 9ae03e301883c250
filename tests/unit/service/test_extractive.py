from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import Sentence
from service.writers.expects import answers
from service.writers.extractive import (
    CONTEXT_SHARE,
    COVERAGE_WEIGHT,
    DUPLICATE_COSINE,
    MAX_SENTENCES,
    NEAR_BEST,
    WRONG_KIND,
    Candidate,
    ExtractiveWriter,
    compose,
    rank,
    select,
)
from service.writers.writer import Evidence
from tests.unit.service.articles import evidence, passage

PLAIN = "Tell of the harbour"
"""A question that asks for no amount, time or person."""


def turned(cosine: float) -> list[float]:
    """Return a vector of unit length with this cosine to (1, 0)."""
    return [cosine, (1 - cosine**2) ** 0.5]


def candidate(
    text: str, score: float = 0.9, vector: Sequence[float] = (0.0, 0.0), n: int = 1
) -> Candidate:
    sentence = Sentence(100, 100 + len(text), text, np.array(vector, dtype=np.float32))
    return Candidate(passage(text, n=n), sentence, score)


def texts(chosen: list[Candidate]) -> list[str]:
    return [one.sentence.text for one in chosen]


def scored(given: Evidence) -> dict[str, float]:
    return {one.sentence.text: one.score for one in rank(given)}


def test_cosine_and_the_question_s_words_make_the_score() -> None:
    ships = passage("The harbour is deep. Many ships lie there.")
    given = replace(
        evidence(ships, question=PLAIN), rarity={"harbour": 3.0, "tug": 1.0}, closeness=[[0.8, 0.4]]
    )

    own, near = 0.75, 0.75 * CONTEXT_SHARE
    assert scored(given) == pytest.approx(
        {
            "The harbour is deep.": COVERAGE_WEIGHT * own + (1 - COVERAGE_WEIGHT) * 0.8,
            "Many ships lie there.": COVERAGE_WEIGHT * near + (1 - COVERAGE_WEIGHT) * 0.4,
        }
    )


def test_the_best_comes_first_and_equal_ones_by_passage_and_place() -> None:
    first, second = passage("Aa bb cc. Dd ee ff."), passage("Gg hh ii. Jj kk ll.", n=2)
    given = replace(
        evidence(second, first, question=PLAIN), closeness=[[0.5, 0.9], [0.5, 0.5]], rarity={}
    )

    assert texts(rank(given)) == ["Jj kk ll.", "Aa bb cc.", "Dd ee ff.", "Gg hh ii."]


def test_a_sentence_that_points_away_scores_nothing_and_not_less() -> None:
    given = replace(evidence(passage("Aa bb cc."), question=PLAIN), closeness=[[-0.7]])

    assert scored(given) == {"Aa bb cc.": 0.0}


def test_a_scrap_of_two_words_cannot_stand_as_an_answer() -> None:
    assert texts(rank(evidence(passage("Harbour news. The harbour opened.")))) == [
        "The harbour opened."
    ]


def test_a_sentence_without_the_kind_of_answer_asked_for_weighs_less() -> None:
    ships = passage("Ships came in. Ships came in at 9.")

    given = scored(evidence(ships, question="When did ships come?"))

    assert given["Ships came in."] == pytest.approx(WRONG_KIND * given["Ships came in at 9."])


@pytest.mark.parametrize(
    ("question", "has", "lacks"),
    [
        ("How many ships came?", "Forty ships came.", "Some ships came."),
        ("How much does it cost?", "It costs 3.5 crowns.", "It costs little."),
        ("What percentage voted?", "It was 60%.", "It was most of them."),
        ("When did it sink?", "It sank in May.", "It sank off the coast."),
        ("And when?", "It sank on Tuesday.", "It sank slowly."),
        ("In which year was it built?", "It was built in 1911.", "It was built of steel."),
        ("Who steered it?", "It was Lund who steered.", "the captain steered."),
        ("Whose ship was it?", "it was Åberg’s.", "it was the pilot’s."),
    ],
)
def test_an_amount_a_time_or_a_person_is_looked_for_when_asked_for(
    question: str, has: str, lacks: str
) -> None:
    assert answers(question)(has)
    assert not answers(question)(lacks)


def test_both_kinds_that_a_question_asks_for_are_wanted() -> None:
    fits = answers("Who sold how many ships?")

    assert fits("Lund sold 9 ships.")
    assert not fits("Lund sold ships.")
    assert not fits("he sold 9 ships.")


@pytest.mark.parametrize("question", ["Why did it sink?", "Where is the harbour?", PLAIN])
def test_other_questions_take_any_sentence(question: str) -> None:
    assert answers(question)("because of a leak")


def test_further_sentences_are_shown_when_they_score_nearly_as_well_as_the_best() -> None:
    near, far = NEAR_BEST * 0.8, NEAR_BEST * 0.8 - 0.01

    chosen = select([candidate("best", 0.8), candidate("near", near), candidate("far", far)])

    assert sorted(texts(chosen)) == ["best", "near"]


def test_no_more_sentences_are_shown_than_a_reader_takes_in() -> None:
    chosen = select([candidate(str(n), 0.9) for n in range(MAX_SENTENCES + 3)])

    assert sorted(texts(chosen)) == [str(n) for n in range(MAX_SENTENCES)]


@pytest.mark.parametrize(
    ("again", "shown"),
    [
        (candidate("Other words.", vector=turned(DUPLICATE_COSINE + 0.01)), 1),
        (candidate("Other words.", vector=turned(DUPLICATE_COSINE - 0.01)), 2),
        (candidate("The harbour opened.", vector=turned(0.0), n=2), 1),
    ],
)
def test_what_says_the_same_again_is_left_out(again: Candidate, shown: int) -> None:
    first = candidate("The harbour opened.", 0.95, turned(1.0))

    chosen = select([first, again])

    assert chosen == [first, again][:shown]


def test_a_left_out_duplicate_makes_room_for_the_next() -> None:
    same = [candidate(f"Copy {n}.", 0.9, turned(1.0)) for n in range(MAX_SENTENCES + 2)]

    assert sorted(texts(select([*same, candidate("New.", 0.88, turned(0.0))]))) == [
        "Copy 0.",
        "New.",
    ]


_OPENING, _CLOSING = "[\uff3b\u3010", "]\uff3d\u3011"
_PARTS = ["Ships", "Åb", "🚢", ".", "1", "٣", ",", " ", "\n", "\u00a0", *_OPENING, *_CLOSING]
_TEXTS = st.lists(st.sampled_from(_PARTS), min_size=1, max_size=12).map("".join)
_NUMBERED = st.tuples(_TEXTS.filter(lambda text: bool(text.strip())), st.integers(1, 50))


@given(st.lists(_NUMBERED, min_size=1, max_size=MAX_SENTENCES))
def test_every_statement_is_at_its_place_with_its_marker(chosen: list[tuple[str, int]]) -> None:
    draft = compose([candidate(text, n=n) for text, n in chosen])

    shown = [draft.text[s.start : s.end] for s in draft.statements]
    assert shown == [f"{s.text} [{n}]" for s, (_, n) in zip(draft.statements, chosen, strict=True)]
    assert " ".join(shown) == draft.text


@given(st.lists(_NUMBERED, min_size=1, max_size=MAX_SENTENCES))
def test_no_bracketed_number_of_the_article_s_own_reads_as_a_marker(
    chosen: list[tuple[str, int]],
) -> None:
    draft = compose([candidate(text, n=n) for text, n in chosen])

    marker = rf"[{re.escape(_OPENING)}]\s*(\d+)\s*[{re.escape(_CLOSING)}]"
    assert re.findall(marker, draft.text) == [str(n) for _, n in chosen]


@given(_TEXTS)
def test_a_quote_is_the_sentence_as_the_article_has_it(text: str) -> None:
    (statement,) = compose([candidate(text, n=7)]).statements

    (citation,) = statement.citations
    assert (citation.source, citation.article_id, citation.quote) == (7, "a7", text)
    assert (citation.start, citation.end) == (100, 100 + len(text))


def test_a_sentence_is_shown_on_one_line_and_is_supported() -> None:
    (statement,) = compose([candidate("The harbour\nopened [12] in\tspring.")]).statements

    assert statement.text == "The harbour opened (12) in spring."
    assert (statement.support, statement.missing) == ("supported", [])


async def test_the_writer_answers_with_the_sentence_that_fits_best() -> None:
    ships = passage("The harbour opened in spring. Ships lie there.")
    given = replace(evidence(ships, question=PLAIN), closeness=[[0.9, 0.5]])

    draft = await ExtractiveWriter(0.5).write(given)

    assert (draft.text, draft.declined) == ("The harbour opened in spring. [1]", None)
    assert draft.statements[0].citations[0].quote in ships.source.text


@pytest.mark.parametrize(("cosine", "declined"), [(0.79, "low_relevance"), (0.81, None)])
async def test_the_writer_declines_below_the_relevance_it_was_given(
    cosine: float, declined: str | None
) -> None:
    given = replace(evidence(passage("Ships lie there."), question=PLAIN), closeness=[[cosine]])

    draft = await ExtractiveWriter(0.8 * (1 - COVERAGE_WEIGHT)).write(given)

    assert draft.declined == declined
    assert bool(draft.text) is (declined is None)


async def test_the_writer_declines_when_no_sentence_can_stand_alone() -> None:
    assert (await ExtractiveWriter(0.0).write(evidence(passage("Ships.")))).declined is not None
