"""The parts of a sentence that report what somebody said, and who that is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from service.speech.clauses import QUOTE, Clauses, Token
from service.speech.mentions import (
    Mention,
    is_name_word,
)
from service.speech.nearby import after, before, subject_of
from service.speech.phrases import Report, of_colon, of_phrase
from service.speech.words import (
    BE,
    CALL,
    CLAUSE,
    DIRECT,
    EMPTY,
    FINITE,
    FUNCTION,
    HAVE,
    JOINING,
    SAY,
    SAYING,
    SUBORDINATE,
    TO,
    UNSAID,
)

_ENDS = (".", "!", "?", ";")
_BEFORE_PRONOUN = JOINING | FUNCTION | HAVE | frozenset(["year", "week", "month", "night", "time"])
_FAR = 18
_TRAIL = 9


def reports(clauses: Clauses) -> list[Report]:
    """Return the reports of a sentence in its order."""
    tokens = clauses.tokens
    found: list[Report] = []
    for at, token in enumerate(tokens):
        report = None
        if token.low in SAY or token.low in CLAUSE or token.low in DIRECT or token.low in CALL:
            report = _of_verb(clauses, at)
        elif token.low in SAYING:
            report = _of_participle(clauses, at)
        elif token.low in ("according", "in", "as"):
            report = of_phrase(clauses, at)
        elif token.text == ":":
            report = of_colon(clauses, at)
        if report:
            found.append(report)
    return _parted(found)


def _parted(found: list[Report]) -> list[Report]:
    """End each report where the next clause's speaker begins."""
    ends = [
        min(one.end, after.start) if after.start > one.start else one.end
        for one, after in pairwise(found)
    ]
    cuts = [*ends, found[-1].end] if found else []
    return [
        Report(r.speaker, r.start, end, r.is_main, r.is_last)
        for r, end in zip(found, cuts, strict=True)
    ]


def _of_verb(clauses: Clauses, at: int) -> Report | None:
    tokens = clauses.tokens
    if _is_inverted(tokens, at):
        speaker = after(clauses, at + 1)
        if speaker or tokens[at - 1].text == QUOTE:
            return Report(speaker, 0, len(clauses.text), is_last=True) if speaker else None
    subject = _subject_end(tokens, at)
    ahead = tokens[subject - 1].low if subject else ""
    if subject and ahead in BE:
        return _of_passive(clauses, at, subject - 1)
    if ahead in ("and", "but"):
        return _of_second_verb(clauses, at)
    speaker = before(clauses, subject) if subject else None
    if speaker is None or not _reports(tokens, at, speaker):
        return None
    return _with_scope(clauses, speaker, at)


def _of_second_verb(clauses: Clauses, at: int) -> Report | None:
    """Read "Dahl defended the move and said …"."""
    speaker = subject_of(clauses)
    if speaker is None or speaker.kind == "description" or speaker.end > at:
        return None
    if not _reports(clauses.tokens, at, speaker):
        return None
    return Report(speaker, clauses.tokens[at].start, len(clauses.text))


def _is_inverted(tokens: Sequence[Token], at: int) -> bool:
    """Whether the speaker follows the verb: “…,” said Lena Dahl."""
    if not at or at + 1 >= len(tokens) or tokens[at].low in ("told", "tells"):
        return False
    if tokens[at - 1].text == QUOTE:
        return True
    if tokens[at - 1].text != "," or tokens[at + 1].low in ("he", "she", "it", "they"):
        return False
    # "Dahl, a baker, said Rasht was far" goes on with a verb; "…, says Dahl, who …" does not.
    window = tokens[at + 1 : at + _FAR]
    stop = next((n for n, token in enumerate(window) if not token.is_word), len(window))
    if tokens[at].low not in SAY | {"added", "adds"}:
        return stop > 0 and all(is_name_word(token) for token in window[:stop])
    return not any(token.low in FINITE or token.low == "that" for token in window[:stop])


def _subject_end(tokens: Sequence[Token], at: int) -> int | None:
    """Return where the subject ends, before adverbs and "has"; None where nothing is said."""
    end = at
    while end:
        low = tokens[end - 1].low
        if low in UNSAID:
            return None
        if low in HAVE or (low.endswith("ly") and tokens[end - 1].text.islower()):
            end -= 1
        else:
            return end
    return end


def _reports(tokens: Sequence[Token], at: int, speaker: Mention) -> bool:
    """Whether a verb with its subject reports speech, to judge by what follows it."""
    verb = tokens[at].low
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    low = following.low if following else ""
    quoted = any(token.text == QUOTE for token in tokens[at + 1 : at + _FAR])
    if verb in CALL:
        aimed = low in ("on", "for") and verb.startswith("call")
        return quoted or aimed or low in ("it", "him", "her", "them")
    if verb in DIRECT:
        return following is not None and following.is_word
    if verb in SAY or _is_behind(tokens, at, speaker):
        return low not in EMPTY
    if low == ",":
        return quoted
    if low in ("that", ":", QUOTE) or (verb in TO and low == "to"):
        return True
    return low not in ("", *_ENDS) and _has_clause(tokens, at)


def _has_clause(tokens: Sequence[Token], at: int) -> bool:
    """Whether a clause follows: "warned reporters that …", "argued the roster was …"."""
    for n in range(at + 1, min(len(tokens), at + _FAR)):
        token = tokens[n]
        if not token.is_word or token.low in ("which", "who", "whose"):
            return token.text == QUOTE and n <= at + 4
        if token.low == "that":
            # "to reporters that", but not "the deal that".
            return tokens[at + 1].low in ("to", "in", "on", "at", "reporters") or n <= at + 2
        if token.low in FINITE:
            return n > at + 1
    return False


def _is_behind(tokens: Sequence[Token], at: int, speaker: Mention) -> bool:
    """Whether what is said stands before the speaker, as in "Trade fell, Dahl said"."""
    start = speaker.start
    if not start or tokens[start - 1].text not in (",", QUOTE):
        return False
    if tokens[start - 1].text == "," and start <= 2:  # noqa: PLR2004 - "In Rasht, Dahl said"
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    rest = tokens[at + 1 : at + 2 + _TRAIL]
    # "…, Dahl announced on Monday." goes on with no clause of its own.
    trails = len(rest) <= _TRAIL and not any(t.low in FINITE or t.low == "that" for t in rest)
    at_time = following is not None and following.low in ("on", "in", "at", "to", "late")
    closes = following is None or following.text in (*_ENDS, ",") or (at_time and trails)
    return closes or tokens[start - 1].text == QUOTE


def _with_scope(clauses: Clauses, speaker: Mention, at: int) -> Report:
    tokens, end = clauses.tokens, len(clauses.text)
    start = speaker.start
    ahead = tokens[start - 1] if start else None
    if _is_behind(tokens, at, speaker):
        return Report(speaker, 0, end, is_last=True)
    if ahead is None:
        return Report(speaker, 0, end)
    # "Things he says" are not what he says.
    is_relative = ahead.is_word and speaker.kind == "pronoun" and ahead.low not in _BEFORE_PRONOUN
    if ahead.low in SUBORDINATE or is_relative:
        return Report(speaker, tokens[start].start, end, is_main=False)
    if ahead.low == "as":
        return Report(speaker, 0, end, is_last=True)
    # "Trade rose, and Dahl said …": the first clause is the outlet's.
    joined = ahead.low in JOINING and start > 1
    return Report(speaker, tokens[start].start if joined else 0, end)


def _of_passive(clauses: Clauses, at: int, be: int) -> Report | None:
    """Read "was told by Lena Dahl that"; "it is said" says nothing of who."""
    tokens = clauses.tokens
    if at + 1 < len(tokens) and tokens[at].low == "told" and tokens[at + 1].low == "by":
        speaker = after(clauses, at + 2)
        return Report(speaker, tokens[max(0, be)].start, len(clauses.text)) if speaker else None
    return None


def _of_participle(clauses: Clauses, at: int) -> Report | None:
    tokens = clauses.tokens
    if at and tokens[at - 1].low == "as":
        return _of_quoting(clauses, at)
    if not at or tokens[at - 1].text != "," or at + 1 >= len(tokens):
        return None
    speaker = after(clauses, 0)
    if speaker is None or speaker.kind == "description":
        return None
    return Report(speaker, tokens[at].start, len(clauses.text), is_main=False)


def _of_quoting(clauses: Clauses, at: int) -> Report | None:
    """Read "Dahl was quoted as saying" and "it quoted Dahl as saying"."""
    tokens, end = clauses.tokens, len(clauses.text)
    for n in range(at - 2, max(-1, at - _FAR), -1):
        if tokens[n].low not in ("quoted", "cited", "quotes", "quoting", "citing"):
            continue
        subject = _subject_end(tokens, n)
        if subject and tokens[subject - 1].low in BE:
            while subject and tokens[subject - 1].low in BE | HAVE:
                subject -= 1
            speaker = before(clauses, subject)
        else:
            speaker = after(clauses, n + 1)
        if speaker is None:
            return None
        is_last = at + 1 >= len(tokens) or tokens[at + 1].text in _ENDS
        return Report(speaker, 0, end, is_last=is_last)
    return None
