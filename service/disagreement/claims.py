"""What each source says for the value that is asked for, where it says so."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, cached_property

from ingest.index.lexical import terms
from service.disagreement.asking import Asked
from service.disagreement.naming import Known, asked_words, proper_words
from service.disagreement.value import Value
from service.disagreement.values import stance, value_at, values_in
from service.domain import Passage, Sentence
from service.facts.names import OF_MANY, missing_names, words
from service.facts.quantities import missing_numbers, numbers_in
from service.kinds import last_sentence
from service.writers.writer import Evidence, Spotted

# Chosen on the NewsPolluted development questions, against the real articles of that set alone,
# MultiHop-RAG and the samples, whose sources seldom disagree.
MIN_CLOSENESS = 0.35
MIN_SHARE = 0.2
MIN_SHARE_AROUND = 0.3
MIN_WORDS = 5
# Lists and tables come as one sentence.
MAX_WORDS = 80
# Below this what a reader spotted is no better than what the rules find.
LEAST_SURE = 0.2
SURE = 0.5
NEAR_CHARS = 20
NO_YEAR = 0.5
OPENING = 1.5
# Words that news uses for the same figure.
_ALIKE = """
killed died dead deaths toll fatalities victims
price cost costs costing
wages pay salaries
grow grew rise rises rose increase increased climbed
fall fell drop dropped decline declined
missing unaccounted
injured wounded hurt
begin start open opens
last long
lead leads led head heads headed
"""


@dataclass(frozen=True)
class Claim:
    """A sentence that gives a value for what is asked.

    Attributes:
        values: All of the asked kind in it, the likeliest answer first.
        score: How well the sentence fits the question, 0 to 1.
        sure: How likely the sentence answers the question, 0 to 1, where a reader took the value
            for the answer; 0 where only rules did.
    """

    passage: Passage
    sentence: Sentence
    values: tuple[Value, ...]
    score: float
    asked: Asked
    known: Known
    sure: float = 0.0

    @property
    def value(self) -> Value:
        """The likeliest answer."""
        return self.values[0]

    @cached_property
    def said_around(self) -> list[Value]:
        """The values of the asked kind anywhere in the passage."""
        every = (values_in(s.text, self.asked, self.known) for s in self.passage.sentences)
        return [value for values in every for value in values]

    @cached_property
    def words_around(self) -> frozenset[str]:
        """The words of the passage and its title, folded, and their stems."""
        return words(f"{self.passage.source.title} {self.passage.source.text}")

    @cached_property
    def terms(self) -> frozenset[str]:
        """The words of the sentence as indexed, and others for the same."""
        return _with_others(self.sentence.text)

    def shared_with(self, other: Claim) -> float:
        """Return the share of the question's words that both sentences have, 0 to 1."""
        return _share(self.asked.weights, self.terms & other.terms)


def claims(evidence: Evidence, asked: Asked, spotted: Sequence[Spotted] = ()) -> list[Claim]:
    """Return the best claim of each passage that makes one, in the order of the passages.

    What a reader spotted goes before what the rules find.
    """
    wanted = asked_words(evidence.question)
    subject = _Subject(last_sentence(evidence.question))
    texts = _texts(evidence.passages)
    by_source = {one.source: one for one in spotted}
    found: list[Claim] = []
    for passage, cosines in zip(evidence.passages, evidence.closeness, strict=True):
        is_named = subject.is_in(texts[passage.source.article_id])
        spot = by_source.get(passage.source.n)
        # "The town" may be Oakford: where a reader is sure, the name need not stand in the article.
        is_told = spot is not None and (is_named or spot.probability >= SURE)
        read = _spotted(passage, cosines, spot, asked, wanted) if spot and is_told else None
        if read:
            found.append(read)
            continue
        fitting = _fitting(passage, cosines, asked) if is_named else []
        if fitting:
            own = _claims_of(passage, fitting, asked, wanted)
            found += sorted(own, key=lambda claim: (-claim.score, claim.sentence.start))[:1]
    return found


def _spotted(
    passage: Passage,
    cosines: Sequence[float],
    spotted: Spotted,
    asked: Asked,
    wanted: AbstractSet[str],
) -> Claim | None:
    """Return what a reader spotted in a passage, when it is a value that is asked for."""
    if asked.kind == "polarity" or spotted.probability < LEAST_SURE:
        return None
    source = passage.source
    known = Known(wanted, proper_words(source.title, source.text))
    for sentence, cosine in zip(passage.sentences, cosines, strict=True):
        if sentence.start <= spotted.start < sentence.end:
            start, end = spotted.start - sentence.start, spotted.end - sentence.start
            values = value_at(sentence.text, start, end, asked, known)
            if values:
                score = (_share(asked.weights, _with_others(sentence.text)) + cosine) / 2
                return Claim(passage, sentence, values, score, asked, known, spotted.probability)
    return None


