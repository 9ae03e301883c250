from __future__ import annotations

import random
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dedupe import SAME_STORY, likeness, signature, unpack
from tests.story_catalog import group

WORDS = [f"word{n}" for n in range(3000)]


def _text(seed: int, words: int = 400) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def _altered(text: str, share: float, cut: float = 0.0, seed: int = 7) -> str:
    rng = random.Random(seed)
    words = text.split()
    kept = words[: round(len(words) * (1 - cut))]
    return "Another headline " + " ".join(
        rng.choice(WORDS) if rng.random() < share else word for word in kept
    )


def _like(one: str, other: str) -> float:
    return likeness(signature(one), signature(other))


def test_a_signature_is_the_same_in_every_process() -> None:
    code = "from ingest.dedupe import signature; print(signature('A ferry ran aground.').pack())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str(signature("A ferry ran aground.").pack())


def test_a_signature_has_at_most_256_numbers_of_32_bits() -> None:
    found = signature(_text(1) + " ".join(map(str, range(200))))
    assert (len(found.words), len(found.figures)) == (192, 64)
    assert found.words.dtype == found.figures.dtype == np.uint32


@pytest.mark.parametrize("text", ["One.", "It cost 12 dollars on Monday.", _text(1)])
def test_a_signature_survives_packing(text: str) -> None:
    found = signature(text)
    again = unpack(found.pack())
    assert (again.digest, again.triples) == (found.digest, found.triples)
    assert np.array_equal(again.words, found.words)
    assert np.array_equal(again.figures, found.figures)


@pytest.mark.parametrize(
    ("share", "cut"),
    [(0.0, 0.0), (0.1, 0.0), (0.0, 0.4), (0.08, 0.25), (0.15, 0.0), (0.15, 0.3), (0.0, 0.7)],
)
def test_altered_copies_are_one_story(share: float, cut: float) -> None:
    found = group({"b": signature(_text(1)), "a": signature(_altered(_text(1), share, cut))})
    assert found == {"a": "st_a", "b": "st_a"}


def test_different_texts_are_different_stories() -> None:
    found = group({str(n): signature(_text(n)) for n in range(50)})
    assert len(set(found.values())) == 50


def test_texts_without_words_are_no_copies_of_each_other() -> None:
    assert group({"a": signature("…"), "b": signature("!")}) == {"a": "st_a", "b": "st_b"}


def test_texts_without_spaces_are_compared_too() -> None:
    text = "渡轮周一晚上在北部海角搁浅船上九十人天黑前全部获救公司说潜水员将检查船体"
    assert _like(text, text + "周三") > SAME_STORY
    assert _like(text, text[::-1]) < SAME_STORY


def test_copies_of_copies_are_one_story() -> None:
    words = _text(1, 800).split()
    chain = {str(n): signature(" ".join(words[200 * n : 200 * n + 400])) for n in range(3)}
    assert likeness(chain["0"], chain["2"]) < SAME_STORY
    assert set(group(chain).values()) == {"st_0"}


def test_many_copies_of_one_text_are_one_story() -> None:
    copies = {f"{n:03}": signature(_text(1) + f" {n}") for n in range(150)}
    assert set(group(copies).values()) == {"st_000"}


def test_no_articles_are_no_stories() -> None:
    assert group({}) == {}


@given(st.permutations(range(12)))
def test_the_order_of_articles_changes_nothing(order: list[int]) -> None:
    signatures = {str(n): _SOME[n] for n in order}
    assert group(signatures) == group({str(n): _SOME[n] for n in range(12)})


