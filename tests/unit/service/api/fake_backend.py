"""A backend of two made-up articles that remembers what it was asked."""

from __future__ import annotations

import asyncio

from service.domain import (
    Answer,
    Citation,
    Question,
    Source,
    Statement,
    Timings,
    Understood,
    WriterInfo,
)
from service.errors import AnswerNotFound, ArticleNotFound, InvalidQuestion
from service.feedback import Rating
from service.holdings import (
    ArticleDetail,
    ArticlePage,
    ArticleSummary,
    OutletCount,
    Readiness,
    Stats,
)
from service.listening import Listener, Telling
from service.search_result import Reasons, SearchHit, SearchResult
from service.vitals import IndexSize, Vitals
from service.writers.chat import ChatState

TEXT = "The ferry 🚢 sank. Nobody was hurt."
QUOTE = "Nobody was hurt."
START = TEXT.index(QUOTE)
ARTICLE_ID = "0123456789abcdef"

SOURCE = Source(
    n=1,
    passage_id=f"{ARTICLE_ID}-0000",
    article_id=ARTICLE_ID,
    title="Ferry sinks",
    outlet="Harbour Post",
    published_at="2025-03-01T00:00:00Z",
    published_basis="text",
    url=None,
    text=TEXT,
    start=0,
    end=len(TEXT),
    score=0.9,
    story_id="s1",
    also_in=[],
)

HIT = SearchHit(
    **SOURCE.model_dump(),
    why=Reasons(words=1, meaning=0.75, coverage=0.5, part=None, outlet=True, day=0),
)

SUMMARY = ArticleSummary(
    article_id=ARTICLE_ID,
    title="Ferry sinks",
    outlet="Harbour Post",
    author=None,
    place=None,
    published_at="2025-03-01T00:00:00Z",
    published_precision="day",
    published_basis="text",
    url=None,
    language="en",
    story_id="s1",
    passages=1,
)

STATEMENTS = [
    Statement(
        text="Nobody was hurt.",
        start=0,
        end=20,
        support="supported",
        citations=[
            Citation(source=1, article_id=ARTICLE_ID, start=START, end=len(TEXT), quote=QUOTE)
        ],
    ),
    Statement(text="The ferry sank.", start=21, end=40, support="supported", citations=[]),
]

ANSWER = Answer(
    id="ans_1",
    question="Was anybody hurt?",
    standalone_question="Was anybody hurt?",
    status="answered",
    answer="Nobody was hurt [1]. The ferry sank [1].",
    statements=STATEMENTS,
    sources=[SOURCE],
    disagreements=[],
    abstention=None,
    as_of=None,
    degraded=[],
    writer=WriterInfo(kind="extractive"),
    usage=None,
    timings_ms=Timings(retrieve=1, write=2, verify=3, total=6),
)

STATS = Stats(
    articles=1,
    stories=1,
    passages=1,
    outlets=[OutletCount(name="Harbour Post", articles=1)],
    first="2025-03-01",
    last="2025-03-01",
    generation=7,
    embedder="minilm",
    writer="extractive",
)


class FakeBackend:
    """Answers at once, unless told to fail or to take its time.

    Attributes:
        failure: Raised by every method that reads the index.
        delay_s: How long a question takes.
        questions: What was asked and searched, in order.
        cancelled: Whether a question was given up.
    """

    def __init__(self, failure: Exception | None = None, delay_s: float = 0) -> None:
        """Make one."""
        self.failure = failure
        self.delay_s = delay_s
        self.questions: list[Question] = []
        self.ratings: list[tuple[str, Rating, str]] = []
        self.ready = Readiness(ready=True, generation=7, degraded=[])
        self.cancelled = False

    async def ask(self, question: Question, listener: Listener | None = None) -> Answer:
        """Return the one answer there is."""
        self._note(question)
        try:
            await asyncio.sleep(self.delay_s)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        telling = Telling(listener)
        telling.sources(ANSWER.sources)
        telling.finish(ANSWER)
        return ANSWER

    async def search(self, question: Question) -> SearchResult:
        """Return the one source there is."""
        self._note(question)
        return SearchResult(results=[HIT], understood=Understood())

    async def articles(self, limit: int, cursor: str | None, outlet: str | None) -> ArticlePage:
        """Return the one page there is; its cursor repeats what was asked for."""
        self._fail()
        if cursor == "broken":
            raise InvalidQuestion("the cursor is not one of this service", code="invalid_cursor")
        return ArticlePage(articles=[SUMMARY], total=1, next=f"{limit}/{cursor}/{outlet}")

    async def article(self, article_id: str) -> ArticleDetail:
        """Return the one article there is."""
        self._fail()
        if article_id != ARTICLE_ID:
            raise ArticleNotFound(article_id)
        return ArticleDetail(**SUMMARY.model_dump(), text=TEXT, also_in=[])

    async def stats(self) -> Stats:
        """Return the figures."""
        self._fail()
        return STATS

    async def rate(self, answer_id: str, rating: Rating, comment: str) -> None:
        """Note a rating of the one answer there is."""
        self._fail()
        if answer_id != ANSWER.id:
            raise AnswerNotFound(answer_id)
        self.ratings.append((answer_id, rating, comment))

    def readiness(self) -> Readiness:
        """Return what was set."""
        return self.ready

    def vitals(self) -> Vitals:
        """Return what was set, and a model that failed."""
        chat = ChatState("open", {"timeout": 2, "busy": 1})
        return Vitals(self.ready, IndexSize(1, 1, 1, 5000), chat)

    def _note(self, question: Question) -> None:
        self.questions.append(question)
        self._fail()

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure
