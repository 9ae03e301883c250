"""Who may do what: API keys, of which the service knows only the SHA-256.

A setting names them, separated by commas or blanks: `HASH` alone may do what readers do (`ask`,
`read`, `feedback`); `HASH:SCOPE+SCOPE` may do what its scopes say. Several at once let a new key
take the place of an old one without a moment in which neither works.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Scope = Literal["ask", "read", "feedback", "metrics"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
READER: frozenset[Scope] = frozenset({"ask", "read", "feedback"})
PREFIX = "dl_"
MAX_KEY_BYTES = 512
_HASH = re.compile(r"[0-9a-f]{64}")
_KEY_BYTES = 32


@dataclass(frozen=True)
class Key:
    """What is known of a key.

    Attributes:
        sha256: Of its bytes, lower-case hex.
        scopes: What its holder may do.
    """

    sha256: str
    scopes: frozenset[Scope]

    @property
    def name(self) -> str:
        """What logs and counters call it; nobody can get from here to the key."""
        return self.sha256[:8]


def new_key() -> str:
    """Return a key that nobody can guess: 256 random bits."""
    return PREFIX + secrets.token_urlsafe(_KEY_BYTES)


def hash_of(key: str) -> str:
    """Return what a setting says of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def read_keys(setting: str) -> tuple[Key, ...]:
    """Return the keys that a setting names.

    Raises:
        ValueError: An entry is no hash, or names a scope that there is not; says which.
    """
    return tuple(_read(entry) for entry in re.split(r"[\s,]+", setting) if entry)


def _read(entry: str) -> Key:
    found, _, named = entry.partition(":")
    if not _HASH.fullmatch(found.lower()):
        # The entry may be a key that somebody took for its hash.
        raise ValueError(
            f"an entry of {len(entry)} characters is not a SHA-256 in hex; `dateline keys new` "
            "prints a key and what to put here"
        )
    scopes = frozenset(named.split("+")) if ":" in entry else READER
    unknown = sorted(scopes - set(SCOPES))
    if unknown:
        # It may be a key that stands where a scope should.
        raise ValueError(f"a scope is none that there is; there are {', '.join(SCOPES)}")
    return Key(found.lower(), frozenset(scope for scope in SCOPES if scope in scopes))


def find_key(keys: Sequence[Key], given: bytes) -> Key | None:
    """Return the key whose bytes were given; takes as long whichever it is.

    Args:
        keys: Those that are known.
        given: What a client sent, in any encoding.
    """
    if len(given) > MAX_KEY_BYTES:
        return None
    sha256 = hashlib.sha256(given).hexdigest().encode()
    found = None
    for key in keys:
        if hmac.compare_digest(key.sha256.encode(), sha256):
            found = key
    return found
