"""How much of the answer is the gold answer, word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evals.metrics.case import Case
from evals.metrics.score import Score, unscored
from evals.metrics.wording import without_markers, words

_ARTICLES = frozenset({"a", "an", "the"})


def token_f1(case: Case) -> Score:
    """Return the F1 of words shared with the gold answer (Rajpurkar et al. 2016).

    Of each group the phrase counts that fits best. Answers in whole sentences score low by nature:
    compare runs of the same kind of writer.
    """
    if not case.gold.answers:
        return unscored("the question has no gold answer")
    if case.answer.status != "answered":
        return Score(value=0.0, why="abstained from an answerable question")
    said = _telling(without_markers(case.answer.answer))
    gold = [word for group in case.gold.answers for word in _best(said, group)]
    value = f1(said, gold)
    return Score(value=value, why=f"{len(said)} words said, {len(gold)} in the gold answer")


def exact_match(case: Case) -> Score:
    """Return 1 when the answer is a gold phrase and nothing else, for questions with one group."""
    if len(case.gold.answers) != 1 or case.gold.type != "factoid":
        return unscored("only a factoid with one gold answer can be matched exactly")
    said = _telling(without_markers(case.answer.answer))
    phrases = map(_telling, case.gold.answers[0])
    same = case.answer.status == "answered" and said in phrases
    return Score(value=float(same), why="the same words" if same else "other words")


def f1(said: Sequence[str], gold: Sequence[str]) -> float:
    """Return the harmonic mean of precision and recall over words, counted with repeats."""
    shared = sum((Counter(said) & Counter(gold)).values())
    return 2 * shared / (len(said) + len(gold)) if shared else 0.0


def best_f1(text: str, phrases: Sequence[str]) -> float:
    """Return the F1 of a text and the phrase that fits it best."""
    said = _telling(text)
    return f1(said, _best(said, phrases))


def _best(said: Sequence[str], group: Sequence[str]) -> list[str]:
    return max(map(_telling, group), key=lambda phrase: f1(said, phrase))


def _telling(text: str) -> list[str]:
    """Return the words without articles, as that paper's script does."""
    return [word for word in words(text) if word not in _ARTICLES]