_SOME = [signature(_altered(_text(n % 5), 0.05 * (n // 5))) for n in range(12)]


def test_a_long_report_that_takes_over_a_short_one_is_no_copy_of_it() -> None:
    preview = _text(1, 300)
    assert _like(preview, _altered(preview, 0.1) + " " + _text(2, 1200)) < SAME_STORY


def test_a_short_text_of_the_same_words_in_other_signs_is_a_copy() -> None:
    assert _like("Ferry runs aground.", "“FERRY runs aground”") == 1.0


MARKETS = (
    "Stocks closed {} on {}. The leading index of 30 shares ended the session at {}, after {} the "
    "day before, while the broad index of 500 shares stood at {}. Oil settled at {} dollars a "
    "barrel and gold at {} dollars an ounce. The dollar bought {} yen. Trading ends at 16.00."
)
WEATHER = (
    "The sky will be {} on {}. Expect {} degrees in the north, {} degrees in the south and {} "
    "degrees on the coast, with winds of up to {} km an hour and a chance of rain of {} percent. "
    "The water has {} degrees. Those who go out on the lake should look for the storm lights."
)
EARTHQUAKE = (
    "The ground was {} again when an earthquake struck on {}. It had a magnitude of {} and "
    "lasted {} seconds, at a depth of {} km and {} km from the harbour, the survey said. The town "
    "has had {} this year and {} last year. Nobody was hurt and no damage was reported."
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def _bulletin(template: str, number: int) -> str:
    rng = random.Random(number)
    figures = [f"{rng.uniform(1, 90):.{number % 2}f}" for _ in range(6)]
    return template.format(rng.choice(["clear", "higher", "grey"]), DAYS[number % 5], *figures)


@pytest.mark.parametrize("template", [MARKETS, WEATHER, EARTHQUAKE])
def test_bulletins_of_one_template_are_different_stories(template: str) -> None:
    found = group({f"{n:02}": signature(_bulletin(template, n)) for n in range(40)})
    assert len(set(found.values())) == 40


@pytest.mark.parametrize("template", [MARKETS, WEATHER, EARTHQUAKE])
@pytest.mark.parametrize(("share", "cut"), [(0.0, 0.0), (0.0, 0.3), (0.08, 0.1)])
def test_copies_of_one_bulletin_are_one_story(template: str, share: float, cut: float) -> None:
    text = _bulletin(template, 3)
    assert _like(text, _altered(text, share, cut)) >= SAME_STORY


@pytest.mark.parametrize("template", [MARKETS, WEATHER, EARTHQUAKE])
def test_a_copy_with_one_corrected_figure_is_a_copy(template: str) -> None:
    text = _bulletin(template, 3)
    corrected = re.sub(r"\d[\d.]*(?= )", "777", text, count=1)
    assert corrected != text
    assert _like(text, corrected) >= SAME_STORY


def test_a_figure_corrected_wherever_it_stands_is_one_correction() -> None:
    text = f"The ferry had 90 aboard. {_text(1)} All 90 aboard were saved, and the 90 went home."
    assert _like(text, text.replace("90", "91")) >= SAME_STORY


def test_the_same_sentences_with_figures_of_another_day_are_no_copy() -> None:
    text = "The bank fixed the dollar at {} and the euro at {} roubles for {} November 2023."
    assert _like(text.format("91.25", "98.10", 5), text.format("92.40", "97.55", 6)) == 0


CABINET = (
    "The president on Monday appointed {} as minister of economy, his office said in a statement "
    "carried by the state news agency. The appointment must be confirmed by parliament, which is "
    "expected to vote next week."
)
RATE = (
    "The central bank {} its policy rate to {} percent on Thursday, the governor told reporters "
    "after the board met. Prices rose by {} percent over the year to May, the office of statistics "
    "had said the day before."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CABINET.format("Ali Karimi"), CABINET.format("Hossein Rezaei")),
        (RATE.format("raised", 21, 40), RATE.format("raised", 23, 44)),
        (RATE.format("raised", 21, 40), RATE.format("did not raise", 21, 40)),
    ],
)
def test_briefs_of_one_template_are_different_stories(one: str, other: str) -> None:
    assert likeness(signature(one), signature(other)) < SAME_STORY


def test_a_brief_is_a_copy_of_itself_with_another_ending_and_of_the_report_it_begins() -> None:
    brief = signature(CABINET.format("Ali Karimi"))
    longer = signature(CABINET.format("Ali Karimi") + " Nobody had expected that of him so soon.")

    assert likeness(brief, longer) >= SAME_STORY
