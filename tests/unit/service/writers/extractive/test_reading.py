from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from service.domain import Passage
from service.reader.reading import Reading
from service.writers.extractive import reading
from service.writers.extractive.candidates import Candidate, rank
from service.writers.extractive.plain import PlainSelector
from service.writers.extractive.reading import ReadingSelector, choose
from service.writers.extractive.selection import Chosen, Selection
from tests.unit.service.articles import START, evidence, passage
from tests.unit.service.writers.extractive.candidates import chosen

FERRY = passage("The ferry left Turku. It sank in May 1994. Forty cars were lost.")
OTHER = passage("The Alma went down in May 1994. Divers found it.", n=2)
WHEN = "When did the ferry sink?"


class FakeReader:
    """Finds some words wherever they stand, and is as sure as it was told."""

    def __init__(self, **sure: float) -> None:
        self.sure = {words.replace("_", " "): score for words, score in sure.items()}
        self.asked: list[str] = []

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        self.asked.append(question)
        return [self._reading(text) for text in texts]

    def _reading(self, text: str) -> Reading:
        offsets = np.array([[n, n + 1] for n in range(len(text))], np.int32)
        logits = np.full((len(text), 2), -20.0, np.float32)
        for words, score in self.sure.items():
            if words in text:
                start = text.index(words)
                logits[start, 0] = logits[start + len(words) - 1, 1] = score
        return Reading(offsets, logits, 0.0)

    def warm(self) -> None:
        self.asked.append("warm")

    def close(self) -> None:
        self.asked.append("closed")


@pytest.fixture(autouse=True)
def _span_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A probability that follows the span's score alone, whatever weights are fitted."""
    monkeypatch.setattr(reading, "probability", lambda known: 0.5 + known.span / 2)


def selected(reader: FakeReader, question: str = WHEN, least: float = 0.4) -> Selection:
    given = evidence(FERRY, OTHER, question=question)
    return ReadingSelector(reader, least, PlainSelector(0.5)).select(question, rank(given))


def shown(selection: Selection) -> list[str]:
    return [one.candidate.sentence.text for one in selection.chosen]


def test_the_sentence_with_the_likeliest_span_answers() -> None:
    selection = selected(FakeReader(May_1994=6.0))

    assert shown(selection)[0] == "It sank in May 1994."
    assert selection.short is selection.chosen[0]
    assert selection.short.found is not None
    assert selection.short.found.text == "May 1994"


def test_without_a_likely_sentence_there_is_no_answer() -> None:
    assert selected(FakeReader(May_1994=-6.0)) == Selection()


@pytest.mark.parametrize(
    "question", ["Which countries lost ferries?", "What " + "of the ferry " * 8 + "sank?"]
)
def test_what_no_span_answers_is_chosen_plainly(question: str) -> None:
    selection = selected(FakeReader(May_1994=-6.0), question)

    assert selection.chosen
    assert all(one.probability is None for one in selection.chosen)


def test_of_each_source_its_likeliest_answer_is_told() -> None:
    spotted = selected(FakeReader(May_1994=6.0, Turku=1.0)).spotted

    assert [(one.source, one.start - START, one.end - START) for one in spotted] == [
        (1, 33, 41),
        (2, 22, 30),
    ]


@pytest.mark.parametrize(
    "question",
    ["Did the ferry sink in May?", "Why did it sink in May 1994?", "What did the captain say?"],
)
def test_what_needs_a_sentence_gets_no_short_answer(question: str) -> None:
    assert selected(FakeReader(May_1994=8.0), question).short is None


def test_a_span_of_another_kind_is_no_short_answer() -> None:
    assert selected(FakeReader(ferry=8.0)).short is None


def judged(*pairs: tuple[str, float]) -> list[Chosen]:
    texts = " ".join(text for text, _ in pairs)
    where = passage(texts)
    return [
        replace(chosen(where, at), probability=sure, candidate=_apart(where, at))
        for at, (_, sure) in enumerate(pairs)
    ]


def _apart(where: Passage, at: int) -> Candidate:
    """Return a sentence whose vector is like no other's."""
    vector = np.zeros(8, np.float32)
    vector[at] = 1.0
    sentences = tuple(replace(one, vector=vector) for one in where.sentences)
    return Candidate(replace(where, sentences=sentences), at, 0.9)


def texts(found: Sequence[Chosen]) -> list[str]:
    return [one.candidate.sentence.text for one in found]


def test_one_sentence_is_enough_when_it_is_sure() -> None:
    assert texts(choose(WHEN, judged(("Aa.", 0.9), ("Bb.", 0.85)))) == ["Aa."]


def test_more_are_shown_while_none_is_sure() -> None:
    found = choose(WHEN, judged(("Aa.", 0.5), ("Bb.", 0.4), ("Cc.", 0.35), ("Dd.", 0.3)))

    assert texts(found) == ["Aa.", "Bb.", "Cc."]


def test_what_is_unlikely_is_not_shown_beside_another() -> None:
    assert texts(choose(WHEN, judged(("Aa.", 0.5), ("Bb.", 0.1)))) == ["Aa."]


def test_a_question_for_several_things_gets_up_to_four() -> None:
    pairs = [(f"{name}.", 0.9) for name in ("Aa", "Bb", "Cc", "Dd", "Ee")]

    found = choose("Which countries signed it?", judged(*pairs))

    assert texts(found) == ["Aa.", "Bb.", "Cc.", "Dd."]


def test_the_same_answer_is_not_shown_twice() -> None:
    same = [chosen(FERRY, 1, "May 1994", 0.5), chosen(OTHER, 0, "May 1994", 0.4)]

    assert choose(WHEN, same) == same[:1]


def test_the_reader_is_warmed_and_closed_by_its_selector() -> None:
    reader = FakeReader()
    selector = ReadingSelector(reader, 0.5, PlainSelector(0.5))

    selector.warm()
    selector.close()

    assert reader.asked == ["warm", "closed"]
