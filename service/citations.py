"""Which passage a sentence of a model rests on, and on which of its words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.index.lexical import terms
from service.domain import Citation, Passage, Sentence
from service.markers import Mark, square_brackets, without_markers
from service.writers.words import content_terms

_BOUNDARY = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?= [^ ])")
_SHORTENED = re.compile(
    r"(?:^|[\s(\"“‘'-])(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Adm|Rev|St|vs|No|Jan|Feb"
    r"|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|e\.g|i\.e|[^\W\d_]|(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
_SHORTENED_CHARS = 12
MAX_WINDOW = 3
# A further sentence must cover so much more of the claim to become part of the quote.
WORTH = 0.15
NUMBER_WEIGHT = 2.0


@dataclass(frozen=True)
class Claim:
    """A sentence that a model wrote, and what it says that it rests on.

    Attributes:
        text: The sentence without its markers.
        cited: Numbers of passages that were shown, each once, in the order written.
        invented: Numbers that were not shown, as written.
        opens_line: Whether a line begins with it.
    """

    text: str
    cited: tuple[int, ...] = ()
    invented: tuple[str, ...] = ()
    opens_line: bool = False

    @property
    def shown(self) -> str:
        """The sentence with its markers, as an answer has it."""
        return f"{self.text} {''.join(f'[{n}]' for n in self.cited)}".strip()

    def gap_after(self, text: str) -> str:
        """Return what stands between the text of an answer and this sentence."""
        return "" if not text else "\n" if self.opens_line else " "


def claims(text: str, shown: Collection[int]) -> list[Claim]:
    """Return the sentences of a model's text with the passages they cite.

    Args:
        text: Plain text; see `service.plain`.
        shown: The numbers of the passages that the model was shown.
    """
    found: list[Claim] = []
    for line in square_brackets(text).splitlines():
        bare, marks = without_markers(" ".join(line.split()), shown)
        if any(character.isalnum() for character in bare):
            found += _claims_of_line(bare, marks)
        elif found:
            found[-1] = _with_marks(found[-1], marks)
    return found


def _claims_of_line(line: str, marks: list[Mark]) -> Iterator[Claim]:
    rest = list(reversed(marks))
    start = 0
    for end in _ends(line, {mark.at for mark in marks}):
        claim = Claim(line[start:end].strip(), opens_line=start == 0)
        while rest and rest[-1].at <= end:
            claim = _with_marks(claim, [rest.pop()])
        if claim.text:
            yield claim
        start = end


def _with_marks(claim: Claim, marks: list[Mark]) -> Claim:
    cited = dict.fromkeys([*claim.cited, *(n for mark in marks for n in mark.cited)])
    invented = dict.fromkeys([*claim.invented, *(n for mark in marks for n in mark.invented)])
    return replace(claim, cited=tuple(cited), invented=tuple(invented))


def _ends(line: str, marked: set[int]) -> Iterator[int]:
    """Yield where sentences end: not inside quotation marks, not after an abbreviation."""
    quoted = _Quotes(line)
    for boundary in _BOUNDARY.finditer(line):
        end = boundary.end()
        before = line[max(0, boundary.start() + 1 - _SHORTENED_CHARS) : boundary.start() + 1]
        following = line[end + 1]
        open_ended = quoted.inside(end) or following.islower() or _SHORTENED.search(before)
        # A marker there is a better witness than a capital letter or the word before.
        closed = boundary.start() in marked or (end in marked and not following.islower())
        if closed or not open_ended:
            yield end
    yield len(line)


class _Quotes:
    """Tells whether a place is inside quotation marks; asked from left to right."""

    def __init__(self, line: str) -> None:
        self._line = line
        self._at = 0
        self._depth = 0
        self._straight = False
        # A mark that is never closed would put the rest of the line inside.
        self._curly_pair = line.count("“") == line.count("”")
        self._straight_pair = line.count('"') % 2 == 0

    def inside(self, at: int) -> bool:
        for character in self._line[self._at : at]:
            self._depth += (character == "“") - (character == "”")
            self._straight ^= character == '"'
        self._at = at
        curly = self._curly_pair and self._depth > 0
        return curly or (self._straight_pair and self._straight)


def cite(claim: str, passage: Passage) -> Citation:
    """Return the sentences of a passage that a claim rests on: those that share its words.

    Numbers weigh more than words. A passage that shares nothing is cited whole.
    """
    chosen = _window(claim, passage.sentences)
    source = passage.source
    start = chosen[0].start if chosen else source.start
    end = chosen[-1].end if chosen else source.end
    quote = source.text[start - source.start : end - source.start]
    return Citation(
        source=source.n, article_id=source.article_id, start=start, end=end, quote=quote
    )


def _window(claim: str, sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """Return the run of at most MAX_WINDOW sentences that covers most of a claim."""
    weights = {term: _weight(term) for term in content_terms(claim)}
    total = sum(weights.values())
    held = [weights.keys() & _words_of(sentence.text) for sentence in sentences]
    best, best_score = sentences[:0], 0.0
    for first in range(len(sentences)):
        covered: set[str] = set()
        for last in range(first, min(first + MAX_WINDOW, len(sentences))):
            covered |= held[last]
            score = sum(weights[term] for term in covered) - WORTH * total * (last - first)
            if score > best_score:
                best, best_score = sentences[first : last + 1], score
    return best


# A long answer cites the same few passages over and over.
@lru_cache(maxsize=1024)
def _words_of(sentence: str) -> frozenset[str]:
    return frozenset(terms(sentence))


def _weight(term: str) -> float:
    return NUMBER_WEIGHT if any(character.isdigit() for character in term) else 1.0
