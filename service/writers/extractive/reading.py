"""Chooses sentences by what a reader makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from service.kinds import WH, asks_for_several, kinds_of
from service.reader.reading import Reader, Reading, Span
from service.writers.extractive.candidates import Candidate
from service.writers.extractive.features import features
from service.writers.extractive.fitting import fits, is_strange
from service.writers.extractive.plain import PlainSelector
from service.writers.extractive.probability import probability
from service.writers.extractive.selection import Chosen, Found, Selection
from service.writers.extractive.windows import Window, windows
from service.writers.writer import Spotted

MAX_SENTENCES = 3
MAX_OF_SEVERAL = 4
ENOUGH = 0.8
"""A further sentence is shown while it is less likely than this that one of those shown answers."""
MIN_FURTHER = 0.25
MIN_SPOTTED = 0.2
MIN_SHORT = 0.5
MANY_WORDS = 25
MIN_STRANGE = 0.6
"""For a question that names what no passage found names: what is near is mostly of another."""
# What answers these is a sentence and no few words.
_IN_SENTENCES = frozenset({"polarity", "reason", "quotation"})


class ReadingSelector:
    """Reads what is near the question and takes what probably answers it."""

    def __init__(self, reader: Reader, min_probability: float, plain: PlainSelector) -> None:
        """Take what reads, when that is enough, and what chooses where reading does not help.

        Args:
            reader: Reads.
            min_probability: Below it the best sentence is no answer, 0 to 1; with 0 there is always
                an answer.
            plain: Chooses for questions of several things or many clauses, which no one span
                answers and the reader was never trained on.
        """
        self._reader = reader
        self._min_probability = min_probability
        self._plain = plain

    def select(self, question: str, ranked: Sequence[Candidate]) -> Selection:
        """See Selector.select."""
        judged = judge(question, ranked, self._reader)
        least = self._min_probability
        if least > 0 and is_strange(question, [one.passage for one in ranked]):
            least = max(least, MIN_STRANGE)
        if not judged or _sure(judged[0]) < least:
            return self._plain.select(question, ranked) if _is_many(question) else Selection()
        return Selection(
            tuple(choose(question, judged)), _short(question, judged), _spotted(judged)
        )

    def warm(self) -> None:
        """Load the reader."""
        self._reader.warm()

    def close(self) -> None:
        """Release the reader."""
        self._reader.close()


def judge(question: str, ranked: Sequence[Candidate], reader: Reader) -> list[Chosen]:
    """Return the sentences worth reading with what a reader found in them, the likeliest first.

    Raises:
        ReaderUnavailable: The reader cannot be loaded or run.
    """
    found = read(question, ranked, reader)
    judged = [
        Chosen(one.candidate, probability(known), one)
        for one, known in zip(found, features(question, found), strict=True)
    ]
    return sorted(judged, key=lambda one: -_sure(one))


def _is_many(question: str) -> bool:
    return asks_for_several(question) or len(question.split()) >= MANY_WORDS


def choose(question: str, judged: Sequence[Chosen]) -> list[Chosen]:
    """Return the sentences of the answer, best first.

    One, when it is sure enough, and more when it is not or when the question asks for several
    things; none of them says the same as another.

    Args:
        question: As it stands alone.
        judged: The likeliest first, at least one.
    """
    several = asks_for_several(question)
    chosen, wrong = [judged[0]], 1 - _sure(judged[0])
    for one in judged[1:]:
        full = len(chosen) == (MAX_OF_SEVERAL if several else MAX_SENTENCES)
        if full or _sure(one) < MIN_FURTHER or (wrong <= 1 - ENOUGH and not several):
            break
        if not any(_same(one, other) for other in chosen):
            chosen.append(one)
            wrong *= 1 - _sure(one)
    return chosen


def _same(one: Chosen, other: Chosen) -> bool:
    if one.found and other.found and one.found.folded == other.found.folded != "":
        return True
    return one.candidate.repeats(other.candidate)


def _sure(one: Chosen) -> float:
    return one.probability or 0.0


def _short(question: str, judged: Sequence[Chosen]) -> Chosen | None:
    """Return the best sentence if its span is what the question asks for, and nothing else.

    Where another story has another answer that is as good as sure, there is none.
    """
    best, kinds = judged[0], kinds_of(question)
    is_one = bool(WH.search(question)) and not asks_for_several(question)
    if best.found is None or not is_one or not _IN_SENTENCES.isdisjoint(kinds):
        return None
    if not fits(best.found.text, kinds) or best.found.span.score <= 0 or _sure(best) < MIN_SHORT:
        return None
    return None if any(_rivals(best, other) for other in judged[1:]) else best


def _rivals(best: Chosen, other: Chosen) -> bool:
    if best.found is None or other.found is None or _sure(other) < MIN_SHORT:
        return False
    one, two = best.candidate.passage.source, other.candidate.passage.source
    mine, theirs = set(best.found.folded.split()), set(other.found.folded.split())
    return one.story_id != two.story_id and not (mine <= theirs or theirs <= mine)


def _spotted(judged: Sequence[Chosen]) -> tuple[Spotted, ...]:
    """Return the likeliest answer of each source, where it is likely at all."""
    found: dict[int, Spotted] = {}
    for one in judged:
        number, begin = one.candidate.passage.source.n, one.candidate.sentence.start
        if one.found and _sure(one) >= MIN_SPOTTED and number not in found:
            span = one.found.span
            found[number] = Spotted(number, begin + span.start, begin + span.end, _sure(one))
    return tuple(found.values())


def read(question: str, ranked: Sequence[Candidate], reader: Reader) -> list[Found]:
    """Return the candidates that were read, each with the likeliest answer in it."""
    chosen = windows(ranked)
    readings = reader.read(question, [window.text for window in chosen]) if chosen else []
    by_place = {candidate.place: candidate for candidate in ranked}
    return [
        found
        for window, reading in zip(chosen, readings, strict=True)
        for found in _found(window, reading, by_place)
    ]


def _found(
    window: Window, reading: Reading, candidates: Mapping[tuple[int, int], Candidate]
) -> Iterator[Found]:
    for at in range(window.first, window.last + 1):
        candidate = candidates.get((window.passage.source.n, at))
        if candidate is None:
            continue
        start = candidate.sentence.start - window.start
        span = reading.best(start, candidate.sentence.end - window.start)
        if span:
            yield Found(candidate, Span(span.start - start, span.end - start, span.score))
