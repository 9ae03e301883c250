from __future__ import annotations

import pytest

from ingest.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ferry ran aground off the northern cape on Monday and nobody was hurt.", "en"),
        ("Die Fähre lief am Montag vor dem Nordkap auf Grund, verletzt wurde niemand.", "de"),
        ("کشتی روز دوشنبه در نزدیکی دماغه شمالی به گل نشست و کسی آسیب ندید.", "fa"),
        ("Паром сел на мель возле северного мыса в понедельник, никто не пострадал.", "ru"),
    ],
)
def test_the_text_shows_its_language(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["82.1 77.4 1.3 %", "", "Brent 82.1"])
def test_too_little_shows_none(text: str) -> None:
    assert detect(text) is None
