"""Questions and answers made up for the tests, and a backend that gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.suite import GoldEvidence, GoldQuestion
from service.domain import (
    Abstention,
    Answer,
    Citation,
    Coverage,
    Question,
    Source,
    Statement,
    Timings,
    Understood,
    WriterInfo,
)
from service.errors import ArticleNotFound
from service.holdings import ArticleDetail, ArticlePage, ArticleSummary, Readiness, Stats
from service.search_result import Reasons, SearchHit, SearchResult

TITLE = "Ferry sinks off the pier"
TEXT = "The ferry sank on Monday. The harbour master said “nobody was hurt”. Twelve were aboard."
QUOTE = "The ferry sank on Monday."
SPOKEN = "The harbour master said “nobody was hurt”."
TIMINGS = Timings(retrieve=1, write=2, verify=3, total=6)


def gold(**changed: object) -> GoldQuestion:
    """Return an answerable question about the ferry."""
    fields: dict[str, object] = {
        "id": "when",
        "question": "When did the ferry sink?",
        "type": "factoid",
        "answerable": True,
        "answers": [["Monday"]],
        "evidence": [GoldEvidence(article=TITLE, quote=QUOTE)],
    }
    return GoldQuestion.model_validate(fields | changed)


def unanswerable(**changed: object) -> GoldQuestion:
    """Return a question that nothing answers."""
    without: dict[str, object] = {"answerable": False, "answers": [], "evidence": []}
    return gold(**(without | changed))


def source(n: int = 1, article_id: str = "a1", text: str = TEXT) -> Source:
    """Return a source that is a whole article."""
    return Source(
        n=n,
        passage_id=f"{article_id}-0000",
        article_id=article_id,
        title=TITLE,
        outlet=None,
        published_at=None,
        published_basis="unknown",
        url=None,
        text=text,
        start=0,
        end=len(text),
        score=1,
        story_id="s",
        also_in=[],
    )


def hit() -> SearchHit:
    """Return the same source as a search gives it."""
    why = Reasons(words=1, meaning=1, coverage=1, part=None, outlet=False, day=0)
    return SearchHit(**source().model_dump(), why=why)


def cited(quote: str, /, **changed: object) -> Citation:
    """Return a citation of `TEXT`, whole unless changed."""
    start = TEXT.find(quote)
    fields = {"source": 1, "article_id": "a1", "start": start, "end": start + len(quote)}
    return Citation.model_validate({**fields, "quote": quote, **changed})


def answered(
    text: str = "The ferry sank on Monday [1].",
    citations: Sequence[Citation] = (),
    sources: Sequence[Source] | None = None,
) -> Answer:
    """Return an answer of one statement."""
    said = Statement(
        text=text, start=0, end=len(text), support="supported", citations=list(citations)
    )
    return Answer(
        id="ans_1",
        question="?",
        standalone_question="?",
        status="answered",
        answer=text,
        statements=[said],
        sources=[source()] if sources is None else list(sources),
        disagreements=[],
        abstention=None,
        as_of=None,
        degraded=[],
        writer=WriterInfo(kind="extractive"),
        usage=None,
        timings_ms=TIMINGS,
    )


def abstained() -> Answer:
    """Return an abstention."""
    coverage = Coverage(first=None, last=None, articles=1)
    why = Abstention(reason="low_relevance", nearest=[source()], coverage=coverage)
    nothing: dict[str, object] = {
        "status": "insufficient_evidence",
        "answer": "The articles do not answer this.",
        "statements": [],
        "sources": [],
        "abstention": why,
    }
    return answered().model_copy(update=nothing)


class FakeBackend:
    """Holds one article; gives the answer that is set for a question, or raises it."""

    def __init__(self, answers: Mapping[str, Answer | Exception]) -> None:
        self.answers = answers
        self.asked: list[Question] = []

    async def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        given = self.answers[question.text]
        if isinstance(given, Exception):
            raise given
        return given

    async def search(self, question: Question) -> SearchResult:
        return SearchResult(results=[hit()][: question.k], understood=Understood())

    async def articles(self, limit: int, cursor: str | None, outlet: str | None) -> ArticlePage:
        assert (limit > 0, cursor, outlet) == (True, None, None)
        detail = await self.article("a1")
        summary = detail.model_dump(exclude={"text", "also_in", "updated"})
        return ArticlePage(articles=[ArticleSummary(**summary)], total=1, next=None)

    async def article(self, article_id: str) -> ArticleDetail:
        if article_id != "a1":
            raise ArticleNotFound(article_id)
        return ArticleDetail(
            article_id="a1",
            title=TITLE,
            outlet=None,
            author=None,
            place=None,
            published_at=None,
            published_precision="unknown",
            published_basis="unknown",
            url="https://ferry.example/1",
            language=None,
            story_id="s",
            passages=1,
            text=TEXT,
            also_in=[],
        )

    async def stats(self) -> Stats:
        raise NotImplementedError

    def readiness(self) -> Readiness:
        return Readiness(ready=True, generation=1, degraded=[])
