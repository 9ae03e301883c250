"""A text read for checking: its sentences, their words, and what in them is negated or unsure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise, zip_longest
from typing import NamedTuple

from ingest.index.lexical import terms
from service.writers.words import joining_terms

_TOKEN = re.compile(r"\d{1,18}(?:[.,]\d{1,9}){0,6}|[^\W\d_]+(?:['’]t\b)?|[.,;:!?()–—]")
_BOUNDARY = re.compile(r"[.!?…]++[\"'”’»)\]]*+(?= [^a-z ])")
_SHORTENED = re.compile(
    r"(?:^|[\s(\"“‘'-])(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Adm|Rev|St|vs|No|Jan"
    r"|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|[^\W\d_]|(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
# Words that a stemmer does not bring together: irregular forms of verbs, and the base.
_IRREGULAR = """
rise rose risen;fall fell fallen;grow grew grown growth;win won;lose lost loss;buy bought
sell sold sale;begin began begun;leave left;go went gone;take took taken;give gave given;meet met
come came;make made;keep kept;hold held;sink sank sunk;run ran;write wrote written;pay paid
build built;send sent;speak spoke spoken;lead led;bring brought;stand stood;find found;see saw seen
choose chose chosen;break broke broken;shut;draw drew drawn;know knew known;think thought;feel felt
tell told;say said;get got;become became;drive drove driven;rule;beat beaten;shrink shrank shrunk
strike struck;lay laid;spend spent;sit sat;hear heard;fly flew flown;show shown;teach taught
""".replace("\n", ";")
_BASES = {form: group.split()[0] for group in _IRREGULAR.split(";") for form in group.split()}
# A verb and a particle, and the verb that means the same.
_WITH_PARTICLE = """
turn down reject;shut down close;call off cancel;put off postpone;give up abandon;set up found
carry out conduct;lay off dismiss;take over acquire;go up rise;go back return;go down fall
come down fall;speed up accelerate;slow down slow;bring back return;take back withdraw
bring down lower;knock down demolish;pull down demolish;find out learn;pull out withdraw
turn away reject;throw out reject;vote down reject;back down retreat
"""
_PHRASAL = {
    (stem, particle): meant
    for stem, particle, meant in (
        phrase.split() for phrase in _WITH_PARTICLE.strip().replace("\n", ";").split(";")
    )
}
_NEGATORS = frozenset(
    [
        "not",
        "never",
        "no",
        "none",
        "nobody",
        "nothing",
        "neither",
        "nor",
        "without",
        "cannot",
        "nowhere",
    ]
)
_NOT_CONTENT = _NEGATORS | {"out", "off", "away"}
# These deny what follows only before "to".
_FAILING = frozenset(
    ["fail", "failed", "fails", "refuse", "refused", "refuses", "decline", "declined", "declines"]
)
_DENYING = frozenset(["deny", "denied", "denies", "denying"])
_AFFIRMING = (("not", "only"), ("not", "just"), ("no", "doubt"), ("nothing", "but"), ("not", "yet"))
_UNCERTAIN = frozenset(["may", "might", "could", "perhaps", "possibly", "maybe"])
_INTENDED = frozenset(
    [
        "plan",
        "plans",
        "planned",
        "planning",
        "hope",
        "hopes",
        "hoped",
        "hoping",
        "want",
        "wants",
        "wanted",
        "seek",
        "seeks",
        "sought",
        "expected",
        "expects",
        "consider",
        "considers",
        "considering",
        "propose",
        "proposes",
        "proposed",
        "aim",
        "aims",
        "likely",
        "intend",
        "intends",
        "intended",
        "proposes",
        "proposing",
        "promised",
        "wishes",
    ]
)
# The others are something else where no "to" follows.
_INTENDED_ALONE = frozenset(
    ["expects", "likely", "considers", "considering", "proposes", "proposing"]
)
_STOPS = frozenset([*".,;:!?()–—", "but", "while", "although", "because", "that", "who", "which"])
_SCOPE = 3
_MAX_TOKENS = 400
_REACH = 5
_ASKING = """
call ask urge want order demand expect plan agree promise offer vow threaten hope intend propose
seek invite warn is are was were
"""


class Token(NamedTuple):
    """A word of a sentence.

    Attributes:
        stem: As the index holds it, irregular verbs in their base.
        content: Whether it carries meaning.
        compound: Whether a hyphen follows.
    """

    word: str
    stem: str
    start: int
    end: int
    content: bool
    compound: bool = False


@dataclass(frozen=True)
class Reading:
    """One sentence.

    Attributes:
        content: The stems that carry meaning.
        stems: All stems.
        negated: Stems that a negation stands before.
        affirmed: Stems that two negations stand before, as in "did not rule out".
        negation: Where each negation stands among the tokens.
        uncertain: Stems of what only may happen.
        intended: Stems of what is only planned, expected or wished.
        asked: Stems of what somebody is only asked, told or going to do.
    """

    text: str
    tokens: tuple[Token, ...]
    content: frozenset[str]
    stems: frozenset[str]
    negated: frozenset[str]
    affirmed: frozenset[str]
    negation: tuple[int, ...]
    uncertain: frozenset[str]
    intended: frozenset[str]
    asked: frozenset[str]


@lru_cache(maxsize=20_000)
def stem_of(word: str) -> str:
    """Return a lower-case word as the index holds it; "" of what it does not hold."""
    base = _BASES.get(word, word)
    return next(iter(terms(base)), "")


@lru_cache(maxsize=256)
def read(text: str) -> tuple[Reading, ...]:
    """Return the sentences of a text."""
    return tuple(read_sentence(sentence) for sentence in _sentences(text))


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        start = 0
        for boundary in _BOUNDARY.finditer(line):
            if not _SHORTENED.search(line, max(start, boundary.start() - 8), boundary.start() + 1):
                yield line[start : boundary.end()].strip()
                start = boundary.end()
        if line[start:].strip():
            yield line[start:].strip()


@lru_cache(maxsize=512)
def read_sentence(sentence: str) -> Reading:
    """Read one sentence; of a very long one, its beginning."""
    tokens = tuple(_tokens(sentence))
    negation = tuple(at for at in range(len(tokens)) if _negates(tokens, at))
    # "May" is a month.
    uncertain = [
        at
        for at, token in enumerate(tokens)
        if token.word in _UNCERTAIN and sentence[token.start] != "M"
    ]
    intended = [at for at in range(len(tokens)) if _intends(tokens, at)]
    return Reading(
        text=sentence,
        tokens=tokens,
        content=frozenset(token.stem for token in tokens if token.content),
        stems=frozenset(token.stem for token in tokens),
        negated=_scopes(tokens, negation, _SCOPE),
        affirmed=_twice(tokens, negation),
        negation=negation,
        # "May sign", not all that comes of it.
        uncertain=_scopes(tokens, uncertain, 1),
        intended=_scopes(tokens, intended, 1),
        asked=frozenset(_asked(tokens)),
    )


def _tokens(sentence: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(sentence):
        word = match[0].casefold().replace("’", "'")
        stem = stem_of(word)
        bare = stem in joining_terms() or word in _NOT_CONTENT or "'" in word
        content = (len(stem) > 1 and not bare) or word.isdecimal()
        compound = sentence[match.end() : match.end() + 1] == "-"
        found.append(Token(word, stem or word, match.start(), match.end(), content, compound))
        if len(found) == _MAX_TOKENS:
            break
    return [_with_particle(token, after) for token, after in zip_longest(found, found[1:])]


def _with_particle(token: Token, after: Token | None) -> Token:
    """Return "turned" of "turned down" as "rejected"."""
    meant = _PHRASAL.get((token.stem, after.word if after else ""))
    return token._replace(stem=stem_of(meant)) if meant else token


def _asked(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield what follows "to" after a word that asks for it."""
    for at, token in enumerate(tokens[:-1]):
        before = [one.stem for one in tokens[max(0, at - _REACH) : at]]
        if token.word == "to" and tokens[at + 1].content and _asking() & set(before):
            yield tokens[at + 1].stem


