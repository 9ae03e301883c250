"""The child process that reads one PDF from standard input and prints what it finds as JSON.

Run as `python -m ingest.read.pdf_text`. It limits its own memory and time before it looks at a
byte; `pdf.py` starts it and understands its answer.
"""

from __future__ import annotations

import io
import json
import logging
import re
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import ArticleError
from ingest.read import pdf_facts
from ingest.read.pdf_lines import Fragment, Page
from ingest.read.pdf_paragraphs import Laid, laid_out

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_BYTES = 1_000_000_000
MAX_CPU_S = 25
MAX_PAGES = 500
_MAX_FRAGMENTS = 500_000
_SLANT = 0.1
_MIN_READABLE_SHARE = 0.7
_INLINE_IMAGE = re.compile(rb"\bBI\s[^>]{0,500}?\bID\s")
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)


def main() -> None:
    """Answer with one JSON object: the text and the facts, or an `error`."""
    _limit()
    logging.disable(logging.CRITICAL)
    try:
        answer = document(sys.stdin.buffer.read())
    except ArticleError as error:
        answer = {"error": str(error)}
    except MemoryError:
        answer = {"error": f"needs more than {MAX_BYTES / 1e9:.0f} GB of memory to read; split it"}
    except Exception as error:  # pypdf raises whatever a damaged file leads it to
        answer = {"error": _unreadable(error)}
    sys.stdout.write(json.dumps(answer))


def document(data: bytes) -> dict[str, object]:
    """Return the text of a document and what it states about itself.

    Raises:
        ArticleError: It is encrypted, damaged, a scan, or has no text.
    """
    reader = _opened(data)
    pages = reader.pages
    if len(pages) > MAX_PAGES:
        raise ArticleError(f"has {len(pages)} pages, more than an article has; split it")
    laid = laid_out([_page(page) for page in pages])
    _check(laid, reader)
    facts = pdf_facts.stated(reader)
    title = _title(facts.get("title"), laid.title)
    return {**facts, "title": title, "text": laid.text_without(title)}


def _title(stated: object, shown: str | None) -> str | None:
    """Take the title stated, but the headline alone where that only begins it ("… | Outlet")."""
    if not isinstance(stated, str) or (shown and stated.casefold().startswith(shown.casefold())):
        return shown
    return stated


def _unreadable(error: Exception) -> str:
    from pypdf.errors import LimitReachedError

    if isinstance(error, LimitReachedError):
        return "unpacks to far more than a text needs; print it to a new PDF"
    return f"is damaged and cannot be read ({type(error).__name__}); print it to a new PDF"


def _limit() -> None:
    memory = _memory_now() + MAX_BYTES
    # Not on every system may a process bound its own memory; time is bounded by the parent too.
    for what, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, MAX_CPU_S)):
        try:
            resource.setrlimit(what, (value, value))
        except (OSError, ValueError):
            continue


def _memory_now() -> int:
    """Return the address space in use: on machines of many cores numpy has reserved a lot."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def _opened(data: bytes) -> PdfReader:
    from pypdf import PasswordType, PdfReader
    from pypdf.errors import PyPdfError

    if not data.lstrip()[:1024].startswith(b"%PDF-"):
        raise ArticleError("is not a PDF: it does not begin with %PDF-; download it again")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise ArticleError("is encrypted; save it without a password")
        if not reader.pages:
            raise ArticleError("has no pages; download it again")
    except PyPdfError as error:
        raise ArticleError(f"is damaged: {str(error)[:120]}; download it again") from error
    return reader


def _page(page: PageObject) -> Page:
    fragments: list[Fragment] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        found = _fragment(text, cm, tm, size, is_bold=_is_bold(font))
        if found and len(fragments) < _MAX_FRAGMENTS:
            fragments.append(found)

    page.extract_text(visitor_text=visit)
    box = page.mediabox
    return Page(tuple(fragments), float(box.bottom), float(box.top))


def _fragment(
    text: str, cm: list[float], tm: list[float], size: float, *, is_bold: bool
) -> Fragment | None:
    """Place a run of text on the page; text that is turned is no part of an article."""
    a = tm[0] * cm[0] + tm[1] * cm[2]
    b = tm[0] * cm[1] + tm[1] * cm[3]
    d = tm[2] * cm[1] + tm[3] * cm[3]
    if not text.strip("\n") or a <= 0 or abs(b) > _SLANT * abs(a):
        return None
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    return Fragment(x, y, abs(d) * abs(size) or 1.0, text.replace("\n", " "), is_bold)


def _is_bold(font: Any) -> bool:
    return bool(font) and bool(_BOLD.search(str(font.get("/BaseFont"))))


def _check(laid: Laid, reader: PdfReader) -> None:
    letters = [char for char in laid.text if not char.isspace()]
    if not letters:
        if any(_has_image(page) for page in reader.pages):
            raise ArticleError("is a scan; run OCR on it first (for example ocrmypdf)")
        raise ArticleError("has no text; check that it is the right file")
    readable = sum(
        char.isprintable() and not "\ue000" <= char <= "\uf8ff" and char != "\ufffd"
        for char in letters
    )
    if readable < _MIN_READABLE_SHARE * len(letters):
        raise ArticleError("does not say which letters its fonts draw; run OCR on it (ocrmypdf)")


def _has_image(page: PageObject) -> bool:
    """Look for an image among what a page draws, one form deep, or in its own content."""
    content = page.get_contents()
    inline = content is not None and bool(_INLINE_IMAGE.search(content.get_data()))
    return inline or any(_is_image(drawn, 1) for drawn in _drawn(page))


def _is_image(drawn: Any, depth: int) -> bool:
    if drawn.get("/Subtype") == "/Image":
        return True
    return depth > 0 and any(_is_image(inner, depth - 1) for inner in _drawn(drawn))


def _drawn(holder: Any) -> Iterator[Any]:
    resources = holder.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    if objects is not None:
        yield from (item.get_object() for item in objects.get_object().values())


if __name__ == "__main__":
    main()
