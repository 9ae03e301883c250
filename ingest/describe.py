"""Raw article to article: cleaned text, title, outlet, place, date, identity."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

from ingest.byline import Dateline, date_in, dateline, outlet_in, place_name, story_start
from ingest.characters import one_line
from ingest.clean import PARAGRAPH_BREAK, Cleaned, clean
from ingest.dates import find, in_file_name, parse
from ingest.domain import Article, Failure, PublicationDate, RawArticle
from ingest.furniture import is_headline, is_prose
from ingest.language import detect, language_code
from ingest.sentences import sentences

PIPELINE_VERSION = 2
"""Raised when cleaning, describing or splitting changes, so that every article is made again."""

MAX_CHARS = 2_000_000
"""A long book. What is longer is a file read as what it is not, and would be embedded for hours."""
_MIN_WORDS = 3
_NAMED_LATER_DAYS = 2
_MAX_TITLE_CHARS = 100
_ID_DIGITS = 16
_DATELINE_WITHIN = 3
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True)
class _Titled:
    title: str
    text: str


def describe(raw: RawArticle) -> Article | Failure:
    """Return the article that `raw` is once cleaned, or a Failure when nothing of it is left."""
    outlet = one_line(raw.outlet)
    language = language_code(one_line(raw.language))
    if len(raw.text) > MAX_CHARS:
        reason = (
            f"has a text of {len(raw.text) / 1e6:.1f} million characters, longer than any article; "
            "split it"
        )
        return Failure(_place_of(raw), "describe", reason)
    cleaned = clean(raw.text, outlet)
    if len(re.findall(r"\w+", cleaned.text)) < _MIN_WORDS:
        reason = "has nothing left once page furniture is out; check that the file has the article"
        return Failure(_place_of(raw), "clean", reason)
    language = language or detect(cleaned.text)
    titled = _titled(cleaned, one_line(raw.title), language)
    top = _dateline(titled.text)
    url = _url(raw.url)
    article = Article(
        article_id=article_id(raw, url),
        text=titled.text,
        title=titled.title,
        origin=raw.origin,
        fingerprint="",
        outlet=outlet or one_line(outlet_in(cleaned, top)),
        author=_author(raw.author),
        place=place_name(one_line(raw.place)) or (top.place if top else None),
        published=_published(raw, cleaned, top),
        url=url,
        section=one_line(raw.section),
        language=language,
    )
    return _with_fingerprint(article)


def _place_of(raw: RawArticle) -> str:
    return f"{raw.origin}#{raw.record}" if raw.record else raw.origin


def article_id(raw: RawArticle, url: str | None) -> str:
    """Return 16 hex digits of what the article is: its address, else its file and record."""
    # The address of a whole site, as some pages give, is no article's own.
    own = url if url and any(urlsplit(url)[2:4]) else None
    own = re.sub("^http:", "https:", own) if own else None
    identity = own or f"{raw.origin}\n{raw.record}"
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_DIGITS]


def _with_fingerprint(article: Article) -> Article:
    # Where the file lies changes nothing in the index.
    fields = asdict(replace(article, origin=""))
    parts = json.dumps([PIPELINE_VERSION, fields], default=str, sort_keys=True)
    return replace(article, fingerprint=hashlib.sha256(parts.encode()).hexdigest())


def _titled(cleaned: Cleaned, stated: str | None, language: str | None) -> _Titled:
    """Take the title stated, else a first line that can be one, else the first sentence.

    The line that is the title stays out of the text, so that it is no passage of its own.
    """
    first, *rest = cleaned.paragraphs
    below = PARAGRAPH_BREAK.join(rest)
    if stated:
        repeats = rest and first.casefold() == stated.casefold()
        return _Titled(stated, below if repeats else cleaned.text)
    if rest and is_headline(first) and not find(first) and not first.lower().startswith("by "):
        return _Titled(first, below)
    prose = next(filter(is_prose, cleaned.paragraphs), first)
    return _Titled(_first_sentence(prose, language), cleaned.text)


def _first_sentence(paragraph: str, language: str | None) -> str:
    story = paragraph[story_start(paragraph) :] or paragraph
    span = sentences(story, language)[0]
    sentence = story[span.start : span.end]
    if len(sentence) <= _MAX_TITLE_CHARS:
        return sentence
    cut = sentence[:_MAX_TITLE_CHARS].rpartition(" ")[0] or sentence[:_MAX_TITLE_CHARS]
    return cut.rstrip(" ,;:-") + "…"


def _dateline(text: str) -> Dateline | None:
    """Look past a subtitle and a byline for the paragraph that opens with place and day."""
    top = text.split(PARAGRAPH_BREAK, _DATELINE_WITHIN)[:_DATELINE_WITHIN]
    return next(filter(None, map(dateline, top)), None)


def _published(raw: RawArticle, cleaned: Cleaned, top: Dateline | None) -> PublicationDate:
    """Take the date stated, else the one in the text, else the one in the file's name.

    The name of a file that holds several articles dates the file, not the articles.
    """
    stated = parse(raw.published, raw.published_basis) if raw.published else None
    in_text = stated or date_in(cleaned, top)
    if in_text and in_text.at:
        return in_text
    in_name = None if raw.record else in_file_name(raw.origin)
    if in_name and in_text and not _may_be_named(in_text, in_name):
        return in_text
    return in_name or in_text or PublicationDate()


def _may_be_named(day: PublicationDate, name: PublicationDate) -> bool:
    """Tell whether a file of that name can hold a story of that day, or of one shortly before."""
    days = range(_NAMED_LATER_DAYS + 1)
    at = name.at
    return at is not None and any(f"{at - timedelta(n):--%m-%d}" == day.month_day for n in days)


def _author(stated: str | None) -> str | None:
    name = one_line(stated)
    return re.sub(r"^by\b:? *", "", name, flags=re.IGNORECASE) or None if name else None


def _url(stated: str | None) -> str | None:
    """Return a web address in the one form that all spellings of it share, or None."""
    try:
        parts = urlsplit((one_line(stated) or "").replace(" ", "%20"))
        host = (parts.hostname or "").lower()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host:
        return None
    netloc = f"[{host}]" if ":" in host else host
    netloc += "" if port == _DEFAULT_PORTS[scheme] else port
    query = "&".join(p for p in parts.query.split("&") if not p.lower().startswith("utm_"))
    return urlunsplit((scheme, netloc, parts.path.rstrip("/"), query, ""))
