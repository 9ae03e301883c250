"""XML to a tree, without fetching anything and without entities of the document's own making.

Every XML format is parsed here. A DOCTYPE that names an external DTD, as NITF's does, is fine: it
is never loaded.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html.entities import html5

from lxml import etree

from ingest.errors import ArticleError

Element = etree._Element  # lxml's stubs name the class of elements so

_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>")
_TAG = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_ELEMENT = re.compile("<[A-Za-z_:]")
_DECLARED = "declares entities, which no news document needs; take the DOCTYPE out"
_PROLOG_CHARS = 65_536
# Named characters that only the DTD would explain: what they stand for is known anyway.
_HARMLESS = ("Entity '", "Namespace prefix ", "xmlns")


def parse(data: bytes, charset: str | None = None) -> Element:
    """Return the root of a document; comments and processing instructions are left out.

    Args:
        data: All of it, in the encoding that it declares.
        charset: The encoding that a server named; believed before the declaration (RFC 7303).

    Raises:
        ArticleError: It is empty, broken, or declares entities.
    """
    refuse_entities(data)
    try:
        root = etree.fromstring(data, _parser(charset))
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise ArticleError(_reason(error)) from error
    if root is None:
        raise ArticleError("is not valid XML: it has no elements; mend it or save it again")
    _refuse_declared(root)
    _resolve_named(root)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    return root


def fault(data: bytes) -> str | None:
    """Return what breaks a document, with its line, or None when nothing of weight does.

    Raises:
        ArticleError: It declares entities.
    """
    parser = _parser(recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return _reason(error)
    if root is not None:
        _refuse_declared(root)
    fatal = (entry for entry in parser.error_log if entry.level_name == "FATAL")
    found = next((e for e in fatal if not e.message.startswith(_HARMLESS)), None)
    return f"is not valid XML: {found.message.strip()} in line {found.line}" if found else None


def refuse_entities(data: bytes) -> None:
    """Look for entity declarations without parsing.

    Raises:
        ArticleError: There are some.
    """
    if not data.strip():
        raise ArticleError("is empty; remove it or put an article in it")
    _, doctype, rest = _prolog(data).partition("<!DOCTYPE")
    root = _ELEMENT.search(rest)
    if doctype and "<!ENTITY" in rest[: root.start() if root else None]:
        raise ArticleError(_DECLARED)


def beginning(head: str) -> str:
    """Return a document from its first tag or DOCTYPE on, past comments and instructions."""
    rest = head.lstrip("\ufeff \t\r\n")
    while rest.startswith(("<?", "<!--")):
        end = "?>" if rest.startswith("<?") else "-->"
        rest = rest.partition(end)[2].lstrip()
    return rest


def root_name(head: str) -> str | None:
    """Return the name of the root element, without its prefix, or None if none is seen."""
    rest = beginning(head)
    doctype = _DOCTYPE.match(rest)
    match = _TAG.match(beginning(rest[doctype.end() :]) if doctype else rest)
    return match[1] if match else None


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def nodes(element: Element, path: str) -> list[Element]:
    """Return the elements at a path of names without namespaces: `head/title`, `//newsItem`."""
    found = element.xpath(_xpath(path))
    return [node for node in found if isinstance(node, Element)] if isinstance(found, list) else []


def text_at(element: Element, *paths: str) -> str | None:
    """Return the text of the first element that has some, on one line."""
    found = (words(node) for path in paths for node in nodes(element, path))
    return next((text for text in found if text), None)


def attribute_at(element: Element, *paths: str) -> str | None:
    """Return the first attribute that has a value, of paths that end in `@name`."""
    parts = [path.rpartition("/@") for path in paths]
    found = (node.get(name) for path, _, name in parts for node in nodes(element, path))
    return next((value.strip() for value in found if value and value.strip()), None)


def words(element: Element) -> str:
    """Return all the text inside an element on one line."""
    return " ".join("".join(map(str, element.itertext())).split())


def _parser(charset: str | None = None, *, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=charset,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
    )


def _prolog(data: bytes) -> str:
    head = data[:_PROLOG_CHARS]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head.decode(encoding, "replace")
    # ASCII letters stay letters in every other encoding that a declaration can name.
    return head.replace(b"\0", b"").decode("latin-1")


@lru_cache(maxsize=256)
def _xpath(path: str) -> str:
    names = path.removeprefix("//").split("/")
    steps = [name if name in (".", "*") else f"*[local-name()='{name}']" for name in names]
    return ("descendant-or-self::" if path.startswith("//") else "") + "/".join(steps)


def _refuse_declared(root: Element) -> None:
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise ArticleError(_DECLARED)


def _resolve_named(root: Element) -> None:
    for entity in list(root.iter(etree.Entity)):
        name = str(entity.text).strip("&;")
        entity.tail = html5.get(f"{name};", f"&{name};") + (entity.tail or "")
    etree.strip_tags(root, etree.Entity)


def _reason(error: Exception) -> str:
    if isinstance(error, etree.XMLSyntaxError):
        message = (error.msg or "").split(", line ")[0] or "it has no elements"
        where = f" in line {error.lineno}" if error.lineno else ""
        return f"is not valid XML: {message}{where}; mend it there or save it again"
    return f"is not valid XML: {error}; save it as UTF-8"
