"""The table of formats: a new one is a file in this folder and a line here."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.read import html, json_articles, text
from ingest.read.format import Format, anything
from ingest.read.source import Source

# Where several could read a file, the first that recognises it does.
FORMATS = (
    Format(
        (".html", ".htm", ".xhtml"),
        ("text/html", "application/xhtml+xml"),
        html.read,
        html.recognises,
    ),
    Format((".json",), ("application/json",), json_articles.read, json_articles.recognises),
    Format(
        (".jsonl", ".ndjson"),
        ("application/x-ndjson", "application/jsonl"),
        json_articles.read_lines,
    ),
    Format((".md", ".markdown"), ("text/markdown",), text.read_markdown),
    Format((".txt", ".text"), ("text/plain",), text.read, anything),
)
SUFFIXES = frozenset(suffix for entry in FORMATS for suffix in entry.suffixes)


def format_of(source: Source) -> Format:
    """Return how to read a source: as its server says, else by its suffix, else by its content.

    Raises:
        ArticleError: It is packed and cannot be unpacked.
        OSError: The file cannot be read.
    """
    said = [entry for entry in FORMATS if source.media_type in entry.media_types]
    named = said or [entry for entry in FORMATS if source.suffix in entry.suffixes]
    return _recognised(source, named) if len(named) != 1 else named[0]


def _recognised(source: Source, named: Sequence[Format]) -> Format:
    head = source.head()
    found = next((entry for entry in named or FORMATS if entry.recognises(head)), None)
    return found or named[-1]
