"""Names that are spelled in several ways: Araghchi and Araqchi, Qaddafi and Gadhafi.

Written out of another script, a name's consonants keep their sound and change their letters, and
its vowels change at will. Metaphone and its like are made for English spelling, where a "gh" is
silent.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MIN_KEY_CHARS = 5
"""A shorter key is shared by too many words: Korea and Kerry."""
_NAMES_KEPT = 50_000
_NAME = re.compile(r"[^\W\d_][^\W\d_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_SAME_SOUND = (
    (re.compile("[wv]"), "v"),
    (re.compile("off?$"), "ov"),
    (re.compile("ph"), "f"),
    (re.compile("t?ch|tsch|cz"), "C"),
    (re.compile("sh|sch"), "S"),
    (re.compile("zh"), "Z"),
    (re.compile("[kgc]h|g(?=[^n])|q|ck|c|g$"), "k"),
    (re.compile("dh"), "d"),
    (re.compile("th"), "t"),
    (re.compile("[aeiouyj]+"), "a"),
    (re.compile(r"(.)\1+"), r"\1"),
)


@lru_cache(_NAMES_KEPT)
def name_key(word: str) -> str | None:
    """Return what the spellings of a name have in common, None when that would say too little."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    key = "".join(c for c in decomposed if "a" <= c <= "z")
    for sound, letter in _SAME_SOUND:
        key = sound.sub(letter, key)
    return key if len(key) >= MIN_KEY_CHARS else None


def name_keys(text: str) -> list[str]:
    """Return the keys of the capitalised words of a text, in order, each once."""
    words = _NAME.findall(_POSSESSIVE.sub("", text))
    keys = (name_key(word) for word in words if word[0].isupper())
    return list(dict.fromkeys(key for key in keys if key))
