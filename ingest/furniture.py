"""Page furniture: lines of a page that are not part of the article, and how to know them.

Every rule has a name, so that what was dropped, and why, can be shown. A full sentence of prose
is never furniture, unless it tells the reader to subscribe.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MIN_PROSE_WORDS = 8
_MAX_LINE_CHARS = 200
_MAX_HEADLINE_WORDS = 20
_MAX_HEADLINE_CHARS = 150
_MAX_SIGNATURE_WORDS = 4
_MIN_STORY = 5
_MAX_TITLE_LINES = 2
_MIN_TITLE_WORDS = 3

_NETWORK = (
    r"(?:facebook|twitter|x|whats ?app|telegram|linked ?in|reddit|pinterest|e-?mail|messenger"
    r"|instagram|threads|bluesky|flipboard|tumblr|vk|viber|skype|copy(?: the)? link|link|print"
    r"|share|tweet|pin|post|save|and|or|on|via|more)"
)
_CLOSING = "\"'\u201d\u2019\u00bb)\\]"
_SENTENCE_END = re.compile(f"[.!?\u2026\u06d4\u061f\u3002\uff01\uff1f][{_CLOSING}]*$")
_OPEN_END = re.compile(f"[.\u2026:;,][{_CLOSING}]*$")
_DASHES = "-\u2013\u2014"
_MEDIA = re.compile(
    r"\b(?:news|times|post|press|agency|herald|tribune|journal|daily|gazette|guardian|observer"
    r"|telegraph|chronicle|monitor|standard|today|media|radio|tv|wire|report|review|weekly|voice"
    r"|reuters|xinhua|bloomberg|interfax|sputnik|tass|irna|anadolu|aljazeera|bbc|cnn|afp|ap|dpa)\b"
    r"|^[\w-]+\.[A-Za-z]{2,4}$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Dropped:
    """A line that was left out of an article, and the rule that says why."""

    rule: str
    line: str


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


RULES: dict[str, re.Pattern[str]] = {
    "toolbar": _rule(
        r"(?:date:?\s+)?(?:(?:a[+\u2212-]|[\d/.:+↺⟲⟳\u2212\u2013-])\s*)*\d{1,3}\s?px"
        r"|(?:text|font)(?: size)?:?(?: (?:a[+\u2212-]?|small|medium|large|[+\u2212-]))*"
        r"|listen(?: to (?:this )?(?:article|story))?(?: \d+ min(?:utes?)?)?"
        r"|a[+\u2212-](?: a[+\u2212-]?)+|\d+ min(?:ute)? read"
        r"|print(?: (?:this )?(?:page|article|story))?"
    ),
    "comments": _rule(
        r"(?:leave|post|add|write) (?:a|your) (?:comment|reply)"
        r"|join the (?:conversation|discussion)"
        r"|(?:(?:view|show|read|see) )?(?:all )?\(?\d*\)? ?comments?(?: ?\(?\d+\)?)?"
        r"|no comments(?: yet)?|your e-?mail address will not be published.*|comments are closed"
    ),
    "share": _rule(
        rf"share (?:this|on|via|with|to)\b.{{0,60}}"
        rf"|(?:share:?\W+)?{_NETWORK}(?:[\s,|/·•]+{_NETWORK})+"
        r"|share|tweet|copy link|follow us\b.{0,80}|(?:like|find) us on .{0,40}"
    ),
    "sign-up": _rule(
        r"(?:please )?(?:subscribe|sign ?up|sign ?in|log ?in|register|create (?:a )?free account)"
        r"(?: (?:now|here|today|for|to|free|with)\b.{0,120})?"
        r"|(?:click|tap) here (?:to|for) .{0,100}|(?:get|join) (?:our|the) .{0,60}newsletters?"
        r"|(?:skip past )?newsletter(?: promotion| sign-?up)?"
        r"|already (?:a )?subscribe[dr]\??.{0,40}"
        r"|(?:already )?have an account\?.{0,40}|enter your e-?mail.{0,40}"
    ),
    "cookies": _rule(
        r"(?:accept|reject|allow|manage|decline)(?: all)?(?: non-essential)? cookies"
        r"|cookie (?:policy|settings|preferences|notice)|privacy (?:policy|settings|notice)"
        r"|(?:we|this (?:web)?site) uses? cookies.*|terms (?:of (?:use|service)|and conditions)"
    ),
    "advertisement": _rule(
        r"\W*(?:advertisements?|advertising|sponsored(?: content)?|promoted|ad)\W*"
        r"|(?:advertisement\W+)?(?:article|story|content) continues (?:below|after)\b.{0,40}"
        r"|(?:advertisement|ad)\W+(?:scroll|skip)\b.{0,40}|skip advertisement"
    ),
    "related": _rule(
        r"(?:also )?(?:read|see|watch|learn|find out|like) (?:also|more|next|this)(?:\W.{0,150})?"
        r"|(?:also read|related):?|(?:also read|related):.{0,150}|top stories:?"
        r"|related (?:articles?|stor(?:y|ies)|posts?|news|topics?|pages|content):?"
        r"|you (?:may|might) also (?:like|enjoy)\W?.{0,100}"
        r"|(?:recommended(?: (?:for you|stories|reading))?|most (?:read|popular|viewed|shared)"
        r"|trending(?: now)?|editor'?s'? picks?|more (?:from|on|in|about) .{1,60}"
        r"|what to read next|in this (?:article|story)|don'?t miss):?"
    ),
    "navigation": _rule(
        r"skip to (?:main )?content|back to (?:top|home(?:page)?)|menu|search|tags?:.{0,150}"
        r"|(?:previous|next) (?:article|story|post)|load(?:ing)?(?: more)?(?:\.{3}|…)?"
        r"|home(?:\s*[>\u203a»/|]\s*[^>\u203a»/|]{1,80})+"
    ),
    "copyright": _rule(r"(?:©|\(c\)|copyright)\W.{0,120}|.{0,60}\ball rights reserved\W*"),
}


# Sentences that tell the reader to do something with the site, which no article does.
_CALL = _rule(
    r"(?:please )?(?:subscribe to|sign up (?:for|to)|follow us on|join) our\b.{0,120}"
    r"(?:newsletter|channel|updates|alerts)\b.{0,80}"
)


def rule_for(line: str) -> str | None:
    """Return the name of the rule by which `line` is furniture, or None."""
    if len(line) > _MAX_LINE_CHARS:
        return None
    if _CALL.fullmatch(line):
        return "sign-up"
    if is_prose(line):
        return None
    return next((name for name, rule in RULES.items() if rule.fullmatch(line)), None)


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends in sentence punctuation, closing quotes aside."""
    return bool(_SENTENCE_END.search(line))


