from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import cast

import numpy as np
import pytest

from ingest.domain import Filters, Span
from ingest.embed.embedder import EmbedInput
from ingest.index.reader import IndexReader
from ingest.index.rows import Indexed
from service.query.outlets import OutletNames
from service.query.understanding import understand
from service.retrieval.candidates import find_candidates
from service.retrieval.scoring import Scores, score
from service.retrieval.tuning import Tuning
from tests.fakes import FakeEmbedder
from tests.unit.service.retrieval.memory_reader import NOTHING, MemoryReader, entry, query_of

NAMES = OutletNames(["Harbour Post", "Lantern"])
TODAY = date(2025, 12, 10)
WHEAT, STORM = "Wheat prices fell in Ankara.", "Storms closed the old harbour."


def scored(text: str, *entries: Indexed, tuning: Tuning | None = None) -> Scores:
    """Score every passage; they are in the order of their articles' ids."""
    asked = understand(text, NAMES, TODAY)
    tuning = tuning or Tuning()
    reader = cast(IndexReader, MemoryReader(*entries))
    candidates = find_candidates(reader, query_of(asked), Filters(), tuning)
    assert candidates is not None
    return score(asked, candidates, tuning)


def test_what_answers_is_scored_above_what_does_not() -> None:
    found = scored("Why did wheat prices fall in Ankara?", entry("a", STORM), entry("b", WHEAT))

    assert found.total[1] > found.total[0]
    assert found.words[1] == 1
    assert found.meaning[1] > found.meaning[0]


def test_the_best_sentence_tells_how_many_of_the_words_are_there() -> None:
    together = entry("a", "Wheat fell, and bread too.")
    apart = entry("b", "Wheat rose.\nBread fell.")

    found = scored("wheat bread", together, apart)

    assert found.coverage.tolist() == [1.0, 0.5, 0.5]


def test_a_title_counts_for_the_parts_and_is_no_sentence() -> None:
    # The header of both passages is the first line.
    found = scored("wheat bread", entry("a", "Wheat and bread\nThey are dear."))

    assert found.coverage.tolist() == [1.0, 0.0]


def test_a_name_in_another_spelling_counts_in_part() -> None:
    tuning = Tuning(other_spelling=0.25)

    found = scored(
        "Araghchi", entry("a", "Araghchi spoke."), entry("b", "Araqchi spoke."), tuning=tuning
    )

    assert found.coverage.tolist() == [1.0, 0.25]


def test_each_passage_is_told_the_part_that_it_fits_best() -> None:
    text = "Did wheat prices fall in Ankara, while storms closed the old harbour?"

    assert scored(text, entry("a", STORM), entry("b", WHEAT)).part.tolist() == [1, 0]


def test_an_outlet_named_counts_for_its_passages() -> None:
    named = entry("a", WHEAT, outlet="Lantern"), entry("b", WHEAT, outlet="Courier")

    found = scored("Does Lantern say that wheat prices fell?", *named)

    assert found.outlet.tolist() == [True, False]
    assert found.total[0] > found.total[1]


@pytest.mark.parametrize(
    ("day", "near"),
    [
        ("2025-12-03", 1.0),
        ("2025-12-04", 1 / 3),
        ("2025-12-02", 1 / 3),
        ("2025-12-05", 0.0),
        (None, 0.0),
    ],
)
def test_a_day_named_counts_for_articles_of_that_day_and_less_for_those_beside_it(
    day: str | None, near: float
) -> None:
    text = "What does the article of 3 December 2025 say of wheat prices?"

    assert scored(text, entry("a", WHEAT, day=day)).day == pytest.approx([near])


@pytest.mark.parametrize("day", ["2025-12-03", "2025-12-04"])
def test_a_day_of_publication_counts_twice_what_a_day_counts_that_is_only_spoken_of(
    day: str,
) -> None:
    item = entry("a", WHEAT, day=day)

    published = scored("What does the article of 3 December 2025 say of wheat prices?", item)
    mentioned = scored("Did wheat prices fall on 3 December 2025?", item)

    assert published.day == pytest.approx(2 * mentioned.day)
    assert mentioned.day[0] > 0


@pytest.mark.parametrize(("word", "best"), [("latest", 1), ("earliest", 0)])
def test_the_latest_or_the_first_wins_when_it_is_asked_for(word: str, best: int) -> None:
    same = [entry("a", WHEAT, day="2025-12-01"), entry("b", WHEAT, day="2025-12-09")]

    found = scored(f"What is the {word} on wheat prices?", *same, entry("c", WHEAT))

    assert found.total.argmax() == best
    assert found.total[2] < found.total[best]


@pytest.mark.parametrize(
    ("word", "counts"), [("latest", [0.25, 0.5, 1, 0]), ("earliest", [1, 0.5, 0.25, 0])]
)
def test_thirty_days_off_the_latest_or_the_first_count_half(word: str, counts: list[float]) -> None:
    days = ["2025-10-01", "2025-10-31", "2025-11-30", None]
    items = [entry(name, WHEAT, day=day) for name, day in zip("abcd", days, strict=True)]

    found = scored(f"What is the {word} on wheat?", *items, tuning=replace(NOTHING, recency=1))

    assert found.total == pytest.approx(counts)


def test_without_such_a_word_no_day_wins() -> None:
    same = [entry("a", WHEAT, day="2025-12-01"), entry("b", WHEAT, day="2025-12-09")]

    found = scored("Why did wheat prices fall?", *same)

    assert found.total[0] == found.total[1]


def test_the_best_passage_of_each_outlet_named_gets_its_share() -> None:
    text = "Do Lantern and the Harbour Post agree that wheat prices fell in Ankara?"
    weak = entry("a", "Wheat was sold at some prices.", outlet="Lantern")
    strong = entry("b", WHEAT, outlet="Harbour Post")

    shared = scored(text, weak, strong)
    alone = scored(text, weak, strong, tuning=Tuning(shares=False))

    assert shared.total[0] > alone.total[0]
    assert shared.total[1] == alone.total[1]


def test_each_sentence_is_told_how_much_of_the_question_it_has() -> None:
    first = entry("a", f"{STORM} {WHEAT}")
    spans = (Span(0, len(STORM)), Span(len(STORM) + 1, len(STORM) + 1 + len(WHEAT)))
    passage = replace(first.passages[0], sentences=spans)
    [vectors] = FakeEmbedder().embed([EmbedInput(passage.text, spans)])

    two = replace(first, passages=(passage,), vectors=(vectors,))
    found = scored("Why did wheat prices fall?", two, entry("b", WHEAT))

    storm, wheat, alone = found.sentences
    assert storm < wheat
    assert wheat == pytest.approx(alone)


def test_weights_of_nothing_switch_everything_off() -> None:
    found = scored("Did wheat fall?", entry("a", WHEAT), entry("b", STORM), tuning=NOTHING)

    assert found.total.tolist() == [0, 0]


def test_a_passage_is_scored_alike_wherever_it_stands() -> None:
    texts = [WHEAT, STORM, "Bread is dear.", "Wheat is bread."]
    there = [entry(f"a{n}", text) for n, text in enumerate(texts)]
    back = [entry(f"a{n}", text) for n, text in enumerate(texts[::-1])]

    one, other = (scored("Is wheat or bread dear?", *entries).total for entries in (there, back))

    np.testing.assert_array_equal(one, other[::-1])
