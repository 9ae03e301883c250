"""The words of the passages of the generation being built."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from ingest.index.chroma_address import ChromaAddress
from ingest.index.chroma_collection import BATCH
from ingest.index.chroma_words import ChromaWords, WordRecord
from ingest.index.lexical import TantivyLexical
from ingest.index.lexical_document import LexicalDocument, documents_of
from ingest.index.manifest import VectorsRecord
from ingest.index.rows import Indexed, word_id
from ingest.index.sparse import passage_vector


class WordWriter:
    """Adds passages to Tantivy's files, and to a server that makes indexes of sparse vectors.

    Nothing is taken out on the server: readers of an older generation still look it up.
    `sweeping.py` does that.
    """

    def __init__(
        self, folder: Path, create: bool, record: VectorsRecord, server: ChromaAddress | None
    ) -> None:
        """Open Tantivy's files in a folder, or make them.

        Raises:
            IndexDamaged: They cannot be opened.
        """
        with ExitStack() as opened:
            self._lexical = TantivyLexical(folder, create, write=True)
            opened.callback(self._lexical.close)
            self._server: ChromaWords | None = None
            if server is not None and record.words:
                self._server = ChromaWords(server, record.words_collection)
                opened.callback(self._server.close)
            self._opened = opened.pop_all()
        self._pending: list[WordRecord] = []

    def add(self, entry: Indexed) -> None:
        """Add the passages of an article.

        Raises:
            IndexUnavailable: They cannot be written.
        """
        documents = documents_of(entry)
        self._lexical.add(documents)
        if self._server:
            self._pending += [
                _record(document, entry.article.fingerprint) for document in documents
            ]
            if len(self._pending) >= BATCH:
                self._flush(self._server)

    def delete_article(self, article_id: str) -> None:
        """Remove all passages of an article that were added before."""
        self._lexical.delete_article(article_id)

    def finish(self) -> None:
        """Write all that was added, and close.

        Raises:
            IndexUnavailable: It cannot be written.
        """
        if self._server:
            self._flush(self._server)
        self.close()

    def _flush(self, server: ChromaWords) -> None:
        server.put(self._pending)
        self._pending.clear()

    def close(self) -> None:
        """Close what is open; what was not sent to the server is lost."""
        self._opened.close()


def _record(document: LexicalDocument, fingerprint: str) -> WordRecord:
    return WordRecord(
        word_id(document.passage_id, fingerprint),
        passage_vector(document.text),
        document.outlet,
        document.first_day,
        document.last_day,
    )
