"""When a source was published, as exactly as it is known and no more."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from service.domain import Source

_KNOWN_CHARS = {
    "minute": len("2025-12-17"),
    "day": len("2025-12-17"),
    "month": len("2025-12"),
    "year": len("2025"),
}


def day_of(source: Source) -> date | None:
    """Return the day, None where not even the day is known."""
    with suppress(ValueError):
        return date.fromisoformat(day_shown(source))
    return None


def day_shown(source: Source) -> str:
    """Return the day, the month or the year in ISO 8601; "" when it is unknown."""
    return (source.published_at or "")[: _KNOWN_CHARS.get(source.published_precision, 0)]


def date_in_words(source: Source) -> str:
    """Return "3 May 2024", "May 2024" or "2024"; "" when it is unknown."""
    shown = day_shown(source)
    form = {"year": "%Y", "month": "%B %Y"}.get(source.published_precision)
    if not shown:
        return ""
    day = date.fromisoformat(f"{shown}-01-01"[: len("2025-12-17")])
    return day.strftime(form) if form else f"{day.day} {day:%B %Y}"