def _fitting(
    passage: Passage, cosines: Sequence[float], asked: Asked
) -> list[tuple[Sentence, float]]:
    """Return the sentences that speak of what is asked, and how well they fit, 0 to 1."""
    found = []
    for sentence, cosine in zip(passage.sentences, cosines, strict=True):
        if cosine < MIN_CLOSENESS or not MIN_WORDS <= len(sentence.text.split()) <= MAX_WORDS:
            continue
        share = _share(asked.weights, _with_others(sentence.text))
        # Headlines ask what their articles answer.
        if share >= MIN_SHARE and not sentence.text.rstrip("\"'”’ ").endswith("?"):
            found.append((sentence, (share + cosine) / 2))
    around = _with_others(f"{passage.source.title} {passage.source.text}") if found else frozenset()
    return found if _share(asked.weights, around) >= MIN_SHARE_AROUND else []


def _claims_of(
    passage: Passage,
    fitting: Sequence[tuple[Sentence, float]],
    asked: Asked,
    wanted: AbstractSet[str],
) -> Iterator[Claim]:
    source = passage.source
    known = Known(wanted, proper_words(source.title, source.text))
    for sentence, score in fitting:
        if asked.kind == "polarity":
            values = [stance(sentence.text)]
        else:
            values = values_in(sentence.text, asked, known)
        if values:
            ordered = _likeliest_first(values, sentence.text, asked, source.text)
            yield Claim(passage, sentence, ordered, score, asked, known)


class _Subject:
    """The names and numbers that a question is about."""

    def __init__(self, question: str) -> None:
        self._question = question
        names = missing_names(question, frozenset())
        self._names = [name.casefold() for name in names if not OF_MANY.match(name)]
        self._numbers = bool(missing_numbers(question, frozenset()))

    def is_in(self, text: str) -> bool:
        """Tell whether a text has them all."""
        folded = text.casefold()
        if not all(name in folded for name in self._names):
            names = missing_names(self._question, words(text))
            if not all(OF_MANY.match(name) for name in names):
                return False
        return not (self._numbers and missing_numbers(self._question, numbers_in(text)))


def _texts(passages: Sequence[Passage]) -> dict[str, str]:
    """Return what is at hand of each article, its title and outlet included."""
    texts: dict[str, str] = {}
    for passage in passages:
        source = passage.source
        text = texts.get(source.article_id) or f"{source.title} {source.outlet or ''}"
        texts[source.article_id] = f"{text} {source.text}"
    return texts


def _with_others(text: str) -> frozenset[str]:
    own = frozenset(terms(text))
    for group in _alike():
        if own & group:
            own |= group
    return own


@cache
def _alike() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(terms(line)) for line in _ALIKE.strip().splitlines())


def _share(weights: Mapping[str, float], held: AbstractSet[str]) -> float:
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in held) / total if total else 0.0


_TOKEN = re.compile(r"[^\W_]+")


def _likeliest_first(
    values: list[Value], sentence: str, asked: Asked, passage: str
) -> tuple[Value, ...]:
    """Order values by how near the question's words stand to them.

    Of names the one that opens the sentence and those that the passage repeats go before others.
    """
    if len(values) == 1:
        return tuple(values)
    places: list[tuple[int, float]] = []
    for token in _TOKEN.finditer(sentence):
        weight = sum(asked.weights.get(term, 0.0) for term in terms(token[0]))
        if weight:
            places.append((token.start(), weight))
    folded = passage.casefold()

    def fit(value: Value) -> float:
        end = value.at + len(value.written)
        gaps = ((max(value.at - at, at - end, 0), weight) for at, weight in places)
        near = sum(weight / (NEAR_CHARS + gap) for gap, weight in gaps)
        if not value.names:
            # A year makes a day a better answer than one that leaves it out.
            return near * (NO_YEAR if any(value.day) and not value.day[0] else 1.0)
        opens = OPENING if value is values[0] and asked.sort != "place" else 1.0
        return near * opens * math.log2(1 + folded.count(value.names[-1]))

    return tuple(sorted(values, key=lambda value: -fit(value)))
