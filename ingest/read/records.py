"""What tells apart the articles of one file."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping
from dataclasses import replace

from ingest.domain import RawArticle
from ingest.read.fields import key

_IDS = ("id", "guid", "uuid")
_MAX_ID_CHARS = 80
_HASH_DIGITS = 12
_FIRST_SLOTS = 64


class RecordNames:
    """Names the records of one file by what they are, not by where they stand."""

    def __init__(self) -> None:
        """Start with no name given."""
        self._given = _Numbers()
        self._counts: dict[int, int] = {}

    def named(self, fields: Mapping[str, object], raw: RawArticle) -> RawArticle:
        """Return the article under its own id, else under a hash of title, outlet and date.

        Records that are alike in all of them get `-2` and on in the order of the file.
        """
        name = _own_id(fields) or _digest(raw)
        count = self._counted(_number(name))
        return replace(raw, record=name if count == 1 else f"{name}-{count}")

    def _counted(self, number: int) -> int:
        if self._given.add(number):
            return 1
        self._counts[number] = self._counts.get(number, 1) + 1
        return self._counts[number]


class _Numbers:
    """A set of numbers of 8 bytes, in 24 bytes each at most; Python's own takes four times that."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * _FIRST_SLOTS))
        self._count = 0

    def add(self, number: int) -> bool:
        """Put in a number that is not zero; tell whether it is new."""
        place = self._place(number)
        if self._slots[place]:
            return False
        self._slots[place] = number
        self._count += 1
        if 3 * self._count > 2 * len(self._slots):
            self._grow()
        return True

    def _place(self, number: int) -> int:
        size = len(self._slots)
        place = number % size
        while self._slots[place] not in (0, number):
            place = (place + 1) % size
        return place

    def _grow(self) -> None:
        old = self._slots
        self._slots = array("Q", bytes(2 * 8 * len(old)))
        for number in filter(None, old):
            self._slots[self._place(number)] = number


def _own_id(fields: Mapping[str, object]) -> str | None:
    by_key = {key(name): value for name, value in fields.items()}
    for name in _IDS:
        value = by_key.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            text = str(value).strip()
            return text if len(text) <= _MAX_ID_CHARS else _hash(text)
    return None


def _digest(raw: RawArticle) -> str:
    named = raw.title or raw.text[:200]
    return _hash("\n".join((named, raw.outlet or "", raw.published or "")))


def _number(name: str) -> int:
    digest = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") or 1


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_HASH_DIGITS]
