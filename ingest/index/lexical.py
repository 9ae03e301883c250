"""Tantivy: passages by their words, ranked by BM25. The only module that imports tantivy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ingest.domain import Filters, Hit
from ingest.index.lexical_document import LexicalDocument
from ingest.index.native import translated
from ingest.index.spelling import name_keys

if TYPE_CHECKING:
    import tantivy

ANALYZER = "dateline"
SPELLING_WEIGHT = 0.5
"""What a name counts that is there in any spelling, beside its BM25 as written."""
WRITER_HEAP_BYTES = 64_000_000
# A question of more distinct words gains nothing and costs time; 4,000 characters may hold 1,500.
MAX_QUERY_TERMS = 128
COMMON, COMMON_SHARE = 5000, 0.2
"""A word of more passages, and of a larger share of them, is not searched for beside rarer ones: it
tells little, and of a million passages it is what takes the time (17 ms a question, 4 without).
"""


class WordQuery(NamedTuple):
    """A search by words.

    Attributes:
        text: Anything; it is never read as query syntax.
        k: At most this many passages.
        filters: Only passages of articles that these let through.
    """

    text: str
    k: int
    filters: Filters


@dataclass(frozen=True)
class Asked:
    """What of a question is searched for, each once.

    Attributes:
        words: As `terms` makes them.
        keys: What the spellings of its names share.
    """

    words: list[str]
    keys: list[str]


@cache
def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("passage_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("article_id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name=ANALYZER, index_option="freq")
    builder.add_text_field("names", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("outlet", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("first_day", fast=True, indexed=True)
    builder.add_integer_field("last_day", fast=True, indexed=True)
    return builder.build()


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(60))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return builder.filter(Filter.stemmer("english")).build()


def terms(text: str) -> list[str]:
    """Return the words of a text as they are indexed: folded to ASCII, lower case, stemmed."""
    return _analyzer().analyze(text)


def inverse_frequency(frequency: int, total: int) -> float:
    """Return the inverse document frequency of a word, as BM25 defines it.

    ln(1 + (N - n + 0.5) / (n + 0.5)), Robertson and Zaragoza 2009, section 3.4.

    Args:
        frequency: How many passages have the word.
        total: How many passages there are.
    """
    # Tantivy counts what was taken out too, until it merges its segments.
    n = min(frequency, total)
    return math.log(1 + (total - n + 0.5) / (n + 0.5))


class TantivyLexical:
    """One Tantivy index in one folder."""

    def __init__(self, folder: Path, create: bool = False, write: bool = False) -> None:
        """Open the index in `folder`.

        Args:
            folder: Where Tantivy's files are; made when `create` is set.
            create: Make a new index there.
            write: Open a writer too.

        Raises:
            IndexDamaged: The index cannot be opened.
        """
        import tantivy

        with translated("Tantivy", "opening"):
            if create:
                folder.mkdir(parents=True, exist_ok=True)
                self._index = tantivy.Index(_schema(), path=str(folder), reuse=False)
            else:
                self._index = tantivy.Index.open(str(folder))
            self._index.register_tokenizer(ANALYZER, _analyzer())
            # One thread keeps the order of documents, and so ties, the same from run to run.
            self._writer = self._index.writer(WRITER_HEAP_BYTES, 1) if write or create else None
            self._index.config_reader("manual")
            self._searcher = self._index.searcher()

    def add(self, documents: Sequence[LexicalDocument]) -> None:
        """Add passages; they are found after `close` and a new opening."""
        import tantivy

        assert self._writer is not None
        with translated("Tantivy", "writing"):
            for item in documents:
                document = tantivy.Document(
                    passage_id=item.passage_id, article_id=item.article_id, text=item.text
                )
                document.add_text("names", " ".join(name_keys(item.text)))
                if item.outlet is not None:
                    document.add_text("outlet", item.outlet.casefold())
                if item.first_day is not None and item.last_day is not None:
                    document.add_integer("first_day", item.first_day.toordinal())
                    document.add_integer("last_day", item.last_day.toordinal())
                self._writer.add_document(document)

    def delete_article(self, article_id: str) -> None:
        """Remove all passages of an article that were added before."""
        assert self._writer is not None
        with translated("Tantivy", "writing"):
            self._writer.delete_documents_by_term("article_id", article_id)

    def search_all(self, queries: Sequence[WordQuery]) -> list[list[Hit]]:
        """Return the passages that share words with each query, best first.

        Returns:
            Hits with their BM25 score, which is above zero and has no upper bound.

        Raises:
            IndexDamaged: Tantivy cannot be queried.
        """
        return [self.search(*query) for query in queries]

    def search(self, text: str, k: int, filters: Filters) -> list[Hit]:
        """Return what `search_all` does of one query."""
        asked = self.asked(text)
        if not asked.words:
            return []
        query = _query(asked, filters)
        with translated("Tantivy", "querying"):
            found = self._searcher.search(query, limit=k, count=False)
            return [
                Hit(str(self._searcher.doc(address)["passage_id"][0]), float(score))
                for score, address in found.hits
            ]

    def asked(self, text: str) -> Asked:
        """Return what of a question is searched for."""
        words = list(dict.fromkeys(terms(text)))[:MAX_QUERY_TERMS]
        return Asked(self._telling(words), name_keys(text)[:MAX_QUERY_TERMS])

    def _telling(self, words: list[str]) -> list[str]:
        """Return the words without those that most passages have, unless there are no others."""
        most = max(COMMON, COMMON_SHARE * self.count())
        return [w for w in words if self.document_frequency(w) <= most] or words

    def those_of(self, ids: Sequence[str]) -> list[str]:
        """Return which of some passages there are, one that is there twice named twice.

        At most one more than was asked for, which is enough to tell that there are too many.
        """
        from tantivy import Query

        with translated("Tantivy", "reading"):
            query = Query.term_set_query(_schema(), "passage_id", list(ids))
            found = self._searcher.search(query, limit=len(ids) + 1, count=False)
            return [str(self._searcher.doc(a)["passage_id"][0]) for _, a in found.hits]

    def holds(self, passage_id: str, text: str) -> bool:
        """Return whether a passage is indexed under this id with all the words of `text`."""
        from tantivy import Occur, Query

        schema = _schema()
        wanted = [Query.term_query(schema, "passage_id", passage_id, "basic")]
        for word in list(dict.fromkeys(terms(text)))[:MAX_QUERY_TERMS]:
            wanted.append(Query.term_query(schema, "text", word, "freq"))
        with translated("Tantivy", "querying"):
            query = Query.boolean_query([(Occur.Must, one) for one in wanted])
            return bool(self._searcher.search(query, limit=1).hits)

    def document_frequency(self, term: str) -> int:
        """Return how many passages have a word, given as `terms` makes it."""
        with translated("Tantivy", "reading"):
            return int(self._searcher.doc_freq("text", term))

    def key_frequency(self, key: str) -> int:
        """Return how many passages have a name in any spelling, given as `name_keys` makes it."""
        with translated("Tantivy", "reading"):
            return int(self._searcher.doc_freq("names", key))

    def count(self) -> int:
        """Return the number of passages."""
        return int(self._searcher.num_docs)

    def close(self) -> None:
        """Commit what was added and removed, and wait until the files are whole."""
        if self._writer is None:
            return
        with translated("Tantivy", "writing"):
            self._writer.commit()
            self._writer.wait_merging_threads()
        self._writer = None


def _query(asked: Asked, filters: Filters) -> tantivy.Query:
    from tantivy import Occur, Query

    schema = _schema()
    named = [Query.term_query(schema, "names", key, "basic") for key in asked.keys]
    either = Query.boolean_query(
        [(Occur.Should, Query.term_query(schema, "text", word, "freq")) for word in asked.words]
        + [(Occur.Should, Query.boost_query(one, SPELLING_WEIGHT)) for one in named]
    )
    conditions = [
        (Occur.Must, Query.const_score_query(condition, 0.0)) for condition in _conditions(filters)
    ]
    if filters.undated:
        conditions.append((Occur.MustNot, Query.exists_query("first_day")))
    return Query.boolean_query([(Occur.Must, either), *conditions]) if conditions else either


def _conditions(filters: Filters) -> list[tantivy.Query]:
    from tantivy import FieldType, Query

    schema, conditions = _schema(), []
    if filters.outlets:
        names = [name.casefold() for name in filters.outlets]
        conditions.append(Query.term_set_query(schema, "outlet", names))
    if filters.undated:
        return conditions
    if filters.published_after is not None:
        day = filters.published_after.toordinal()
        conditions.append(Query.range_query(schema, "first_day", FieldType.Integer, day))
    if filters.last_day is not None:
        day = filters.last_day.toordinal()
        conditions.append(Query.range_query(schema, "last_day", FieldType.Integer, upper_bound=day))
    return conditions
