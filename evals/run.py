"""A run: every question of a suite to the service, every answer to its scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from evals.errors import GoldNotFound
from evals.metrics import score, unanswered
from evals.metrics.score import Score
from evals.metrics.wording import one_spaced
from evals.suite import GoldQuestion, QuestionType, Suite
from evals.summary import Figure, figures
from service.api.backend import Backend
from service.domain import Answer, ArticleDetail, Question
from service.errors import ArticleNotFound

PAGE = 100


class Sample(BaseModel):
    """One question, what the service said, and how that scores.

    Attributes:
        error: What was raised instead of an answer.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    type: QuestionType
    question: str
    answer: Answer | None
    error: str | None
    scores: dict[str, Score]


class Summary(BaseModel):
    """The figures of a run.

    Attributes:
        errors: How many questions raised; they are unscored in every metric.
        by_type: The same figures for each type of question.
    """

    model_config = ConfigDict(frozen=True)

    questions: int
    errors: int
    metrics: dict[str, Figure]
    by_type: dict[QuestionType, dict[str, Figure]]


@dataclass(frozen=True)
class Outcome:
    """All samples in the suite's order, and their figures."""

    samples: tuple[Sample, ...]
    summary: Summary


async def run(suite: Suite, backend: Backend) -> Outcome:
    """Ask every question, one after the other, and score the answers.

    Args:
        suite: What to ask.
        backend: Holds the articles that the suite is about.

    Raises:
        GoldNotFound: Gold evidence is not in the index.
        IndexUnavailable: The index cannot be read.
    """
    await _check_gold(suite, backend)
    # Loads the embedder, so that the first question's latency is like the others'.
    await backend.search(Question("warm up", k=1))
    samples = [await _sample(question, backend) for question in suite.questions]
    return Outcome(tuple(samples), summarise(samples))


def summarise(samples: Sequence[Sample]) -> Summary:
    """Return the figures of all samples and of each type."""

    def kind(sample: Sample) -> QuestionType:
        return sample.type

    grouped = groupby(sorted(samples, key=kind), kind)
    return Summary(
        questions=len(samples),
        errors=sum(sample.error is not None for sample in samples),
        metrics=figures([sample.scores for sample in samples]),
        by_type={name: figures([sample.scores for sample in some]) for name, some in grouped},
    )


async def _sample(question: GoldQuestion, backend: Backend) -> Sample:
    answer, error = None, None
    try:
        answer = await backend.ask(question.asked())
        scores = score(question, answer, await _cited_texts(answer, backend))
    except Exception as raised:
        error = f"{type(raised).__name__}: {raised}"
        scores = unanswered(f"no answer: {error}")
    return Sample(
        id=question.id,
        type=question.type,
        question=question.question,
        answer=answer,
        error=error,
        scores=scores,
    )


async def _cited_texts(answer: Answer, backend: Backend) -> dict[str, str]:
    cited = {c.article_id for said in answer.statements for c in said.citations}
    texts = {}
    for article_id in sorted(cited):
        try:
            texts[article_id] = (await backend.article(article_id)).text
        except ArticleNotFound:
            continue
    return texts


async def _check_gold(suite: Suite, backend: Backend) -> None:
    """Raise GoldNotFound unless every gold quote is in an article, in the one named if it exists.

    Otherwise a suite of other articles, or a reader that loses text, would look like poor search.
    A title that ingest now reads otherwise loses nothing, since metrics compare texts.
    """
    articles = await _articles(backend)
    for question in suite.questions:
        for evidence in question.evidence:
            named = [a for a in articles if evidence.article in (a.title, a.url)]
            where = "in it" if named else "in any article, and none has this title or URL"
            quote = one_spaced(evidence.quote)
            if not any(quote in one_spaced(article.text) for article in named or articles):
                raise GoldNotFound(
                    f"{suite.path}: question {question.id!r}: {evidence.article!r}: its quote is "
                    f"not {where}; correct the suite, or name the articles that it is about"
                )


async def _articles(backend: Backend) -> list[ArticleDetail]:
    found: list[ArticleDetail] = []
    cursor: str | None = None
    while True:
        page = await backend.articles(PAGE, cursor, None)
        found += [await backend.article(article.article_id) for article in page.articles]
        cursor = page.next
        if cursor is None:
            return found
