"""What a PDF states about itself, as far as it can be believed.

Its dates of creation and change are those of the file, so only a date that says that it is one of
publication counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ingest.errors import ArticleError
from ingest.read.xml_tree import Element, nodes, parse, text_at

if TYPE_CHECKING:
    from pypdf import PdfReader

_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|office)\b.*|untitled.*|\(?(?:no|none|null)\)?(?: title)?"
    r"|(?:document|page|layout|title|slide|draft)[ _-]?\d*|about:blank|https?://\S+"
    r"|[^\s]+\.(?:docx?|pdf|indd|qxp|qxd|tex|dvi|rtf|odt|txt|html?|pages|xps|ps|eps|p65|tmp)"
    r"|.*\.(?:docx?|indd|qxp|qxd|odt|rtf)|[\w-]*_[\w-]*|\d[\d ._-]*|[0-9a-f-]{16,})",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r".*(?:\d|@|_|\\|/|\b(?:administrator|admin|user|owner|unknown|anonymous|office|microsoft"
    r"|adobe|acrobat|indesign|word|writer|latex|author|editor|desk|scanner)\b).*",
    re.IGNORECASE,
)
_MIN_TITLE_WORDS, _MAX_TITLE_WORDS = 2, 40
_MIN_NAME_WORDS = 2
_DATES = ("publicationDate", "coverDate", "issued")
_INFO_DATES = ("/PublicationDate", "/PubDate", "/DatePublished")


def stated(reader: PdfReader) -> dict[str, object]:
    """Return what a document says of itself, under the names of `fields`."""
    info: Mapping[str, object] = reader.metadata or {}
    xmp = _xmp(reader)
    language = reader.root_object.get("/Lang")
    facts = {
        "title": plausible_title(_text(info.get("/Title")))
        or plausible_title(_xmp_at(xmp, "title")),
        "author": plausible_author(_text(info.get("/Author")))
        or plausible_author(_xmp_at(xmp, "creator")),
        "outlet": _xmp_at(xmp, "publicationName") or _xmp_at(xmp, "publisher"),
        "published": _published(info, xmp),
        "url": _url(_xmp_at(xmp, "url")),
        "language": _text(language),
    }
    return {name: value for name, value in facts.items() if value}


def plausible_title(title: str | None) -> str | None:
    """Return a title unless a program made it up."""
    words = (title or "").split()
    if not _MIN_TITLE_WORDS <= len(words) <= _MAX_TITLE_WORDS or _NO_TITLE.fullmatch(
        " ".join(words)
    ):
        return None
    return " ".join(words)


def plausible_author(author: str | None) -> str | None:
    """Return an author that reads like people's names, not like an account or a program."""
    name = " ".join((author or "").split())
    return None if len(name.split()) < _MIN_NAME_WORDS or _NO_NAME.fullmatch(name) else name


def _published(info: Mapping[str, object], xmp: Element | None) -> str | None:
    in_xmp = next(filter(None, (_xmp_at(xmp, name) for name in _DATES)), None)
    return in_xmp or next(filter(None, (_text(info.get(name)) for name in _INFO_DATES)), None)


def _xmp(reader: PdfReader) -> Element | None:
    packet = reader.root_object.get("/Metadata")
    if packet is None:
        return None
    try:
        return parse(packet.get_object().get_data())
    except (ArticleError, AttributeError):
        return None


def _xmp_at(xmp: Element | None, name: str) -> str | None:
    """Return a property of XMP, written as an element or as an attribute of its description."""
    if xmp is None:
        return None
    written = (
        str(value).strip()
        for description in nodes(xmp, "//Description")
        for attribute, value in description.attrib.items()
        if str(attribute).rpartition("}")[2] == name
    )
    return text_at(xmp, f"//{name}/*/li", f"//{name}") or next(filter(None, written), None)


def _url(value: str | None) -> str | None:
    return value if value and value.startswith(("http://", "https://")) else None


def _text(value: object) -> str | None:
    found = value.get_object() if hasattr(value, "get_object") else value
    return str(found).strip("\0 ") or None if isinstance(found, str) else None
