"""What tells apart the articles of one file."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from ingest.domain import RawArticle
from ingest.read.fields import key

_IDS = ("id", "guid", "uuid")
_MAX_ID_CHARS = 80
_HASH_DIGITS = 12


class RecordNames:
    """Names the records of one file by what they are, not by where they stand."""

    def __init__(self) -> None:
        """Start with no name given."""
        self._given: Counter[str] = Counter()

    def named(self, fields: Mapping[str, object], raw: RawArticle) -> RawArticle:
        """Return the article under its own id, else under a hash of title, outlet and date.

        Records that are alike in all of them get `-2` and on in the order of the file.
        """
        name = _own_id(fields) or _digest(raw)
        self._given[name] += 1
        count = self._given[name]
        return replace(raw, record=name if count == 1 else f"{name}-{count}")


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


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_HASH_DIGITS]
