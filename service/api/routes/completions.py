"""The OpenAI-compatible routes."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse

from service.api.completions.chunks import chunks
from service.api.completions.reply import Completion
from service.api.completions.request import MODEL, ChatRequest, require_model
from service.api.dependencies import JsonOnly, Wired
from service.api.document import CHUNK_EVENTS, problem_responses
from service.api.routes.ask import answered
from service.api.streaming import HEADERS

_MODEL = {"id": MODEL, "object": "model", "created": 1_735_689_600, "owned_by": MODEL}

router = APIRouter(tags=["OpenAI-compatible"])


@router.post(
    "/v1/chat/completions",
    summary="Answer the last message of a conversation",
    responses={**CHUNK_EVENTS, **problem_responses(400, 404, 413, 415, 422, 500, 503)},
    dependencies=[JsonOnly],
    response_model=None,
)
async def chat_completions(body: ChatRequest, wired: Wired, request: Request) -> Response:
    """Answer as `POST /v1/ask` does, in the form of a chat completion.

    The text ends with a list of the sources cited, `annotations` say where each is cited, and
    `dateline` is the whole answer: in a stream it comes with the chunk that ends the text.
    """
    work = partial(answered, wired, body.to_question(wired.settings), request)
    if body.stream:
        include_usage = bool(body.stream_options and body.stream_options.include_usage)
        return EventSourceResponse(chunks(request.scope, work, include_usage), headers=HEADERS)
    return JSONResponse(Completion(await work(None)).document())


@router.get("/v1/models", summary="List models")
async def models() -> dict[str, Any]:
    """Return the one model there is."""
    return {"object": "list", "data": [_MODEL]}


@router.get("/v1/models/{model}", summary="One model", responses=problem_responses(404, 422))
async def model(model: str) -> dict[str, Any]:
    """Return the model of this name."""
    require_model(model)
    return dict(_MODEL)
