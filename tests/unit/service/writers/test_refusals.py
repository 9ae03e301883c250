from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from service.writers.refusals import refused_fields, retry_after_s


@pytest.mark.parametrize(
    ("header", "seconds"), [("3", 3.0), ("0.5", 0.5), ("-1", 0.0), ("", None), ("soon", None)]
)
def test_seconds_are_read(header: str, seconds: float | None) -> None:
    assert retry_after_s(header) == seconds


def test_a_date_is_read() -> None:
    until = datetime.now(UTC) + timedelta(minutes=5)

    seconds = retry_after_s(format_datetime(until, usegmt=True))

    assert seconds is not None
    assert 290 < seconds <= 300


def test_only_a_field_that_is_named_as_not_taken_is_refused() -> None:
    names = ("temperature", "max_tokens")

    assert refused_fields("Unsupported parameter: 'max_tokens'", names) == {"max_tokens"}
    assert refused_fields("max_tokens is too large", names) == set()
    assert refused_fields("Unknown field: max_tokens_total", names) == set()
