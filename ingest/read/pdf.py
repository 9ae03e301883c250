"""PDF files: read in a child process, so that a hostile or broken one takes nothing with it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import ingest
from ingest.domain import RawArticle
from ingest.errors import ArticleError
from ingest.read.fields import raw_article
from ingest.read.source import Source

TIMEOUT_S = 30.0
_IMPORT_ROOT = Path(ingest.__file__).parents[1]


def recognises(head: str) -> bool:
    """Tell whether a file begins as a PDF does."""
    return head.startswith("%PDF-")


def read(source: Source) -> Iterator[RawArticle]:
    """Yield the one article of a document.

    Raises:
        ArticleError: It is encrypted, damaged, a scan, without text, or takes too much to read.
        OSError: The file cannot be read.
    """
    found = text_of(source.whole())
    fields = {name: value for name, value in found.items() if name != "text"}
    yield raw_article(fields, str(found["text"]), source)


def text_of(data: bytes, timeout_s: float = TIMEOUT_S) -> Mapping[str, object]:
    """Return what the child process makes of a document: its text and the names of `fields`.

    Raises:
        ArticleError: It cannot be read; says why.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", "ingest.read.pdf_text"],
            input=data,
            capture_output=True,
            timeout=timeout_s,
            # Where the child finds this package, installed or not.
            cwd=_IMPORT_ROOT,
            # Ctrl-C is for the ingest, which ends with what is done, not with a damaged file.
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ArticleError(
            f"takes more than {timeout_s:.0f} s to read; print it to a new PDF or save it as text"
        ) from error
    return _answer(child)


def _answer(child: subprocess.CompletedProcess[bytes]) -> Mapping[str, object]:
    try:
        found = json.loads(child.stdout)
    except ValueError as error:
        raise ArticleError(f"cannot be read: {_ending(child.returncode)}") from error
    if not isinstance(found, dict) or "text" not in found:
        reason = found.get("error") if isinstance(found, dict) else None
        raise ArticleError(str(reason or "cannot be read: its reader gave no answer"))
    return found


def _ending(code: int) -> str:
    remedy = "print it to a new PDF or save it as text"
    if code == -signal.SIGXCPU:
        return f"it needs too much time; {remedy}"
    if code in (-signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT):
        return f"its reader was ended by {signal.Signals(-code).name}; {remedy}"
    return f"its reader failed with status {code}; {remedy}"
