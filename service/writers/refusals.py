"""What a language model's server says when it does not answer: what it does not take, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_NOT_TAKEN = re.compile(
    r"unsupported|not supported|unrecognized|unknown|unexpected|not permitted|not allowed|extra"
    r"|invalid (?:parameter|argument|field)|does not support",
    re.I,
)


def refused_fields(said: str, names: Iterable[str]) -> set[str]:
    """Return which fields of a request a server says that it does not take."""
    if not _NOT_TAKEN.search(said):
        return set()
    return {name for name in names if re.search(rf"\b{re.escape(name)}\b", said)}


def retry_after_s(header: str) -> float | None:
    """Return the seconds of a Retry-After header, a number or a date; None where it is neither."""
    with suppress(ValueError):
        return max(0.0, float(header))
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    return None
