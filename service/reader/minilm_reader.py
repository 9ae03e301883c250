"""The bundled reader: the bundled MiniLM with an adapter, on the embedder's engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.embed.batching import batches, padded_size
from ingest.embed.engines import Engine
from ingest.embed.heads import Inputs
from ingest.embed.wordpieces import WordPieces
from ingest.errors import EmbeddingFailed, SettingsError
from service.errors import ReaderUnavailable
from service.reader.reading import Reading
from service.reader.word_vectors import Words

MAX_QUESTION_TOKENS = 48
MAX_TOKENS = 384
"""Of question and text together with [CLS] and two [SEP]; what it was trained with."""


MAX_READ_TOKENS = 512
"""Of a batch, padding included. With 1,024 two lanes hold 40 MB more and are hardly faster."""


@dataclass(frozen=True)
class Loaded:
    """What a reader runs on."""

    pieces: WordPieces
    words: Words
    engine: Engine


class MiniLmReader:
    """Loads itself at the first question, or when it is told to."""

    def __init__(self, load: Callable[[], Loaded]) -> None:
        """Take what loads the model.

        Args:
            load: Raises SettingsError when files are not the expected ones, EmbeddingFailed when
                the engine cannot be made.
        """
        self._load = load
        self._loaded: _Running | ReaderUnavailable | None = None
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Load the model.

        Raises:
            ReaderUnavailable: It cannot be loaded; later calls say the same.
        """
        self._running()

    def close(self) -> None:
        """Stop the threads; nothing can be read afterwards."""
        with self._lock:
            if isinstance(self._loaded, _Running):
                self._loaded.close()
            self._loaded = ReaderUnavailable("the reader is closed")

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """See Reader.read."""
        running = self._running()
        encoded = encode(running.pieces, question, texts)
        try:
            return running.read(encoded)
        except EmbeddingFailed as error:
            raise ReaderUnavailable(f"the reader failed: {error}") from error

    def _running(self) -> _Running:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load_now()
        if isinstance(self._loaded, ReaderUnavailable):
            raise ReaderUnavailable(str(self._loaded)) from self._loaded
        return self._loaded

    def _load_now(self) -> _Running | ReaderUnavailable:
        try:
            loaded = self._load()
        except (SettingsError, EmbeddingFailed) as error:
            return ReaderUnavailable(f"the reader cannot be loaded: {error}")
        return _Running(loaded)


@dataclass(frozen=True)
class Encoded:
    """A question and a text as the model reads them.

    Attributes:
        number: Its place among the texts.
        ids: [CLS], question, [SEP], text, [SEP].
        text_at: Where the text's tokens begin.
        offsets: Of the text's tokens in the text, shape (tokens, 2).
    """

    number: int
    ids: Sequence[int]
    text_at: int
    offsets: NDArray[np.int32]


class _Running:
    """A loaded model, and a thread for each lane of its engine."""

    def __init__(self, loaded: Loaded) -> None:
        self.pieces = loaded.pieces
        self._words = loaded.words
        self._engine = loaded.engine
        # A question's batches are read side by side: the answer waits for all of them.
        self._lanes = ThreadPoolExecutor(loaded.engine.lanes, "reader")

    def read(self, texts: Sequence[Encoded]) -> list[Reading]:
        parts = list(batches(texts, _per_lane(texts, self._engine.lanes)))
        done = [self._run(parts[0])] if len(parts) == 1 else self._lanes.map(self._run, parts)
        read = {number: reading for part in done for number, reading in part}
        return [read[number] for number in range(len(texts))]

    def close(self) -> None:
        self._lanes.shutdown()

    def _run(self, batch: Sequence[Encoded]) -> list[tuple[int, Reading]]:
        logits = self._engine.run(padded(batch, self._words))
        found = []
        for text, rows in zip(batch, logits, strict=True):
            last = text.text_at + len(text.offsets)
            reading = Reading(text.offsets, rows[text.text_at : last], float(rows[0].sum()))
            found.append((text.number, reading))
        return found


def encode(pieces: WordPieces, question: str, texts: Sequence[str]) -> list[Encoded]:
    """Return a question with each text as the model reads them, in order."""
    asked = pieces.encode(question).ids
    # "It rained for days. … Which town was flooded?": what is asked stands last.
    opening = [asked[0], *asked[1:-1][-MAX_QUESTION_TOKENS:], asked[-1]]
    room = MAX_TOKENS - len(opening) - 1
    encoded = []
    for number, text in enumerate(texts):
        found = pieces.encode(text)
        ids = [*opening, *found.ids[1:-1][:room], asked[-1]]
        offsets = np.array(found.offsets[1:-1][:room], np.int32).reshape(-1, 2)
        encoded.append(Encoded(number, ids, len(opening), offsets))
    return encoded


def _per_lane(texts: Sequence[Encoded], lanes: int) -> int:
    """Return the tokens of a batch with which every lane gets about as much to do."""
    total = sum(padded_size(len(text.ids)) for text in texts)
    return min(MAX_READ_TOKENS, -(-total // lanes))


def padded(batch: Sequence[Encoded], words: Words) -> Inputs:
    """Return texts of like length as the graph takes them; see ingest.embed.heads.Spans."""
    tokens = padded_size(max(len(text.ids) for text in batch))
    ids = np.zeros((len(batch), tokens), dtype=np.int32)
    mask, types = np.zeros_like(ids), np.zeros_like(ids)
    for row, text in enumerate(batch):
        ids[row, : len(text.ids)] = text.ids
        mask[row, : len(text.ids)] = 1
        types[row, text.text_at : len(text.ids)] = 1
    return {"words": words.of(ids), "mask": mask, "types": types}
