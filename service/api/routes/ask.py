"""Questions and searches."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial

from fastapi import APIRouter, Request, Response

from service.api.dependencies import AcceptsEvents, JsonOnly, Wired, Wiring
from service.api.document import ANSWER_EVENTS, problem_responses
from service.api.schemas import AskRequest, SearchRequest
from service.api.streaming import stream
from service.domain import Answer, Question
from service.listening import Listener
from service.search_result import SearchResult

PROBLEMS = problem_responses(400, 413, 415, 422, 500, 503)

router = APIRouter(tags=["questions"])


@router.post(
    "/v1/ask",
    summary="Ask a question",
    response_model=Answer,
    responses={**ANSWER_EVENTS, **PROBLEMS},
    dependencies=[JsonOnly],
)
async def ask(
    body: AskRequest, wired: Wired, accepts_events: AcceptsEvents, request: Request
) -> Answer | Response:
    """Return an answer whose sentences cite their passages, or say why there is none.

    With `stream` or `Accept: text/event-stream` the reply is a stream of the events `sources`,
    `delta` and `answer`, or one `error` that carries a problem document.
    """
    question = body.to_question(wired.settings)
    work = partial(answered, wired, question, request)
    if body.stream or accepts_events:
        return stream(request.scope, work)
    return await work(None)


async def answered(
    wired: Wiring, question: Question, request: Request, listener: Listener | None
) -> Answer:
    """Return the answer, given up when the client goes or the time is over."""
    timeout_s = wired.settings.answer_timeout_s
    work = wired.backend.ask(question, listener)
    stream_open = wired.metrics.stream_open() if listener else nullcontext()
    with stream_open:
        found = await wired.running.until_gone(work, request.receive, timeout_s)
    wired.metrics.answered(found)
    return found


@router.post(
    "/v1/search",
    summary="Search passages",
    responses=PROBLEMS,
    dependencies=[JsonOnly],
)
async def search(body: SearchRequest, wired: Wired) -> SearchResult:
    """Return the passages that fit the query, best first."""
    return await wired.backend.search(body.to_question(wired.settings))
