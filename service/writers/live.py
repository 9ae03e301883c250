"""What of a model's answer can be shown while it is being written.

The words are shown as they come, in the form that the finished answer will have: without markup and
addresses, and with each marker whole, behind its sentence. What could still turn out otherwise is
held back: the last word, an open bracket, the markers of a sentence that is not finished.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Sequence
from dataclasses import replace

from service.citations import Claim, claims
from service.markers import square_brackets
from service.plain import is_thinking, plain, without_thinking
from service.writers.chat import Tell

GAP_S = 0.15
"""Between two looks at a text: most take a third of a millisecond, and a hundred may be written."""
SLOWER = 50
"""Looks at a text take a fiftieth of the time at most: a long list is read as a whole each time."""
LONG_CHARS = 400
"""Of a text that is not settled yet; more is settled where a sentence ends."""
# A line that has nothing but markers belongs to the sentence before it.
_LINE = re.compile(r"\n(?=[^\W\d_])")
_NUMBERED = re.compile(r"^ ?\d{1,2}[.)]", re.M)
_SCRIPT = re.compile(r"<(?:script|style)\b", re.I)
_SENTENCE = re.compile(r"[.!?…][\"”’)\]]*(?: ?\[[^\[\]\n]{1,20}\])* (?=\S)")
# At its end: brackets that may be markers, what joins them to others, and markup around them.
_MAYBE_MARKERS = re.compile(
    r"(?:[\[(][^\[\]()\n]{0,80}[\])]|<[^<>\n]{0,80}>|\b(?:and|to)\b|[\s,;&*_!–-])++\Z", re.I
)
_TAIL_CHARS = 200
# What an opening sign begins is over after so many characters, or never.
_OPEN_CHARS = 300
# A marker before a quotation of two sentences is not known to be the first one's until its end.
_PAIRS = {"[": "]", "(": ")", "<": ">", "`": "`", '"': '"', "“": "”"}


class LiveText:
    """Tells the pieces of one answer."""

    def __init__(self, shown: Collection[int], declining: str, tell: Tell) -> None:
        """Take what the model was shown, what it says when it declines, and who is told.

        Args:
            shown: The numbers of the passages.
            declining: A line that is not shown, as long as the answer may become it.
            tell: Given each piece.
        """
        self._shown = shown
        self._declining = letters(declining)
        self._tell = tell
        self._told = ""
        self._settled: list[Claim] = []
        self._pending = ""
        self._goes_on = False
        self._next_look = 0.0

    def add(self, piece: str) -> None:
        """Take the next piece of the model's text."""
        self._pending += piece
        if is_thinking(self._pending):
            return
        self._pending = without_thinking(self._pending)
        now = time.monotonic()
        if now < self._next_look:
            return
        self._settle()
        self._say(self._visible())
        # The first word is not to wait, and a text that is slow to read is read less often.
        took = time.monotonic() - now
        self._next_look = now + max(GAP_S if self._told else 0.0, SLOWER * took)

    def finish(self, text: str) -> None:
        """Tell what is left of the finished answer; nothing when it begins otherwise."""
        self._say(text)

    def _say(self, text: str) -> None:
        if len(text) > len(self._told) and text.startswith(self._told):
            self._tell(text[len(self._told) :])
            self._told = text

    def _settle(self) -> None:
        """Read what no further word can change once and for all."""
        if _NUMBERED.search(self._pending) or _SCRIPT.search(self._pending):
            # Whether such a number is shown depends on all the others; a script goes on to its end.
            return
        whole, goes_on = _up_to_last(_LINE, self._pending), False
        # A tag or a link may go on in the next line.
        whole = whole if _open_from(whole) == len(whole) else ""
        if not whole and len(self._pending) > LONG_CHARS:
            whole, goes_on = self._sentences(_up_to_last(_SENTENCE, self._pending[:-1])), True
        if whole:
            self._settled += self._claims(whole)
            self._pending = self._pending[len(whole) :]
            self._goes_on = goes_on

    def _sentences(self, head: str) -> str:
        """Return `head` if it reads the same with and without what follows."""
        tail = claims(plain(self._pending[len(head) :]), self._shown)
        apart = [*self._claims(head), *_continued(tail)]
        return head if apart == self._claims(self._pending) else ""

    def _claims(self, text: str) -> list[Claim]:
        found = claims(plain(text), self._shown)
        return _continued(found) if self._goes_on else found

    def _visible(self) -> str:
        found = self._settled + self._claims(_closed(self._pending))
        # What has no letter yet may become a list's number, a rule or a fence.
        while found and not any(character.isalpha() for character in found[-1].text):
            found = found[:-1]
        if not found or self._may_decline(found):
            return ""
        text = ""
        for claim in found[:-1]:
            text += claim.gap_after(text) + claim.shown
        # The last one may still grow, and its markers with it.
        return text + found[-1].gap_after(text) + _MAYBE_MARKERS.sub("", found[-1].text)

    def _may_decline(self, found: Sequence[Claim]) -> bool:
        begun = letters("".join(claim.text for claim in found[:2]))
        return self._declining.startswith(begun) or letters(found[0].text) == self._declining


def _continued(found: list[Claim]) -> list[Claim]:
    """Return claims of which the first one goes on in a line."""
    return [replace(claim, opens_line=claim.opens_line and n > 0) for n, claim in enumerate(found)]


def letters(text: str) -> str:
    """Return the letters and digits of a text, folded."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _up_to_last(pattern: re.Pattern[str], text: str) -> str:
    ends = [match.end() for match in pattern.finditer(text)]
    return text[: ends[-1]] if ends else ""


def _closed(text: str) -> str:
    """Return a text up to its last whole word, and up to where something may go on."""
    while True:
        before, text = "", _whole_words(text)
        # What stands right before a tag may be joined to what comes after it; a word that goes may
        # open what it closed.
        while text != before:
            before, text = text, _whole_words(text[: _open_from(text)])
        tail = max(0, len(text) - _TAIL_CHARS)
        kept = text[:tail] + _MAYBE_MARKERS.sub("", square_brackets(text[tail:]))
        joined = square_brackets(text[len(kept) : len(kept) + 1]) in tuple("[(<")
        if not joined or kept[-1:].isalnum():
            return kept
        # A link may follow at once, and then no sentence ends here.
        text = kept


def _whole_words(text: str) -> str:
    return text[: max(text.rfind(blank) for blank in " \n\t") + 1]


def _open_from(text: str) -> int:
    """Return where the first bracket or code span begins that is not closed, or the end."""
    opened: list[int] = []
    start = max(0, len(text) - _OPEN_CHARS)
    recent = square_brackets(text[start:])
    for at, sign in enumerate(recent):
        if opened and sign == _PAIRS[recent[opened[-1]]]:
            opened.pop()
        elif sign in _PAIRS:
            opened.append(at)
    return start + opened[0] if opened else len(text)
