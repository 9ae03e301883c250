"""The table of formats: a new one is a file in this folder and a line here."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.read import (
    csv_articles,
    feed,
    html,
    json_articles,
    json_feed,
    newsml,
    nitf,
    other_xml,
    pdf,
    text,
)
from ingest.read.format import Format, anything
from ingest.read.source import Source

_XML_TYPES = ("text/xml", "application/xml")
# Many servers call a feed a page, or plain text.
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")

_SAID_OF_ANYTHING = "text/html"

# Where several could read a file, the first that recognises it does.
FORMATS = (
    Format((".pdf",), ("application/pdf",), pdf.read, pdf.recognises),
    Format((".xml", ".nitf"), (*_XML_TYPES, "application/nitf+xml"), nitf.read, nitf.recognises),
    Format(
        (".xml",),
        (
            *_XML_TYPES,
            "application/vnd.iptc.g2.newsitem+xml",
            "application/vnd.iptc.g2.newsmessage+xml",
        ),
        newsml.read,
        newsml.recognises,
    ),
    Format(
        (".xml", ".rss", ".atom", ".rdf"),
        (*_FEED_TYPES, *_XML_TYPES, "text/html"),
        feed.read,
        feed.recognises,
        rolling=True,
    ),
    Format(
        # A page that was saved as text is still a page.
        (".html", ".htm", ".xhtml", ".txt", ".text"),
        ("text/html", "application/xhtml+xml"),
        html.read,
        html.recognises,
    ),
    Format((".xml",), _XML_TYPES, other_xml.read, other_xml.recognises),
    Format(
        (".json",),
        ("application/feed+json", "application/json"),
        json_feed.read,
        json_feed.recognises,
        rolling=True,
    ),
    Format((".json",), ("application/json",), json_articles.read, json_articles.recognises),
    Format(
        (".jsonl", ".ndjson"),
        ("application/x-ndjson", "application/jsonl"),
        json_articles.read_lines,
    ),
    Format(
        (".csv", ".tsv", ".tab"),
        ("text/csv", "text/tab-separated-values"),
        csv_articles.read,
    ),
    Format((".md", ".markdown"), ("text/markdown",), text.read_markdown),
    # Not text/plain: servers call everything so that they don't know.
    Format((".txt", ".text"), (), text.read, anything),
)
SUFFIXES = frozenset(suffix for entry in FORMATS for suffix in entry.suffixes)


def format_of(source: Source) -> Format:
    """Return how to read a source: as its server says, else by its suffix, else by its content.

    Raises:
        ArticleError: It is packed and cannot be unpacked.
        OSError: The file cannot be read.
    """
    said = [entry for entry in FORMATS if source.media_type in entry.media_types]
    suffixed = [entry for entry in FORMATS if source.suffix in entry.suffixes]
    if said and suffixed and source.media_type == _SAID_OF_ANYTHING:
        head = source.head()
        said = [entry for entry in said if entry.recognises(head)]
    named = said or suffixed
    return _recognised(source, named) if len(named) != 1 else named[0]


def _recognised(source: Source, named: Sequence[Format]) -> Format:
    head = source.head()
    found = next((entry for entry in named or FORMATS if entry.recognises(head)), None)
    return found or named[-1]
