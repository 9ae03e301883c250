"""An index for one run, gone afterwards, so that no run depends on what was ingested before."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evals.errors import ArticlesFailed
from ingest.index import manifest as manifests
from ingest.index.generations import Generations
from ingest.index.manifest import EmbedderRecord
from ingest.pipeline import Options, ingest
from ingest.tools import SettingsTools
from service.settings import ServiceSettings


@dataclass(frozen=True)
class TemporaryIndex:
    """Settings that lead to the index, and the identity of what embedded it."""

    settings: ServiceSettings
    embedder: EmbedderRecord


@contextmanager
def index_of(articles: Path, settings: ServiceSettings) -> Iterator[TemporaryIndex]:
    """Yield a fresh index of a file or folder of articles, made as `settings` say.

    Raises:
        SettingsError: The path does not exist.
        ArticlesFailed: There is no article, or one cannot be ingested.
        IndexUnavailable: The index cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="dateline-eval-") as folder:
        # It needs no server, and would leave a collection there.
        own = settings.model_copy(update={"data_dir": Path(folder), "chroma_url": ""})
        with SettingsTools(own, None) as tools:
            report = ingest([articles], own.data_dir, tools, Options())
        failures = [f"{failure.path}: {failure.reason}" for failure in report.failures]
        if failures:
            raise ArticlesFailed(f"{len(failures)} articles cannot be ingested: {failures[0]}")
        if not report.added:
            raise ArticlesFailed(f"there is no article in {str(articles)!r}; name another folder")
        generations = Generations(own.data_dir)
        manifest = manifests.read(generations.path(generations.require_current()))
        yield TemporaryIndex(own, manifest.embedder)
