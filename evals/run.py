"""A run: every question of a suite to the service, every answer to its scores."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from evals.errors import GoldNotFound
from evals.metrics import score, unanswered
from evals.metrics.case import Case
from evals.metrics.retrieval import DEPTH
from evals.metrics.wording import one_spaced
from evals.samples import Prices, Sample, Summary, ranked, summarise
from evals.suite import GoldQuestion, Suite
from service.domain import Answer, Question
from service.errors import ArticleNotFound
from service.holdings import ArticleDetail, ArticlePage
from service.search_result import SearchResult

PAGE = 100
AT_ONCE = 4


class Service(Protocol):
    """What a run asks; see `service.api.backend.Backend`."""

    async def ask(self, question: Question) -> Answer:
        """Return the answer, or an abstention."""
        ...

    async def search(self, question: Question) -> SearchResult:
        """Return the passages that matter most, best first."""
        ...

    async def articles(self, limit: int, cursor: str | None, outlet: str | None) -> ArticlePage:
        """Return at most `limit` articles that follow `cursor`."""
        ...

    async def article(self, article_id: str) -> ArticleDetail:
        """Return one article with its text, or raise ArticleNotFound."""
        ...


@dataclass(frozen=True)
class Outcome:
    """All samples in the suite's order, and their figures."""

    samples: tuple[Sample, ...]
    summary: Summary


@dataclass(frozen=True)
class Course:
    """How a run goes.

    Attributes:
        at_once: How many questions are asked at a time.
        done: Samples of an earlier run that was cut off, by question id; they are not asked again.
        keep: Called with each new sample as it comes.
        prices: Of the model's tokens, if the cost is wanted.
    """

    at_once: int = AT_ONCE
    done: Mapping[str, Sample] = field(default_factory=dict)
    keep: Callable[[Sample], None] = lambda _sample: None
    prices: Prices | None = None


async def run(suite: Suite, service: Service, course: Course | None = None) -> Outcome:
    """Ask every question, several at a time, and score the answers.

    Args:
        suite: What to ask.
        service: Holds the articles that the suite is about.
        course: How it goes.

    Raises:
        GoldNotFound: Gold evidence is not in the index.
        IndexUnavailable: The index cannot be read.
    """
    course = course or Course()
    await _check_gold(suite, service)
    # Loads the embedder for each thread, so that the first latencies are like the others.
    await asyncio.gather(*(service.search(Question("warm up", k=1)) for _ in range(course.at_once)))
    places = asyncio.Semaphore(course.at_once)

    async def sample(question: GoldQuestion) -> Sample:
        if question.id in course.done:
            return course.done[question.id]
        async with places:
            made = await _sample(question, service)
        course.keep(made)
        return made

    samples = await asyncio.gather(*map(sample, suite.questions))
    return Outcome(tuple(samples), summarise(samples, course.prices))


async def _sample(question: GoldQuestion, service: Service) -> Sample:
    try:
        found = await service.search(replace(question.asked(), k=DEPTH))
        answer = await service.ask(question.asked())
        case = Case(question, answer, tuple(found.results), await _cited_texts(answer, service))
        return Sample(
            gold=question,
            answer=answer,
            ranking=ranked(found.results),
            error=None,
            scores=score(case),
        )
    except Exception as raised:
        error = f"{type(raised).__name__}: {raised}"
        scores = unanswered(f"no answer: {error}")
        return Sample(gold=question, answer=None, ranking=(), error=error, scores=scores)


async def _cited_texts(answer: Answer, service: Service) -> dict[str, str]:
    cited = {c.article_id for said in answer.statements for c in said.citations}
    texts = {}
    for article_id in sorted(cited):
        try:
            texts[article_id] = (await service.article(article_id)).text
        except ArticleNotFound:
            continue
    return texts


async def _check_gold(suite: Suite, service: Service) -> None:
    """Raise GoldNotFound unless every gold quote is in an article, in the one named if it exists.

    Otherwise a suite of other articles, or a reader that loses text, would look like poor search.
    A title that ingest now reads otherwise loses nothing, since metrics compare texts.
    """
    articles = [(a, one_spaced(a.text)) for a in await _articles(service)]
    for question in suite.questions:
        for evidence in question.evidence:
            named = [t for a, t in articles if evidence.article in (a.title, a.url)]
            where = "in it" if named else "in any article, and none has this title or URL"
            quote = one_spaced(evidence.quote)
            if not any(quote in text for text in named or (t for _, t in articles)):
                raise GoldNotFound(
                    f"{suite.place(question.id)}: question {question.id!r}: "
                    f"{evidence.article!r}: its quote is not {where}; correct the suite, or name "
                    "the articles that it is about"
                )


async def _articles(service: Service) -> list[ArticleDetail]:
    found: list[ArticleDetail] = []
    cursor: str | None = None
    while True:
        page = await service.articles(PAGE, cursor, None)
        found += [await service.article(article.article_id) for article in page.articles]
        cursor = page.next
        if cursor is None:
            return found
