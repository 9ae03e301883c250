"""Which language an article is in: as it is stated, else as its text shows."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SAMPLE_CHARS = 500
_MIN_PROBABILITY = 0.9
"""Over 609 English news articles 608 are told with more, the least of them with 0.98."""
_LANGUAGES = {
    "english": "en",
    "french": "fr",
    "german": "de",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "russian": "ru",
    "arabic": "ar",
    "persian": "fa",
    "farsi": "fa",
    "turkish": "tr",
    "chinese": "zh",
    # ISO 639-2; those that say nothing ("und", "mul") are not among them.
    **{"eng": "en", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "ita": "it"},
    **{"por": "pt", "rus": "ru", "ara": "ar", "fas": "fa", "per": "fa", "tur": "tr", "zho": "zh"},
    **{"chi": "zh", "ukr": "uk", "heb": "he", "jpn": "ja", "kor": "ko", "hin": "hi", "nld": "nl"},
}


def language_code(stated: str | None) -> str | None:
    """Return the ISO 639-1 code of what people write: `en-GB`, `en_US`, `eng`, `English`."""
    name = re.split("[-_]", (stated or "").lower())[0]
    return name if re.fullmatch("[a-z]{2}", name) else _LANGUAGES.get(name)


def detect(text: str) -> str | None:
    """Return the ISO 639-1 code of the language that a text is surely in, or None."""
    language, probability = _identifier().classify(text[:_SAMPLE_CHARS])
    return str(language) if probability >= _MIN_PROBABILITY else None


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
