"""Plain text and Markdown, with or without a head that names title, outlet and date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ingest.domain import RawArticle
from ingest.read.fields import KNOWN, key, raw_article
from ingest.read.source import Source

_LINE = re.compile(r"\s*([A-Za-z][\w -]{0,30}?)\s*:\s+(.*\S)\s*")
_MATTER = re.compile(r"\s*$|\s*[A-Za-z][\w -]{0,30}?\s*:(?:\s|$)|\s*- |\s+\S|#")
_MAX_HEAD_LINES = 40
# Every run is bounded or stops where the next one would begin, so that a file of nothing but
# openers takes no longer than one of prose.
_MARKUP = (
    (re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL), ""),
    (re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]+\S+.*$", re.MULTILINE), ""),
    (re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE), r"\n\1\n"),
    (re.compile(r"^ {0,3}(?:>[ \t]?)+", re.MULTILINE), ""),
    (re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\s]{0,2000}(?:\s+\"[^\"\n]{0,300}\")?\)"), ""),
    (
        re.compile(
            r"\[([^\[\]\n]{1,500})\]\([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?(?:\s+\"[^\"\n]{0,300}\")?\)"
        ),
        r"\1",
    ),
    (re.compile(r"\[([^\[\]\n]{1,500})\]\[[^\[\]\n]{0,200}\]"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]{1,2000})>"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)([^\n]{1,500}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]+?)(?<=\S)_(?![\w_])"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!>])"), r"\1"),
)


@dataclass(frozen=True)
class Headed:
    """A text without its head, and what the head said."""

    text: str
    fields: Mapping[str, str] = field(default_factory=dict)


def read(source: Source) -> Iterator[RawArticle]:
    """Yield the one article of a text file; see `format.Reader`."""
    headed = split_head(source.text())
    yield raw_article(headed.fields, headed.text, source)


def read_markdown(source: Source) -> Iterator[RawArticle]:
    """Yield the one article of a Markdown file, marks left out and words kept."""
    headed = split_head(source.text())
    yield raw_article(headed.fields, without_markup(headed.text), source)


def split_head(text: str) -> Headed:
    """Take front matter (`---` lines) or `Title: …` lines off the top of a text."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if lines and lines[start].strip() == "---":
        return _front_matter(text, lines, start)
    return _header_lines(text, lines, start)


def without_markup(text: str) -> str:
    """Return Markdown as plain text: emphasis, heading marks, images and addresses gone."""
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return text


def _front_matter(text: str, lines: list[str], start: int) -> Headed:
    last = min(len(lines), start + _MAX_HEAD_LINES)
    end = next((n for n in range(start + 1, last) if lines[n].strip() in ("---", "...")), None)
    # Between two rules may stand prose as well.
    if end is None or not all(map(_MATTER.match, lines[start + 1 : end])):
        return Headed(text)
    found = filter(None, map(_LINE.fullmatch, lines[start + 1 : end]))
    fields = {match[1]: _unquoted(match[2]) for match in found}
    return Headed("\n".join(lines[end + 1 :]), fields)


def _header_lines(text: str, lines: list[str], start: int) -> Headed:
    """Believe header lines only when every line up to a blank one is a known field."""
    fields: dict[str, str] = {}
    for n, line in enumerate(lines[start : start + _MAX_HEAD_LINES], start):
        match = _LINE.fullmatch(line)
        if match and key(match[1]) in KNOWN:
            fields[match[1]] = match[2]
        elif fields and not line.strip():
            return Headed("\n".join(lines[n + 1 :]), fields)
        else:
            break
    return Headed(text)


def _unquoted(value: str) -> str:
    """Read a scalar or a short list the way YAML would, nothing nested."""
    if value.startswith("[") and value.endswith("]"):
        return ", ".join(_unquoted(part.strip()) for part in value[1:-1].split(","))
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