@cache
def _asking() -> frozenset[str]:
    return frozenset(stem_of(word) for word in _ASKING.split())


def _intends(tokens: Sequence[Token], at: int) -> bool:
    word = tokens[at].word
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    return word in _INTENDED and (following == "to" or word in _INTENDED_ALONE)


def _negates(tokens: Sequence[Token], at: int) -> bool:
    word = tokens[at].word
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if (word, following) in _AFFIRMING or tokens[at].compound:
        return False
    if word in _FAILING:
        return following == "to"
    if word in ("rule", "ruled", "rules"):
        return following == "out"
    return word in _NEGATORS or word in _DENYING or word.endswith("n't")


def _scopes(tokens: Sequence[Token], starts: Sequence[int], size: int) -> frozenset[str]:
    return frozenset(token.stem for start in starts for token in scope(tokens, start, size))


def _twice(tokens: Sequence[Token], starts: Sequence[int]) -> frozenset[str]:
    pairs = [(one, other) for one, other in pairwise(starts) if other - one == 1]
    return frozenset(token.stem for _, start in pairs for token in scope(tokens, start))


def scope(tokens: Sequence[Token], start: int, size: int = _SCOPE) -> list[Token]:
    """Return the first words of meaning after a token, to the end of its clause."""
    found: list[Token] = []
    for token in tokens[start + 1 : start + 9]:
        if len(found) == size or (token.word in _STOPS and (found or token.word != "that")):
            break
        if token.content:
            found.append(token)
    return found
