"""The slow parts of an ingest, made from the settings when they are first needed."""

from __future__ import annotations

import threading
from collections.abc import Generator

from ingest.domain import EmbedderId
from ingest.embed.cache import CachingEmbedder, EmbeddingCache
from ingest.embed.embedder import Embedder
from ingest.embed.select import make_embedder
from ingest.embed.wordpieces import WordPieces, bundled
from ingest.reading import Reading, Task, local_readings
from ingest.settings import IndexSettings

CACHE_NAME = "embeddings.db"


class SettingsTools:
    """Makes what `pipeline.Tools` asks for; a context manager that closes what it opened."""

    def __init__(self, settings: IndexSettings, threads: int | None) -> None:
        """Take the settings and how many threads the embedder may use (None: all)."""
        self._settings = settings
        self._threads = threads
        # The embedder is made in a thread of its own.
        self._opening = threading.Lock()
        self._cache: EmbeddingCache | None = None
        self._pieces: WordPieces | None = None

    def embedder(self, required: EmbedderId | None) -> Embedder:
        """Return the embedder of the settings behind the cache of the data folder."""
        made = make_embedder(self._settings, required, self._threads)
        return CachingEmbedder(made, self.cache())

    def cache(self) -> EmbeddingCache:
        """Return the vectors that are known, in the data folder."""
        with self._opening:
            if self._cache is None:
                self._cache = EmbeddingCache(self._settings.data_dir / CACHE_NAME)
            return self._cache

    def readings(self, task: Task) -> Generator[Reading, None, None]:
        """Yield the sources of a task; see ingest.reading.Readings."""
        return local_readings(task)

    def pieces(self) -> WordPieces:
        """Return the word pieces of the bundled model, which also sizes passages for others."""
        if self._pieces is None:
            self._pieces = bundled(self._settings)
        return self._pieces

    def __enter__(self) -> SettingsTools:
        """Open nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the cache."""
        if self._cache is not None:
            self._cache.close()
