"""Real sentences with their vectors, embedded once and kept in a file."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import Counter
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.errors import ArticlesFailed
from evals.folder import translated
from evals.temporary_index import index_of
from ingest.domain import Article, EmbedderId, Passage
from ingest.embed.int8 import quantise
from ingest.index.catalog import Catalog
from ingest.index.generations import Generations
from service.settings import ServiceSettings

# Raised when the file has another form, or other sentences are chosen.
FORMAT = 2
# Crumbs of lists and menus say nothing; what is longer is mostly a table.
MIN_CHARS, MAX_CHARS = 20, 400


@dataclass(frozen=True)
class Sentences:
    """Sentences of real articles.

    Attributes:
        texts: Different ones, in one line each.
        sizes: Word pieces of each, as the ingest counted them.
        vectors: As the catalog keeps them: int8, shape (number of texts, dimension).
        outlets: The outlets of the articles, the one with most articles first.
        embedder: What made the vectors.
        sha256: Over the articles and whatever the vectors depend on, 64 hex digits.
    """

    texts: tuple[str, ...]
    sizes: tuple[int, ...]
    vectors: NDArray[np.int8]
    outlets: tuple[str, ...]
    embedder: EmbedderId
    sha256: str


def sentences_of(articles: Path, sha256: str, settings: ServiceSettings, folder: Path) -> Sentences:
    """Return the sentences of a file or folder of articles, from `folder` if they are there.

    Args:
        articles: What `dateline ingest` reads.
        sha256: Of its contents.
        settings: Of the embedder.
        folder: Keeps the sentences for the next time.

    Raises:
        ArticlesFailed: There is no sentence, or an article cannot be ingested.
        OutputError: The folder cannot be written.
    """
    chosen = [FORMAT, sha256, settings.embedder, settings.precision, str(settings.model_dir)]
    key = hashlib.sha256(json.dumps(chosen).encode()).hexdigest()
    file = folder / f"sentences-{key[:12]}.npz"
    kept = _read(file, key)
    if kept is not None:
        return kept
    found = _gathered(articles, settings, key)
    with translated(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _write(file, found)
    return found


def _gathered(articles: Path, settings: ServiceSettings, key: str) -> Sentences:
    vectors: dict[str, NDArray[np.int8]] = {}
    sizes: dict[str, int] = {}
    outlets: Counter[str] = Counter()
    with index_of(articles, settings) as index:
        generations = Generations(index.settings.data_dir)
        catalog = Catalog(generations.path(generations.require_current()))
        for entry in catalog.everything():
            outlets.update(filter(None, [entry.article.outlet]))
            for passage, found in zip(entry.passages, entry.vectors, strict=True):
                texts = _texts(entry.article, passage)
                chosen = [n for n, text in enumerate(texts) if MIN_CHARS <= len(text) <= MAX_CHARS]
                packed = quantise(found.sentences)
                vectors.update((texts[n], packed[n]) for n in chosen)
                sizes.update((texts[n], passage.sizes[n]) for n in chosen)
        catalog.close()
    if not vectors:
        raise ArticlesFailed(f"there is no whole sentence in {str(articles)!r}; name others")
    named = tuple(name for name, _ in outlets.most_common())
    stacked, counts = np.stack(list(vectors.values())), tuple(sizes.values())
    return Sentences(tuple(vectors), counts, stacked, named, index.embedder.identity(), key)


def _texts(article: Article, passage: Passage) -> list[str]:
    return [" ".join(article.text[span.start : span.end].split()) for span in passage.sentences]


def _write(file: Path, found: Sentences) -> None:
    about = {
        "texts": found.texts,
        "sizes": found.sizes,
        "outlets": found.outlets,
        "embedder": astuple(found.embedder),
    }
    half = file.with_name(f".half-{file.name}")
    np.savez(half, vectors=found.vectors, about=np.frombuffer(json.dumps(about).encode(), np.uint8))
    half.replace(file)


def _read(file: Path, key: str) -> Sentences | None:
    try:
        # Opened here: of a file that is cut, numpy would leave it open.
        with file.open("rb") as opened, np.load(opened) as kept:
            about = json.loads(kept["about"].tobytes())
            vectors: NDArray[np.int8] = kept["vectors"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        # Missing, or damaged: it is made again.
        return None
    texts, sizes, outlets = (tuple(about[name]) for name in ("texts", "sizes", "outlets"))
    return Sentences(texts, sizes, vectors, outlets, EmbedderId(*about["embedder"]), key)
