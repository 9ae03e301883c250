"""Marked-up fragments (HTML, XHTML, NITF) to paragraphs.

Not inscriptis, which lays a page out as a terminal would, with indents and aligned columns: here a
block is a paragraph and nothing more.
"""

from __future__ import annotations

import re

from lxml import etree, html

from ingest.read.visible import is_hidden

Element = etree._Element

_HTML_BLOCKS = """p div h1 h2 h3 h4 h5 h6 hr blockquote pre ul ol dl li dt dd table caption tr
    section article header footer main aside nav address figure form fieldset details summary
    center body"""
_NITF_BLOCKS = "hl1 hl2 bq block body.content body.head body.end tagline note fn hedline"
_BLOCKS = frozenset(f"{_HTML_BLOCKS} {_NITF_BLOCKS}".split())
_HTML_UNSEEN = """script style template noscript head svg math iframe object embed audio video
    canvas button input select textarea figcaption img"""
_NITF_UNSEEN = "media media-caption media-metadata media-producer"
_UNSEEN = frozenset(f"{_HTML_UNSEEN} {_NITF_UNSEEN}".split())
_CELLS = ("td", "th")
_BREAK = "\n"
_MARK = re.compile(r"-|\d+\.")
_LOOKS_MARKED_UP = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|&(?:#\d+|#x[0-9a-f]+|\w+);", re.I)
_BLOCK_NAMES = "(?:p|div|h[1-6]|ul|ol|li|blockquote|table|article|section|figure|pre|center|body)"
_HAS_BLOCKS = re.compile(
    rf"</{_BLOCK_NAMES}\s*>|<br\s*/?>|\A\s*<{_BLOCK_NAMES}(?:\s[^<>]*)?>", re.I
)


def has_blocks(text: str) -> bool:
    """Tell whether a text is divided by tags, and does not only speak of one."""
    return "<" in text and bool(_HAS_BLOCKS.search(text))


def is_markup(text: str) -> bool:
    """Tell whether a text has tags or named characters in it."""
    return bool(_LOOKS_MARKED_UP.search(text))


def text_of_html(fragment: str) -> str:
    """Return the paragraphs of an fragment, parted by blank lines; what is hidden is left out."""
    if not fragment.strip():
        return ""
    # Characters that no XML tree can hold.
    clean = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", fragment)
    try:
        root = html.fragment_fromstring(clean, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    return text_of(root)


def text_of(element: Element) -> str:
    """Return the paragraphs of an element of HTML, XHTML or NITF, parted by blank lines."""
    writer = _Writer()
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        name = _name(node)
        if event == "start" and (name in _UNSEEN or is_hidden(node)):
            walk.skip_subtree()
        elif event == "start":
            writer.start(node, name)
            writer.write(node.text, name)
        else:
            writer.end(node, name)
            if node is not element:
                parent = node.getparent()
                writer.write(node.tail, "" if parent is None else _name(parent))
    return writer.finished()


class _Writer:
    """Gathers words into paragraphs."""

    def __init__(self) -> None:
        self._paragraphs: list[str] = []
        self._words: list[str] = []
        self._rows = 0
        self._numbers: list[int | None] = []

    def start(self, node: Element, name: str) -> None:
        if name == "br":
            self._words.append(" " if self._rows else _BREAK)
        elif name in ("ul", "ol"):
            self._numbers.append(0 if name == "ol" else None)
        self._break_at(name)
        if name == "li":
            self._words.append(self._mark())
        if name in _CELLS and self._rows and node.getprevious() is not None:
            self._words.append(" | ")
        if name == "tr" and _has_cells(node):
            self._rows += 1

    def end(self, node: Element, name: str) -> None:
        if name == "tr" and _has_cells(node):
            self._rows -= 1
        if name in ("ul", "ol") and self._numbers:
            self._numbers.pop()
        self._break_at("p" if name in _CELLS and not self._rows else name)
        if name == "li" and not self._rows:
            self._words.clear()

    def write(self, text: str | None, inside: str) -> None:
        if text:
            keeps = inside == "pre" and not self._rows
            self._words.append(text if keeps else re.sub(r"[ \t\r\n\f]+", " ", text))

    def finished(self) -> str:
        self._paragraph()
        return "\n\n".join(self._paragraphs)

    def _break_at(self, name: str) -> None:
        if name not in _BLOCKS:
            return
        if self._rows:
            self._words.append(" ")
        else:
            self._paragraph()

    def _mark(self) -> str:
        if not self._numbers or self._numbers[-1] is None:
            return "- "
        self._numbers[-1] += 1
        return f"{self._numbers[-1]}. "

    def _paragraph(self) -> None:
        lines = (" ".join(line.split()) for line in "".join(self._words).split(_BREAK))
        text = _BREAK.join(line for line in lines if line)
        if self._numbers and _MARK.fullmatch(text):
            return  # waits for the paragraph inside the item
        if text:
            self._paragraphs.append(text)
        self._words.clear()


def _has_cells(row: Element) -> bool:
    return sum(_name(cell) in _CELLS for cell in row) > 1


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
