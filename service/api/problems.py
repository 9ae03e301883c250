"""Errors as RFC 9457 problem documents: one table from error classes to status and code.

What a problem says is written here, not taken from the error, so that no path, address or
exception text of the inside reaches a client. `InvalidQuestion` is the exception: its message is
about the client's own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

from pydantic import BaseModel

from ingest.errors import (
    EmbedderMismatch,
    EmbeddingFailed,
    IndexDamaged,
    IndexMissing,
    IndexUnavailable,
)
from service.errors import (
    AnswerNotFound,
    ArticleNotFound,
    FeedbackUnavailable,
    InvalidQuestion,
    ModelNotFound,
    WriterBusy,
    WriterUnavailable,
)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5


class ServiceStopping(Exception):
    """The server is stopping and gave up the question."""


class DeadlinePassed(Exception):
    """The answer was not ready in time."""


class FieldError(BaseModel):
    """What is wrong with one field of a request; `field` is its path, joined by dots."""

    field: str
    message: str


class Problem(BaseModel):
    """An RFC 9457 problem document.

    Attributes:
        type: A name of the kind of problem; one to one with `code`.
        detail: What happened and what to do about it.
        instance: The path that was asked for.
        code: Stable; made for programs.
        request_id: Also in the header X-Request-ID and in the server's log.
        errors: What is wrong with each field, for `invalid_request`.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    code: str
    request_id: str
    errors: list[FieldError] | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of problem.

    Attributes:
        detail: None where the error's own message is shown.
    """

    status: int
    code: str
    title: str
    detail: str | None

    def problem(
        self,
        request_id: str,
        instance: str | None = None,
        *,
        errors: list[FieldError] | None = None,
    ) -> Problem:
        """Return the document for one occurrence."""
        return Problem(
            type=f"urn:dateline:problem:{self.code}",
            title=self.title,
            status=self.status,
            detail=self.detail or self.title,
            instance=instance,
            code=self.code,
            request_id=request_id,
            errors=errors,
        )


INTERNAL = Kind(
    500,
    "internal_error",
    "Something went wrong inside the service",
    "The request could not be finished. The server's log says why, under this request id.",
)
OVERLOADED = Kind(
    503,
    "overloaded",
    "Too many requests are being answered",
    "Ask again in a few seconds.",
)
UNAUTHORIZED = Kind(
    401,
    "unauthorized",
    "A key is needed",
    "Send `Authorization: Bearer KEY` with a key of this service.",
)
FORBIDDEN = Kind(
    403,
    "forbidden",
    "The key does not allow this",
    "The header WWW-Authenticate names the scope that a key needs here.",
)
HOST_NOT_ALLOWED = Kind(
    400,
    "host_not_allowed",
    "The service does not go by this name",
    "Ask for one of its own names; DATELINE_TRUSTED_HOSTS lists them.",
)
RATE_LIMITED = Kind(
    429,
    "rate_limited",
    "Too many requests",
    "Wait as long as the header Retry-After says.",
)
TOO_MANY_OPEN = Kind(
    429,
    "too_many_open",
    "Too many of your questions are being answered",
    "Wait for an answer, then ask the next question.",
)
TOO_SLOW = Kind(
    503,
    "too_slow",
    "The answer took too long",
    "Ask again, or raise DATELINE_ANSWER_TIMEOUT_S.",
)
INVALID_REQUEST = Kind(
    422,
    "invalid_request",
    "The request is not valid",
    "Correct the fields that `errors` names; /openapi.json describes the request.",
)
INVALID_JSON = Kind(
    400,
    "invalid_json",
    "The body is not valid JSON",
    "Send one JSON object in UTF-8.",
)

KINDS: dict[type[Exception], Kind] = {
    InvalidQuestion: Kind(422, "invalid_question", "The question cannot be asked", None),
    ArticleNotFound: Kind(
        404,
        "article_not_found",
        "There is no such article",
        "No article has this id; GET /v1/articles lists those there are.",
    ),
    ModelNotFound: Kind(
        404, "model_not_found", "There is no such model", "GET /v1/models names the one there is."
    ),
    AnswerNotFound: Kind(
        404,
        "answer_not_found",
        "There is no such answer",
        "Only the latest answers of this service can be rated; ask again, then rate.",
    ),
    FeedbackUnavailable: Kind(
        503,
        "feedback_unavailable",
        "Ratings cannot be kept now",
        "Try again; the server's log says why, under this request id.",
    ),
    WriterUnavailable: Kind(
        503,
        "writer_unavailable",
        "The language model cannot be used now",
        "Try again; DATELINE_WRITER=extractive answers without a language model.",
    ),
    WriterBusy: Kind(
        503,
        "writer_busy",
        "Too many questions are with the language model",
        "Ask again in a few seconds.",
    ),
    DeadlinePassed: TOO_SLOW,
    ServiceStopping: Kind(
        503, "stopping", "The service is stopping", "Ask again in a few seconds."
    ),
    IndexMissing: Kind(
        503,
        "index_missing",
        "There is no index yet",
        "No article was brought in yet; run `dateline ingest PATH`, then ask again.",
    ),
    IndexDamaged: Kind(
        503,
        "index_damaged",
        "The index is damaged",
        "`dateline index check` says what is wrong with it, `dateline index rebuild` mends it.",
    ),
    EmbedderMismatch: Kind(
        503,
        "embedder_mismatch",
        "The index was made with another embedder",
        "Set DATELINE_EMBEDDER to the one it was made with, or ingest the articles again.",
    ),
    EmbeddingFailed: Kind(
        503,
        "embedding_failed",
        "The question could not be embedded",
        "Try again; if it stays so, check the embedder that DATELINE_EMBEDDER names.",
    ),
    IndexUnavailable: Kind(
        503,
        "index_unavailable",
        "The index cannot be used now",
        "Try again; the server's log says why, under this request id.",
    ),
}

STATUS_KINDS = {
    kind.status: kind
    for kind in (
        INVALID_JSON,
        Kind(
            404,
            "not_found",
            "There is nothing at this address",
            "/openapi.json lists what there is.",
        ),
        Kind(
            405,
            "method_not_allowed",
            "The method is not allowed here",
            "The header Allow names the methods that are.",
        ),
        Kind(
            408,
            "body_too_slow",
            "The body did not come in time",
            "Send the whole request at once.",
        ),
        Kind(
            413,
            "body_too_large",
            "The body is too large",
            "Send a shorter request, or raise DATELINE_MAX_BODY_BYTES.",
        ),
        Kind(
            415,
            "unsupported_media_type",
            "The body must be JSON",
            "Send the header `Content-Type: application/json`.",
        ),
        INTERNAL,
    )
}


def kind_of(error: Exception) -> Kind:
    """Return the kind of an error; `InvalidQuestion` brings its own code and message."""
    found = next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), INTERNAL)
    if isinstance(error, InvalidQuestion):
        return Kind(found.status, error.code, found.title, str(error))
    return found


def kind_of_status(status: int) -> Kind:
    """Return the kind that stands for a bare HTTP status."""
    known = STATUS_KINDS.get(status)
    if known is not None:
        return known
    phrase = HTTPStatus(status).phrase
    return Kind(status, re.sub(r"[^a-z]+", "_", phrase.lower()), phrase, None)
