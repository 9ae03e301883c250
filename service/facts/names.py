"""Names in a claim: its capitalised words, and whether a text has them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet
from functools import cache

from ingest.index.lexical import terms
from ingest.index.spelling import name_keys
from service.writers.words import joining_terms

_TOKEN = re.compile(r"[^\W\d_]\w*")
OF_MANY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|US\b|UK\b|U\.S")
"""Begins names that are too common to tell one matter from another."""
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
_STARTS = re.compile(r"(?:^|[.!?:;…])[\s\"'“‘«(]*$")
# "Isfahan and Tehran": a name beside a name.
_JOINED = re.compile(r"(?:and|or) [^\W\d_a-z]")
_PART = r"[^\W\d_a-z][\w’'-]{0,40}"
_LONG_NAME = re.compile(rf"(?<![\w’'-]){_PART}(?: (?:(?:of|for|and|the|on) ){{0,2}}{_PART}){{2,8}}")
_MIN_INITIALS = 3
# A shorter name may differ from another in its vowels alone.
_MIN_SOUND = 6
_LONG_WORD = re.compile(rf"[^\W\d_a-z][\w’'-]{{{_MIN_SOUND - 1},40}}")
# No word begins so.
_SOUND = "~"
_LOOK_BACK = 4
_MIN_CHARS = 2
# Words that open a sentence before a name and are none.
_OPENERS = """
according across although amid among another asked because before between both despite during
earlier either even every few finally however instead last late later like many meanwhile
moreover neither next no not once only per previously recently separately several similarly
since still then therefore though through throughout today together unless unlike until
whereas while within without yes yesterday yet reports reporting outlet
"""
# A word at the start of a sentence is somebody when it says something.
_SAYING = """
accused added admitted announced argued asked believes called claimed claims confirmed
declared demanded denied describes described expects insisted notes noted promised quoted
quotes rejected replied reported reports responded said saying says stated states suggested
told tweeted urged vowed wants warned warns writes wrote
"""
# "Iranian" names Iran: the longer word is the shorter one and one of these.
_OF_A_PLACE = ("n", "i", "an", "ian", "ese", "ish", "s")
_MIN_PLACE_CHARS = 4
# Countries whose people are called otherwise, with the city that stands for the government.
_COUNTRIES = """
uk british britain|london
us american americans america|washington
france french|paris
germany german germans|berlin
spain spanish|madrid
netherlands dutch|hague
switzerland swiss|bern
greece greek greeks|athens
turkey turkish turks|ankara
poland polish poles|warsaw
denmark danish danes|copenhagen
sweden swedish swedes|stockholm
finland finnish finns|helsinki
ireland irish|dublin
scotland scottish scots|edinburgh
wales welsh|cardiff
china chinese|beijing
russia russian russians|moscow kremlin
iran iranian iranians|tehran
israel israeli israelis|jerusalem
iraq iraqi iraqis|baghdad
ukraine ukrainian ukrainians|kyiv kiev
norway norwegian norwegians|oslo
afghanistan afghan afghans|kabul
philippines filipino filipinos|manila
europe european europeans eu|brussels
saudi|riyadh
"""


@cache
def _opening_words() -> frozenset[str]:
    return frozenset(_OPENERS.split())


@cache
def _saying_words() -> frozenset[str]:
    return frozenset(_SAYING.split())


def words(text: str) -> frozenset[str]:
    """Return the words of a text, folded, their stems, what its names sound like, and initials.

    "Sergei" is there as "Sergey" too, the International Atomic Energy Agency as "iaea".
    """
    folded = _folded(text)
    sounds = (_SOUND + key for word in _LONG_WORD.findall(text) for key in name_keys(word))
    return frozenset([*_TOKEN.findall(folded), *terms(folded), *sounds, *_initials(text)])


def _initials(text: str) -> list[str]:
    found = []
    for run in _LONG_NAME.findall(text):
        letters = "".join(word[0] for word in run.split() if word[0].isupper())
        if len(letters) >= _MIN_INITIALS:
            found.append(letters.casefold())
    return found


def missing_names(claim: str, known: AbstractSet[str]) -> list[str]:
    """Return the names of a claim that are not among the known words, as written.

    Words of one name that follow each other are reported together.
    """
    tokens = list(_TOKEN.finditer(claim))
    runs: list[list[re.Match[str]]] = []
    for position, token in enumerate(tokens):
        if not _is_name(claim, tokens, position) or is_known(token[0], known):
            continue
        if runs and claim[runs[-1][-1].end() : token.start()] in (" ", "-"):
            runs[-1].append(token)
        else:
            runs.append([token])
    return [claim[run[0].start() : run[-1].end()] for run in runs]


def _is_name(claim: str, tokens: list[re.Match[str]], position: int) -> bool:
    token = tokens[position]
    word = token[0]
    if len(word) < _MIN_CHARS or not any(character.isupper() for character in word):
        return False
    if _is_function_word(word):
        return False
    if not word[0].isupper() or not word[1:].islower() or not _starts(claim, token.start()):
        return True
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    return _is_name_at_start(claim, token, following)


def _is_name_at_start(claim: str, token: re.Match[str], following: re.Match[str] | None) -> bool:
    """Tell a name from a word that is capitalised because a sentence begins with it."""
    if _POSSESSIVE.match(claim, token.end()):
        return True
    if following is None:
        return False
    near = claim[token.end() : following.start()] in (" ", "-")
    if near and _JOINED.match(claim, following.start()):
        return True
    return near and (following[0][0].isupper() or following[0] in _saying_words())


def _is_function_word(word: str) -> bool:
    folded = word.casefold()
    # Acronyms such as "US" and "IT" are spelled like function words.
    if word.isupper():
        return False
    return folded in _opening_words() or any(term in joining_terms() for term in terms(folded))


def _starts(claim: str, at: int) -> bool:
    before = claim[max(0, at - _LOOK_BACK) : at]
    return bool(_STARTS.search(before if at > _LOOK_BACK else claim[:at]))


def is_known(word: str, known: AbstractSet[str]) -> bool:
    """Tell whether a name, however bent, is among folded words and their stems."""
    folded = _folded(word)
    if folded in known or any(term in known for term in terms(folded)):
        return True
    if len(word) >= _MIN_SOUND and any(_SOUND + key in known for key in name_keys(word)):
        return True
    if _other_words().get(folded, frozenset()) & known:
        return True
    longer = any(folded + ending in known for ending in _OF_A_PLACE)
    shorter = any(
        folded.removesuffix(ending) in known
        for ending in _OF_A_PLACE
        if folded.endswith(ending) and len(folded) - len(ending) >= _MIN_PLACE_CHARS
    )
    return shorter or (longer and len(folded) >= _MIN_PLACE_CHARS)


@cache
def _other_words() -> dict[str, frozenset[str]]:
    """Return what else means a country, by each word for it; its city is less than the country."""
    return {
        word: frozenset(line.replace("|", " ").split())
        for line in _COUNTRIES.strip().splitlines()
        for word in line.split("|")[0].split()
    }


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
