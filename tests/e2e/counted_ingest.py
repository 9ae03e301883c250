"""An ingest as the command line runs it, that writes down how many texts it embeds.

python -m tests.e2e.counted_ingest ARTICLES DATA_DIR LOG [--fake]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ingest.domain import EmbedderId, PassageVectors
from ingest.embed.cache import CachingEmbedder, EmbeddingCache
from ingest.embed.embedder import Embedder, EmbedInput
from ingest.embed.select import make_embedder
from ingest.pipeline import Options, ingest
from ingest.settings import IndexSettings
from ingest.tools import CACHE_NAME, SettingsTools
from tests.fakes import FakeEmbedder


class Counting:
    """Adds a line to a file for every text that is embedded, before it is."""

    def __init__(self, embedder: Embedder, log: Path) -> None:
        self._embedder = embedder
        self._log = log.open("a", buffering=1)

    @property
    def identity(self) -> EmbedderId:
        return self._embedder.identity

    @property
    def lanes(self) -> int:
        return self._embedder.lanes

    def embed(self, inputs: Sequence[EmbedInput]) -> list[PassageVectors]:
        self._log.write("x\n" * len(inputs))
        return self._embedder.embed(inputs)


class CountingTools(SettingsTools):
    def __init__(self, settings: IndexSettings, log: Path, fake: bool) -> None:
        super().__init__(settings, None)
        self._log, self._fake, self._own = log, fake, settings

    def embedder(self, required: EmbedderId | None) -> Embedder:
        real = FakeEmbedder() if self._fake else make_embedder(self._own, required)
        self._cache = EmbeddingCache(self._own.data_dir / CACHE_NAME)
        return CachingEmbedder(Counting(real, self._log), self._cache)


def _main() -> None:
    articles, data_dir, log = (Path(argument) for argument in sys.argv[1:4])
    settings = IndexSettings(data_dir=data_dir)
    with CountingTools(settings, log, "--fake" in sys.argv) as tools:
        report = ingest([articles], data_dir, tools, Options(checkpoint_s=settings.checkpoint_s))
    sys.stdout.write(json.dumps(report.as_json()))


if __name__ == "__main__":
    _main()
