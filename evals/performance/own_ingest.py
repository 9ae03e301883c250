"""What our own embedder, or the whole of our ingest, does with a corpus.

Run by ingest_speed.py. Arguments: `embedder` or `pipeline`, and the folder with the corpus. For
each line on standard input it takes the corpus once and answers with one JSON line.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from evals.performance.memory import peak_mb
from evals.performance.timing import cpu_s
from ingest.chunk import chunk
from ingest.describe import describe
from ingest.domain import Article, RawArticle
from ingest.embed.background import BackgroundEmbedder
from ingest.embed.embedder import EmbedInput, embed_input
from ingest.embed.select import make_embedder
from ingest.embed.wordpieces import WordPieces, bundled
from ingest.pipeline import Options, ingest
from ingest.read import read
from ingest.settings import IndexSettings
from ingest.tools import SettingsTools

CORPUS = "corpus.json"


def main(what: str, folder: Path) -> None:
    """Get ready, then take the corpus whenever asked."""
    run = _embedder(folder) if what == "embedder" else _pipeline(folder)
    _answer({"ready": True})
    for _ in sys.stdin:
        before, cpu = time.perf_counter(), cpu_s()
        run()
        seconds = time.perf_counter() - before
        _answer({"seconds": seconds, "cpu_s": cpu_s() - cpu, "peak_mb": peak_mb()})


def inputs_of(file: Path, pieces: WordPieces) -> list[EmbedInput]:
    """Return what an ingest embeds of the articles in `file`."""
    described = [describe(item) for item in read(file) if isinstance(item, RawArticle)]
    articles = [article for article in described if isinstance(article, Article)]
    return [embed_input(passage) for article in articles for passage in chunk(article, pieces)]


def _embedder(folder: Path) -> Callable[[], None]:
    settings = IndexSettings()
    embedder, pieces = BackgroundEmbedder(lambda: make_embedder(settings)), bundled(settings)
    embedder.begin([EmbedInput("The first run is slower than all others.")]).result()
    inputs = inputs_of(folder / CORPUS, pieces)

    def run() -> None:
        embedder.begin(inputs).result()

    return run


def _pipeline(folder: Path) -> Callable[[], None]:
    rounds = count()

    def run() -> None:
        settings = IndexSettings(data_dir=folder / f"index{next(rounds)}")
        with SettingsTools(settings, None) as tools:
            report = ingest([folder / CORPUS], settings.data_dir, tools, Options())
        if report.failures:
            raise RuntimeError(f"{len(report.failures)} articles failed: {report.failures[0]!r}")

    return run


def _answer(record: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
