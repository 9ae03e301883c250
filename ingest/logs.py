"""Where log lines go: standard error, so that standard output holds nothing but the answer."""

from __future__ import annotations

import logging
import sys

import structlog


def to_standard_error() -> None:
    """Send the lines of structlog and of the standard library there, for the whole process."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    # What is odd about a page is told by the article that comes of it, or by its failure.
    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # No traceback with local variables: they may hold a question or a key.
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
    )
