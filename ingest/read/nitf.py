"""NITF, the News Industry Text Format, version 3 and those before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest.domain import RawArticle
from ingest.errors import ArticleError
from ingest.read.fields import raw_article
from ingest.read.markup import text_of
from ingest.read.source import Source
from ingest.read.xml_tree import Element, attribute_at, nodes, parse, root_name, text_at, words

# When it may appear, when it was issued, when the paper that carries it came out, and last the day
# that the dateline gives, which is that of the events.
_DATES = (
    "//docdata/date.release/@norm",
    "//docdata/date.issue/@norm",
    "//pubdata/@date.publication",
    "//dateline/story.date/@norm",
)
_OUTLETS = ("//pubdata/@name", "//docdata/doc.copyright/@holder")
_TITLES = ("//hedline/hl1", "//hedline", "//head/title")


def recognises(head: str) -> bool:
    """Tell whether a file begins as NITF does."""
    return root_name(head) == "nitf"


def read(source: Source) -> Iterator[RawArticle]:
    """Yield the one article of a document.

    Raises:
        ArticleError: It is not XML, declares entities, or has no body.
        OSError: The file cannot be read.
    """
    root = parse(source.whole(), source.charset)
    text = body(root)
    if not text:
        raise ArticleError("has no text in its body.content; check that the file is complete")
    yield raw_article(facts(root), text, source)


def facts(root: Element) -> Mapping[str, object]:
    """Return what a document states, under the names of `fields`."""
    return {
        "title": text_at(root, *_TITLES),
        "author": _author(root),
        "outlet": attribute_at(root, *_OUTLETS)
        or text_at(root, "//distributor/org", "//distributor"),
        "published": attribute_at(root, *_DATES),
        "place": text_at(root, "//dateline/location"),
        "section": attribute_at(root, "//pubdata/@position.section", "//tobject/@tobject.type"),
        "language": attribute_at(root, "//body/@lang", "//nitf/@lang"),
    }


def body(root: Element) -> str:
    """Return the paragraphs of a document, the kicker and the subhead under the title included."""
    contents = nodes(root, "//body.content")
    return "\n\n".join(filter(None, map(text_of, contents)))


def _author(root: Element) -> str | None:
    people = [words(person) for person in nodes(root, "//body.head/byline/person")]
    if people:
        return ", ".join(people)
    bylines = nodes(root, "//body.head/byline")
    return _without_title(bylines[0]) if bylines else None


def _without_title(byline: Element) -> str | None:
    """Leave out the `byttl`: the function or the bureau of the author."""
    titles = [words(title) for title in nodes(byline, "byttl")]
    name = words(byline)
    for title in titles:
        name = name.replace(title, "")
    return " ".join(name.split()).strip(" ,;") or None
