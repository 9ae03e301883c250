"""Questions made unanswerable by one change, as people make them (SQuAD 2.0, table 2).

A name or a number becomes another one that the text or its article has, a word becomes its
opposite, or the question is negated. A few of them can still be answered; most can not.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from evals.reader.questions import Asked

_NAME = re.compile(r"(?<=[a-z,'’] )[A-Z][\w'’-]+(?: (?:(?:of|the|and|de) )?[A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*\d\b|(?<![\w.,])\d\b")
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|should)\b", re.I
)
NEAR = 0.5
"""So often the other name is the text's own, where the article has more of them too."""
NEGATED = 0.3
"""So many of the questions in which nothing can be exchanged are negated."""
_SUBJECT = 3
"""Words after an auxiliary before which "not" is set, as in "Who did the king not meet?"."""
_PAIRS = """
first last|most least|more less|more fewer|before after|north south|northern southern|east west
eastern western|largest smallest|biggest smallest|highest lowest|increase decrease
increased decreased|rise fall|rose fell|oldest newest|oldest youngest|won lost|win lose
began ended|begin end|above below|inside outside|allowed banned|major minor|early late
earliest latest|high low|higher lower|large small|larger smaller|long short|longer shorter
longest shortest|old new|old young|strong weak|best worst|good bad|better worse|rich poor
public private|same different|always never|many few|success failure|successful unsuccessful
accepted rejected|added removed|gained lost|joined left|started stopped|built destroyed
created abolished|founded dissolved|increase reduce|support oppose|supported opposed
friend enemy|friendly hostile|married divorced|born buried|died lived|male female|men women
husband wife|father mother|son daughter|brother sister|king queen|buy sell|bought sold
open closed|opened closed|enter leave|entered left|arrived departed|upper lower
positive negative|internal external|maximum minimum|common rare|modern ancient
natural artificial|legal illegal|possible impossible|true false|hot cold|summer winter
winter summer|day night|cause prevent|caused prevented|easy difficult|majority minority
domestic foreign|urban rural|peace war|victory defeat|teacher student|advantage disadvantage
"""


def altered(asked: Sequence[Asked], draw: random.Random) -> Iterator[Asked]:
    """Yield questions that are like answerable ones and that the same text does not answer.

    Args:
        asked: Questions of whole articles.
        draw: Decides what is changed.
    """
    names = _by_article(asked, _NAME)
    ways: list[Callable[[Asked], str | None]] = [
        lambda one: _swapped(one, _NAME, names[one.article], draw),
        lambda one: _swapped(one, _NUMBER, [], draw),
        lambda one: _opposite(one.question, draw),
    ]
    for one in asked:
        if not one.spans:
            continue
        order = [*ways]
        draw.shuffle(order)
        question = next((made for way in order if (made := way(one))), None)
        if question is None and draw.random() < NEGATED:
            question = _negated(one.question)
        if question:
            yield replace(one, question=question, spans=(), answers=())


def _by_article(asked: Sequence[Asked], pattern: re.Pattern[str]) -> Mapping[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for one in asked:
        found.setdefault(one.article, {}).update(dict.fromkeys(pattern.findall(one.text)))
    return {article: list(names) for article, names in found.items()}


def _swapped(
    one: Asked, pattern: re.Pattern[str], others: Sequence[str], draw: random.Random
) -> str | None:
    """Return the question with one thing for another, of the text before others of the article."""
    own = list(pattern.finditer(one.question))
    if not own:
        return None
    place = draw.choice(own)
    answers = " ".join(one.answers).casefold()
    said = one.question.casefold()

    def fits(name: str) -> bool:
        return name.casefold() not in said and name.casefold() not in answers

    near = [name for name in dict.fromkeys(pattern.findall(one.text)) if fits(name)]
    far = [name for name in others if fits(name)]
    pool = near if near and (not far or draw.random() < NEAR) else far
    if not pool:
        return None
    other: str = draw.choice(pool)
    return one.question[: place.start()] + other + one.question[place.end() :]


def _opposite(question: str, draw: random.Random) -> str | None:
    words = [match for match in re.finditer(r"[A-Za-z]+", question) if match[0] in _opposites()]
    if not words:
        return None
    word = draw.choice(words)
    return question[: word.start()] + draw.choice(_opposites()[word[0]]) + question[word.end() :]


@cache
def _opposites() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in re.split(r"[|\n]", _PAIRS.strip()):
        one, other = pair.split()
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return found


def _negated(question: str) -> str | None:
    """Return the question with "not" behind its auxiliary, or behind the subject of "did"."""
    auxiliary = _AUXILIARY.search(question)
    if auxiliary is None or re.search(r"\bnot\b|n['’]t\b", question):
        return None
    before, rest = question[: auxiliary.end()], question[auxiliary.end() :]
    if auxiliary[0].lower() not in ("did", "does", "do"):
        return f"{before} not{rest}"
    words = rest.split(" ")
    if len(words) <= _SUBJECT:
        return None
    return " ".join([before + " ".join(words[:_SUBJECT]), "not", *words[_SUBJECT:]])
