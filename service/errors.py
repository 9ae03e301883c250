"""What can go wrong between a question and its answer.

ServiceError
├── InvalidQuestion        empty, too long, or a filter that makes no sense
├── ArticleNotFound        no article has this id
├── AnswerNotFound         no answer that is remembered has this id
├── ModelNotFound          a chat client asks for another model than this service
├── FeedbackUnavailable    ratings cannot be written or read
│   └── FeedbackRefused    the store is well, and does not take this one
├── ReaderUnavailable      the reader's weights are not the expected ones, or it failed
├── WriterUnavailable      the language model cannot be used now
└── WriterBusy             too many ask the language model at once

Errors of the index (`ingest.errors.IndexUnavailable`) pass through unchanged.
"""

from __future__ import annotations

from typing import Literal

Failure = Literal[
    "busy",
    "incomplete",
    "left_alone",
    "refused",
    "server_error",
    "timeout",
    "unreachable",
    "unreadable",
]
"""Why a language model gave no answer. `busy`: it, or the queue before it, takes no more now."""


class ServiceError(Exception):
    """Root of the tree; `code` is stable and appears in problem documents.

    `exit_code` is what the command line ends with.
    """

    code = "internal_error"
    exit_code = 1


class InvalidQuestion(ServiceError):
    """The question cannot be asked as it stands."""

    code = "invalid_question"
    exit_code = 2

    def __init__(self, message: str, code: str = "invalid_question") -> None:
        super().__init__(message)
        self.code = code


class ArticleNotFound(ServiceError):
    """No article has this id."""

    code = "article_not_found"


class AnswerNotFound(ServiceError):
    """No answer that is remembered has this id."""

    code = "answer_not_found"


class ModelNotFound(ServiceError):
    """A chat client asks for a model that is not this service."""

    code = "model_not_found"


class FeedbackUnavailable(ServiceError):
    """Ratings of answers cannot be written or read."""

    code = "feedback_unavailable"


class FeedbackRefused(FeedbackUnavailable):
    """The store is well, but what it is given is nothing that it can hold."""


class ReaderUnavailable(ServiceError):
    """The reader cannot be loaded or run; sentences are chosen without it."""

    code = "reader_unavailable"


class WriterUnavailable(ServiceError):
    """The language model refused, failed or took too long.

    Attributes:
        outage: Whether the next question would most likely fare the same.
        reason: One of a few words, for counting.
    """

    code = "writer_unavailable"

    def __init__(
        self, message: str, *, outage: bool = False, reason: Failure = "unreadable"
    ) -> None:
        super().__init__(message)
        self.outage = outage
        self.reason: Failure = reason


class WriterBusy(ServiceError):
    """As many ask the language model, or wait for it, as may."""

    code = "writer_busy"
