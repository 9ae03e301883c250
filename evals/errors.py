"""What can go wrong in an evaluation.

EvalError
├── ArticlesFailed         articles cannot be brought into the index       exit code 2
├── SuiteError             the questions cannot be used                    exit code 2
│   ├── InvalidLine        a line is not a question as it should be
│   ├── RepeatedId         two questions have one id
│   └── GoldNotFound       gold evidence is not in the articles
├── OutputError            the results cannot be written                   exit code 2
├── RunUnreadable          a run folder cannot be read                     exit code 2
├── NotComparable          two runs did not answer the same questions      exit code 2
└── ServiceUnusable        the service at an address cannot be asked       exit code 2

A question that raises does not end a run; its record says what happened. Errors of the index and
of the settings (`ingest.errors`) pass through unchanged.
"""

from __future__ import annotations


class EvalError(Exception):
    """Root of the tree; the message names the thing and the remedy."""

    exit_code = 2


class ArticlesFailed(EvalError):
    """There is no article, or one cannot be ingested: the figures would not be comparable."""


class SuiteError(EvalError):
    """The questions cannot be read or used."""


class InvalidLine(SuiteError):
    """A line of a suite is not a question as it should be."""


class RepeatedId(SuiteError):
    """Two questions of a suite have one id."""


class GoldNotFound(SuiteError):
    """Gold evidence names an article or a passage that the index does not hold."""


class OutputError(EvalError):
    """The results cannot be written."""


class RunUnreadable(EvalError):
    """A run folder is missing, cut off, damaged, or of an older schema."""


class NotComparable(EvalError):
    """Two runs did not answer the same questions."""


class ServiceUnusable(EvalError):
    """The service at an address cannot be asked."""
