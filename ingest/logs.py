"""Where log lines go: standard error, so that standard output holds nothing but the answer."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

Format = Literal["console", "json"]

# What moves a terminal's cursor, colours it, turns its text around or ends a line: a line of the
# log is one line.
_CONTROL = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
_LINES = re.compile(r"[\r\n]+")
# Tracebacks have lines.
_OF_LINES = frozenset({"failure", "exception", "stack"})


def to_standard_error(form: Format = "console") -> None:
    """Send the lines of structlog and of the standard library there, for the whole process.

    Args:
        form: For people, or one JSON object a line for programs.
    """
    before: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # No traceback with local variables: they may hold a question or a key.
    after: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        plain,
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *after],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    # What is odd about a page is told by the article that comes of it, or by its failure.
    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        processors=[*before, *after],
    )


def without_controls(text: str) -> str:
    """Return a text on one line that a terminal only shows."""
    return _CONTROL.sub("", _LINES.sub(" ", text))


Fields = MutableMapping[str, Any]


def plain(_logger: object, _method: str, fields: Fields) -> Fields:
    """Take out of a line's texts what a terminal would act upon; a structlog processor."""
    for name, value in fields.items():
        if isinstance(value, str):
            is_lines = name in _OF_LINES
            fields[name] = _CONTROL.sub("", value) if is_lines else without_controls(value)
    return fields
