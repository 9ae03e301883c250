"""What was measured of retrieval, as it stands in a record."""

from __future__ import annotations

from evals.performance.memory import Memory
from evals.performance.questions import Filtered
from evals.performance.scale_index import Built
from evals.performance.timing import Timing
from evals.results import Code, Content, Kept, Machine

SCHEMA = 1


class Row(Kept):
    """One measurement.

    Attributes:
        filtered: By what the questions are filtered; the queries of Chroma never are.
        embedding: Of the question alone, by one client; None for several at once.
        p50_times: Retrieval's median as a multiple of Chroma's.
        p99_times: The same of the 99th percentile.
        embedding_share: The embedding's median as a share of retrieval's.
        without_passages: Questions that nothing was found for.
    """

    filtered: Filtered
    clients: int
    retrieval: Timing
    chroma: Timing
    embedding: Timing | None
    p50_times: float
    p99_times: float
    embedding_share: float | None
    without_passages: int


class Opening(Kept):
    """What opening an index costs, and the first questions.

    Attributes:
        page_cache: How the system's cached pages were dropped, or that they were not.
        open_s: To verify, copy and open the index, its pages dropped before.
        first_ms: The first question, with those pages in memory that opening has left there.
        uncached_ms: The second one, with the pages dropped again.
    """

    page_cache: str
    open_s: float
    first_ms: float
    uncached_ms: float


class AnswerRow(Kept):
    """What answers of the extractive writer take.

    Attributes:
        reader: With the reader.
        plain: With the plain selector.
    """

    clients: int
    reader: Timing
    plain: Timing


class Answers(Kept):
    """What whole answers cost.

    Attributes:
        before: Memory before the reader is loaded.
        warm: After the questions that warm up.
    """

    before: Memory
    warm: Memory
    rows: tuple[AnswerRow, ...]


class Measured(Kept):
    """What one index costs.

    Attributes:
        with_embedder: Memory with the embedder loaded, before the index is opened.
        opened: With the index open.
        warm: After the questions that warm up, one client and several at once.
        answers: Of the extractive writer; None where only retrieval was measured.
    """

    opening: Opening
    with_embedder: Memory
    opened: Memory
    warm: Memory
    rows: tuple[Row, ...]
    answers: Answers | None = None


class Size(Kept):
    """One index and what it costs.

    Attributes:
        shards: Stores of Chroma.
        disk_mb: By store, in MB of a million bytes, without the copy that a reader makes of all
            but the catalog.
    """

    articles: int
    stories: int
    passages: int
    shards: int
    disk_mb: dict[str, float]
    built: Built
    measured: Measured


class PerfRecord(Kept):
    """What `perf.json` holds.

    Attributes:
        started: ISO 8601 in UTC.
        method: What of the articles is made, and what the figures are of.
        articles: Whose sentences they are.
        questions: What was asked.
        settings: Without secrets.
        k: Passages asked for.
        limit_s: After about so long a measurement ended, with fewer questions.
        packages: Versions by name.
    """

    schema_version: int = SCHEMA
    started: str
    finished: str
    method: str
    articles: Content
    questions: Content
    embedder: str
    settings: dict[str, object]
    k: int
    limit_s: float
    code: Code
    machine: Machine
    packages: dict[str, str]
    sizes: tuple[Size, ...]
