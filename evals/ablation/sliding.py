"""Passages as the paper of MultiHop-RAG cuts them, for figures that stand beside its own.

Tang and Yang 2024, section 4: chunks of 256 tokens. Each begins 200 tokens before the end of the
one before it, as near as whole sentences allow. It has no header, and takes no neighbours in.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from evals.temporary_index import TemporaryIndex
from ingest.domain import Article, Passage, Span
from ingest.embed.embedder import Embedder, EmbedInput
from ingest.embed.select import make_embedder
from ingest.embed.wordpieces import WordPieces, bundled
from ingest.index.builder import GenerationBuilder
from ingest.index.catalog import Catalog
from ingest.index.generations import Generations
from ingest.index.rows import Indexed
from ingest.sentences import sentences

SIZE, OVERLAP = 254, 200
"""Word pieces; with [CLS] and [SEP] the model reads 256."""


@contextmanager
def cut_anew(index: TemporaryIndex) -> Iterator[TemporaryIndex]:
    """Yield an index of the same articles in overlapping chunks.

    Raises:
        IndexUnavailable: It cannot be written.
    """
    generations = Generations(index.settings.data_dir)
    catalog = Catalog(generations.path(generations.require_current()))
    embedder = make_embedder(index.settings, index.embedder.identity())
    pieces = bundled(index.settings)
    with tempfile.TemporaryDirectory(prefix="dateline-eval-") as folder:
        builder = GenerationBuilder(Generations(Path(folder)), index.embedder.identity(), None)
        try:
            for entry in catalog.everything():
                builder.put(_cut(entry, embedder, pieces))
            builder.publish()
        except BaseException:
            builder.abandon()
            raise
        finally:
            catalog.close()
        settings = index.settings.model_copy(update={"data_dir": Path(folder)})
        yield replace(index, settings=settings)


def _cut(entry: Indexed, embedder: Embedder, pieces: WordPieces) -> Indexed:
    article = entry.article
    passages = [_passage(article, n, own) for n, own in enumerate(windows(article, pieces))]
    inputs = [
        EmbedInput(p.text, tuple(Span(s.start - p.start, s.end - p.start) for s in p.sentences))
        for p in passages
    ]
    return replace(entry, passages=tuple(passages), vectors=tuple(embedder.embed(inputs)))


def windows(article: Article, pieces: WordPieces) -> Iterator[list[Span]]:
    """Yield runs of sentences of at most SIZE word pieces that share OVERLAP with the one before.

    A sentence that is longer is cut.
    """
    spans = [
        part
        for span in sentences(article.text, article.language)
        for part in _fit(article.text, span, pieces)
    ]
    sizes = [pieces.count(article.text[span.start : span.end]) for span in spans]
    start = 0
    while start < len(spans):
        end, size = start, 0
        while end < len(spans) and size + sizes[end] <= SIZE:
            size += sizes[end]
            end += 1
        yield spans[start:end]
        if end == len(spans):
            return
        following, shared = end, 0
        while following > start + 1 and shared + sizes[following - 1] <= OVERLAP:
            following -= 1
            shared += sizes[following]
        start = following


def _fit(text: str, span: Span, pieces: WordPieces) -> Iterator[Span]:
    start = span.start
    while start < span.end:
        kept = pieces.truncate(text[start : span.end], SIZE)
        yield Span(start, start + max(1, len(kept)))
        start += max(1, len(kept))


def _passage(article: Article, number: int, own: list[Span]) -> Passage:
    start, end = own[0].start, own[-1].end
    return Passage(
        passage_id=f"{article.article_id}-{number:04d}",
        article_id=article.article_id,
        start=start,
        end=end,
        text=article.text[start:end],
        header="",
        sentences=tuple(own),
    )
