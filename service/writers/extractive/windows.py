"""What a reader reads: runs of sentences around those that are nearest to the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain import Passage
from service.writers.extractive.candidates import Candidate

MAX_CHARS = 6000
"""Of all windows, about 1,300 word pieces: what two cores read in a twentieth of a second."""
MOST_CHARS = 1400
"""Of one window, about 300 word pieces: with the question, what the reader takes in at once."""
LEAST_CHARS = 600
MAX_WINDOWS = 12
MAX_IN_PASSAGE = 2
MIN_SHARE = 0.5
"""A sentence that scores less than this share of the best one's score is not worth reading."""


@dataclass(frozen=True)
class Window:
    """Sentences of a passage that stand together.

    Attributes:
        first: The place of the first one in the passage; `last` is that of the last one.
    """

    passage: Passage
    first: int
    last: int

    @property
    def start(self) -> int:
        """Where its text begins in the article's text."""
        return self.passage.sentences[self.first].start

    @property
    def text(self) -> str:
        """Its text, verbatim."""
        begin = self.passage.source.start
        end = self.passage.sentences[self.last].end
        return self.passage.source.text[self.start - begin : end - begin]


def windows(ranked: Sequence[Candidate]) -> list[Window]:
    """Return what to read for sentences that are given best first; no sentence is in two."""
    if not ranked:
        return []
    least = MIN_SHARE * ranked[0].score
    worth = [candidate for candidate in ranked if candidate.score >= least]
    passages = len({candidate.passage.source.n for candidate in worth})
    # Few passages are read more widely: where more is read, the reader knows better that none of
    # it answers.
    chars = min(MOST_CHARS, max(LEAST_CHARS, MAX_CHARS // passages))
    taken: dict[int, list[Window]] = {}
    found: list[Window] = []
    left = MAX_CHARS
    for candidate in worth:
        if len(found) == MAX_WINDOWS:
            break
        own = taken.setdefault(candidate.passage.source.n, [])
        is_read = any(window.first <= candidate.at <= window.last for window in own)
        if not is_read and len(own) < MAX_IN_PASSAGE:
            window = _around(candidate, own, chars)
            left -= len(window.text)
            if left < 0 and found:
                break
            own.append(window)
            found.append(window)
    return found


def _around(candidate: Candidate, others: Sequence[Window], chars: int) -> Window:
    """Return the sentence with those around it, one more on either side while they fit."""
    passage = candidate.passage
    window, grown = Window(passage, candidate.at, candidate.at), None
    while window != grown:
        grown = window
        for first, last in ((-1, 0), (0, 1)):
            wider = Window(passage, window.first + first, window.last + last)
            if _fits(wider, chars) and not any(_overlap(wider, other) for other in others):
                window = wider
    return window


def _fits(window: Window, chars: int) -> bool:
    sentences = window.passage.sentences
    if window.first < 0 or window.last == len(sentences):
        return False
    return sentences[window.last].end - window.start <= chars


def _overlap(one: Window, other: Window) -> bool:
    return one.first <= other.last and other.first <= one.last
