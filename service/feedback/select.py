"""Settings to the book of ratings that they name."""

from __future__ import annotations

from service.feedback.book import FeedbackBook
from service.feedback.file_book import NAME, FileBook
from service.feedback.shared_book import PATIENCE_S, SharedBook
from service.settings import ServiceSettings

LONG_S = 300.0
"""So long a command waits, in which nobody asks meanwhile, for what takes a second in a service."""


def make_book(settings: ServiceSettings, patience_s: float = PATIENCE_S) -> FeedbackBook:
    """Return the book; nothing is opened yet.

    Args:
        settings: Read for `feedback_url` and `data_dir`.
        patience_s: Seconds that a shared store may take for one thing.
    """
    if settings.feedback_url is not None:
        return SharedBook(settings.feedback_url.get_secret_value(), patience_s)
    return FileBook(settings.data_dir / NAME)


def every_book(settings: ServiceSettings) -> list[FeedbackBook]:
    """Return the books that may hold ratings: the data folder may have some from before."""
    file_book = FileBook(settings.data_dir / NAME)
    if settings.feedback_url is None:
        return [file_book]
    return [file_book, make_book(settings, LONG_S)]