def is_prose(line: str) -> bool:
    """Tell whether a line ends as a sentence does and is as long as one."""
    return ends_sentence(line) and len(line.split()) >= _MIN_PROSE_WORDS


def is_headline(line: str) -> bool:
    """Tell whether a line can be a title: short, of words, and without a full stop."""
    words = line.split()
    return (
        0 < len(words) <= _MAX_HEADLINE_WORDS
        and len(line) <= _MAX_HEADLINE_CHARS
        and not _OPEN_END.search(line)
        and line[0] not in f"{_DASHES}*\u2022"
        and any(char.isalpha() for char in line)
    )


def is_outlet(name: str) -> bool:
    """Tell whether a name reads like that of a newspaper, agency or news site."""
    return bool(_MEDIA.search(name))


def signature(paragraphs: Sequence[str], outlet: str | None) -> str | None:
    """Return the last line when it is only the outlet's name, as pages leave it at the end.

    A name counts when it is the outlet stated, or reads like an outlet's and is written in capital
    initials or stands in the text.
    """
    *story, last = paragraphs or [""]
    name = last.strip(f" {_DASHES}()[]|")
    if not story or not name or len(name.split()) > _MAX_SIGNATURE_WORDS:
        return None
    if outlet and name.casefold() == outlet.casefold():
        return last
    capital = all(word[0].isupper() for word in name.split())
    said = is_outlet(name) and (capital or any(name in paragraph for paragraph in story))
    return last if said and not last.endswith((".", "!", "?")) else None


def next_story(paragraphs: Sequence[str]) -> int | None:
    """Return where the start of another story begins after the end of this one, or None.

    It shows as a headline and one paragraph that is cut off. An article with subheads of its own
    may be cut off itself, so there the end stays.
    """
    *story, headline, rest = paragraphs if len(paragraphs) >= _MIN_STORY else ["", ""]
    body = story[_MAX_TITLE_LINES:]
    if not body or not all(map(is_prose, body)):
        return None
    cut_off = len(rest.split()) > _MIN_PROSE_WORDS and rest[-1].isalpha() and not is_headline(rest)
    titled = is_headline(headline) and len(headline.split()) >= _MIN_TITLE_WORDS
    return len(paragraphs) - 2 if cut_off and titled else None
