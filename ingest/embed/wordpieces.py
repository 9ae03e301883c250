"""The word pieces that MiniLM reads, without the model: for counting, splitting and cutting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.embed.weights import find_model
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from ingest.settings import IndexSettings

_WORD = re.compile(r"\S+")
_WORDS_KEPT = 100_000
_MAX_WORD_CHARS = 40
"""What is longer is a sentence without spaces, and is not met again."""


@dataclass(frozen=True)
class Encoding:
    """A text as word pieces, [CLS] first and [SEP] last.

    Attributes:
        ids: One number a piece.
        offsets: (start, end) of each piece in the text, in code points; (0, 0) for [CLS] and [SEP].
    """

    ids: Sequence[int]
    offsets: Sequence[tuple[int, int]]


class WordPieces:
    """A tokenizer.json of the WordPiece kind. Safe to use from several threads.

    Counts leave out [CLS] and [SEP], so the model reads `count(text) + 2` pieces.
    """

    def __init__(self, tokenizer_json: Path) -> None:
        """Load the vocabulary.

        Raises:
            SettingsError: The file cannot be read.
        """
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(tokenizer_json))
        except Exception as error:  # the library raises nothing narrower
            raise SettingsError(f"{str(tokenizer_json)!r} cannot be read: {error}") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        # An article that says "[SEP]" means the five characters, not the end of the input.
        self._tokenizer.encode_special_tokens = True
        # Most words of a text are among the latest.
        self._starts = lru_cache(_WORDS_KEPT)(self._starts_in_word)

    @property
    def vocabulary_size(self) -> int:
        """How many different word pieces there are."""
        return int(self._tokenizer.get_vocab_size())

    def encode(self, text: str) -> Encoding:
        """Return what the model reads, however long."""
        encoding = self._tokenizer.encode(text)
        return Encoding(encoding.ids, encoding.offsets)

    def ids(self, text: str) -> list[int]:
        """Return the pieces of `text` without [CLS] and [SEP]."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def count(self, text: str) -> int:
        """Return how many pieces `text` has without [CLS] and [SEP]."""
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def starts(self, text: str) -> list[int]:
        """Return where each piece of `text` starts, [CLS] and [SEP] left out."""
        # No piece reaches over white space, and a word has the same pieces everywhere.
        words = ((word.start(), self._starts_in(word[0])) for word in _WORD.finditer(text))
        return [at + start for at, starts in words for start in starts]

    def _starts_in(self, word: str) -> tuple[int, ...]:
        known = len(word) <= _MAX_WORD_CHARS
        return self._starts(word) if known else self._starts_in_word(word)

    def _starts_in_word(self, word: str) -> tuple[int, ...]:
        encoding = self._tokenizer.encode(word, add_special_tokens=False)
        return tuple(start for start, _ in encoding.offsets)

    def truncate(self, text: str, max_tokens: int) -> str:
        """Return the longest prefix we can find that has at most `max_tokens` pieces."""
        while True:
            offsets = self._tokenizer.encode(text, add_special_tokens=False).offsets
            if len(offsets) <= max_tokens:
                return text
            # Pieces of one character overlap (Korean is split into letters): a cut before the
            # first piece left out can then split a piece kept, hence the loop.
            kept = offsets[max_tokens - 1][1] if max_tokens > 0 else 0
            text = text[: min(kept, offsets[max(max_tokens, 0)][0])]


def bundled(settings: IndexSettings) -> WordPieces:
    """Return the word pieces of the model that `settings` name.

    Raises:
        SettingsError: The model's files are missing.
    """
    return WordPieces(find_model(settings.model_dir).tokenizer)
