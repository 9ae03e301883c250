"""Page furniture: lines of a page that are not part of the article, and how to know them.

Every rule has a name, so that what was dropped, and why, can be shown. A line that ends as a
sentence does is furniture only in the words that pages are known to use ("Follow us on X.", "©
2024 Coast Daily."); a line with words of its own ("Read more: Ten ferries") only without that end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.sentences import sentences

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


_NETWORKS = rf"{_NETWORK}(?:[\s,|/·•]+{_NETWORK})*+"
_THIS = r"this(?: (?:article|story|page|post|report|video|photo|news|content|link))?"
_NOTICE = r"(?:ad|advert|advertisement|video|promotion|newsletter|photo|gallery)"

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
        r"|no comments(?: yet)?|comments are closed\.?"
        r"|your e-?mail address will not be published\.?(?: required fields are marked.{0,3})?"
    ),
    "share": _rule(
        rf"(?:click to )?share(?: {_THIS})?(?:[\s,|/·•:]+(?:(?:with|to|by) )?{_NETWORK})*+"
        r"(?:\W+opens in (?:a )?new (?:window|tab)\W*)?"
        rf"|{_NETWORK}(?:[\s,|/·•]+(?:to )?{_NETWORK})++"
        r"|share with (?:your )?(?:friends|followers|family)|tweet"
        rf"|follow us(?::|:? (?:on|at|via) {_NETWORKS})?[.!]?|(?:like|find) us on {_NETWORKS}[.!]?"
    ),
    "sign-up": _rule(
        r"(?:please )?(?:subscribe|sign ?up|sign ?in|log ?in|register|create (?:a )?free account)"
        r"(?: (?:now|here|today|for free|free))*"
        r"(?: to (?:continue(?: reading)?|comment|reply|read more|(?:leave|post) a comment))?[.!]?"
        r"|(?:click|tap) here to (?:subscribe|sign up|register|read more|learn more)[.!]?"
        r"|(?:get|join) (?:our|the) (?:[\w-]+ ){0,6}newsletters?"
        r"|(?:skip past )?newsletter(?: promotion| sign-?up)?"
        r"|already (?:a )?subscribe[dr]\??(?: (?:sign|log) ?in(?: here)?)?[.!]?"
        r"|(?:already )?have an account\?(?: (?:sign|log) ?in(?: here)?)?[.!]?"
        r"|enter your e-?mail(?: address)?[.:]?"
    ),
    "cookies": _rule(
        r"(?:accept|reject|allow|manage|decline)(?: all)?(?: non-essential)? cookies"
        r"|cookie (?:policy|settings|preferences|notice)|privacy (?:policy|settings|notice)"
        r"|(?:we|this (?:web)?site) uses? cookies"
        r"(?: to \w+ (?:your|our|the|user|site)(?: \w+){0,2}"
        r" (?:experience|(?:web)?site|services?))?\.?"
        r"|terms (?:of (?:use|service)|and conditions)"
    ),
    "advertisement": _rule(
        r"\W*(?:advertisements?|advertising|sponsored(?: content)?|promoted|ad)\W*"
        r"|(?:advertisement\W+)?(?:article|story|content) continues (?:below|after)"
        rf"(?: (?:this |the )?{_NOTICE})?\W*|skip advertisement"
        r"|(?:advertisement|ad)\W+(?:scroll (?:down )?to continue|skip (?:ad|advertisement))\W*"
    ),
    "related": _rule(
        r"(?:also )?(?:read|see|watch|learn) (?:also|more|next)(?: here)?\W*|find out more\W*"
        r"|(?:read|see|watch|like) this:?"
        r"|(?:also )?(?:read|see|watch) (?:also|more|next):.{1,150}[?!]"
        r"|(?:also read|related):?|top stories:?"
        r"|related (?:articles?|stor(?:y|ies)|posts?|news|topics?|pages|content):?"
        r"|you (?:may|might) also (?:like|enjoy)(?: (?:this|these))?\W*"
        r"|(?:recommended(?: (?:for you|stories|reading))?|most (?:read|popular|viewed|shared)"
        r"|trending(?: now)?|editor'?s'? picks?"
        r"|what to read next|in this (?:article|story)|don'?t miss):?"
    ),
    "navigation": _rule(
        r"skip to (?:main )?content|back to (?:top|home(?:page)?)|menu|search|tags?:?"
        r"|(?:previous|next) (?:article|story|post)|load(?:ing)?(?: more)?(?:\.{3}|…)?"
    ),
    "copyright": _rule(
        r"(?:copyright\W{0,3})?©.{0,120}|copyright \(c\).{0,120}"
        r"|(?:(?:\(c\)|copyright|.{0,40}\b\d{4})\W.{0,60}\W|.{0,60}[.,|] ?)?all rights reserved\W*"
    ),
}

_WITH_A_TAIL: dict[str, re.Pattern[str]] = {
    "share": _rule(
        r"(?:follow|like|find) us (?:on|at|via)\b.{0,60}"
        r"\b(?:google|news|media|channels?|facebook|twitter|x|whats ?app"
        r"|telegram|instagram)\b.{0,40}"
    ),
    "sign-up": _rule(
        r"(?:please )?(?:subscribe|sign ?up|sign ?in|log ?in|register|create (?:a )?free account)"
        r" (?:now|here|today|for|to|free|with)\b.{0,120}"
        r"|(?:click|tap) here (?:to|for) .{0,100}|enter your e-?mail.{0,40}"
        r"|already (?:a )?subscribe[dr]\?.{0,40}|(?:already )?have an account\?.{0,40}"
    ),
    "cookies": _rule(r"(?:we|this (?:web)?site) uses? cookies\b.*"),
    "advertisement": _rule(
        r"(?:article|story|content) continues (?:below|after) .{0,40}"
        r"|(?:advertisement|ad)\W+(?:scroll|skip)\b.{0,40}"
    ),
    "related": _rule(
        r"(?:also )?(?:read|see|watch|learn) (?:also|more|next|this)"
        r"(?: (?:about|on|from|in|at|here)\b|\s*[:|»\u203a>→…\u2013\u2014-]).{0,150}"
        r"|find out more\b.{0,60}|(?:read|see) also\b.{0,150}|(?:also read|related):.{0,150}"
        r"|you (?:may|might) also (?:like|enjoy)\W*[:|].{0,100}"
        r"|more (?:from|on|in|about)(?: [^\s,]+){1,6}"
    ),
    "navigation": _rule(r"tags?:.{1,150}|home(?:\s*[>\u203a»/|]\s*[^>\u203a»/|]{1,80})+"),
    "copyright": _rule(
        r"(?:\(c\)|copyright:?) (?:by |\d{4}\b).{0,120}|.{0,60}\ball rights reserved"
    ),
}
"""Rules that leave room for any words, so that a line that ends as a sentence is not for them."""

# Sentences that tell the reader to do something with the site, which no article does.
_CALL = _rule(
    r"(?!.*\b(?:said|says|told|tells|asked|urged|added|wrote|joked|promised|announced)\b)"
    r"(?:please )?(?:subscribe to|sign up (?:for|to)|follow us on|join) our (?:[\w-]+ ){0,4}"
    r"(?:newsletters?|channels?|updates|alerts)(?:,? (?:on|for|to|and|at|via|with|so)\b.{0,80}|\W*)"
)


def rule_for(line: str) -> str | None:
    """Return the name of the rule by which `line` is furniture, or None."""
    if len(line) > _MAX_LINE_CHARS:
        return None
    if _CALL.fullmatch(line):
        return "sign-up"
    if is_prose(line):
        return None
    return _first(RULES, line) or (None if ends_sentence(line) else _first(_WITH_A_TAIL, line))


def _first(rules: dict[str, re.Pattern[str]], line: str) -> str | None:
    return next((name for name, rule in rules.items() if rule.fullmatch(line)), None)


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

    It shows as a headline and one sentence that is cut off. An article with subheads of its own may
    be cut off itself, so there the end stays; and so it does where a sentence of it is whole.
    """
    *story, headline, rest = paragraphs if len(paragraphs) >= _MIN_STORY else ["", ""]
    body = story[_MAX_TITLE_LINES:]
    if not body or not all(map(is_prose, body)):
        return None
    cut_off = len(rest.split()) > _MIN_PROSE_WORDS and rest[-1].isalpha() and not is_headline(rest)
    titled = is_headline(headline) and len(headline.split()) >= _MIN_TITLE_WORDS
    return len(paragraphs) - 2 if cut_off and titled and len(sentences(rest)) == 1 else None
