"""Makes plain text of what a model wrote: no links, no images, no markup.

A page or a client that shows the answer as text is safe anyway; this is for those that do not. An
article may hold instructions that make a model write an address to leak something to, and no prompt
reliably prevents that (field evidence on prompt injection), so code takes them out.
"""

from __future__ import annotations

import html
import re
import unicodedata

from service.markers import square_brackets

# Thinking aloud, and what is no text of a page; unclosed it goes to the end.
_THINKING = re.compile(
    r"\A\s*<think>(?:.*?</think>|.*\Z)|<(script|style)\b[^<>]*>.*?(?:</\1>|\Z)", re.S | re.I
)
_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^()]*\)|\[[^\[\]]*\])?")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_TAG_START = re.compile(r"(?<!<)<++(?=[A-Za-z/!?])")
_REST = r"[^\s<>\[\]“”\"]"
_DOT = "[.\u3002\uff0e\uff61]"
# With a scheme; a host with a path, a question or a port after it; a number of a host; a mailbox.
_ADDRESS = re.compile(
    r" ?(?<![a-z\d])(?:[a-z][a-z\d+.-]{1,15}:[/\\]{1,2}|(?:mailto|javascript|vbscript|data|blob|tel"
    rf"|sms|magnet|file):(?=\S)|www{_DOT}|//(?=\w)){_REST}+"
    rf"| ?(?<!\w)(?:[\w-]{{1,63}}{_DOT}){{1,8}}(?:xn--[a-z\d-]{{1,59}}|[^\W\d_]{{2,18}})"
    rf"(?:[/?#%](?=\S)|:\d){_REST}*"
    rf"| ?(?<!\w)(?:\d{{1,3}}(?:\.\d{{1,3}}){{3}}|localhost)(?:[/?#]|:\d){_REST}*"
    rf"| ?(?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,8}}",
    re.I,
)
_AFTER_ADDRESS = ".,;:!?)"
_ROUND = str.maketrans("[]", "()")
_FENCE = re.compile(r"^ ?(?:```|~~~)[^\n]*$", re.M)
_LINE_START = re.compile(r"^ ?(?:(?:#{1,6}|>|[-*+•]) |[-*_=|: ]{3,}$)+", re.M)
_FIRST_NUMBER = re.compile(r"^ ?1[.)] ", re.M)
_LIST_NUMBER = re.compile(r"^ ?\d{1,2}[.)] ", re.M)
_EMPHASIS = re.compile(r"[`|]|\*+|~~|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")
# What follows at once must not join what stood before: that could become a tag or an address.
_NOTHING_INSIDE = re.compile(r" ?(?:\( ?\)|<>)(?P<joined>(?=[\w/!?<(\[]))?")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
JOINERS = "\u200c\u200d"
"""Words of Persian and of Indian languages have them inside: between their letters they stay."""
_LETTERS = "\u0600-\u06ff\u0900-\u0dff"
_JOINED = re.compile(f"(?<![{_LETTERS}])[\u200c\u200d]|[\u200c\u200d](?![{_LETTERS}])")
_KEPT = f"\n{JOINERS}"
# What nobody sees and what turns text around; an address could hide behind it.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def plain(text: str) -> str:
    """Return the text in lines, without markup, addresses and invisible characters."""
    # One form of brackets first: what reads them later would make a link or an image of another.
    text = _THINKING.sub("", text)
    text = _SPACES.sub(" ", _visible(square_brackets(html.unescape(text))))
    text = _LINK.sub(_label, _IMAGE.sub("", _FENCE.sub("", text)))
    text = _without_addresses(_TAG.sub("", text))
    text = _EMPHASIS.sub("", _without_line_starts(text))
    # What stood around something that was taken out may have become markup by that.
    text = _without_addresses(_TAG_START.sub("", text)).replace("](", "] (").replace("![", "! [")
    return _LINES.sub("\n", _SPACES.sub(" ", _NOTHING_INSIDE.sub(_parted, text))).strip()


def unlinked(text: str) -> str:
    """Return a title's or an outlet's words on one line: no markup, no address, no marker."""
    return " ".join(plain(text).translate(_ROUND).split())


def is_thinking(text: str) -> bool:
    """Tell whether a text that goes on is still the thinking that some servers send along."""
    return text.lstrip().startswith("<think>") and "</think>" not in text


def without_thinking(text: str) -> str:
    """Return a text without the thinking before it, if there is some and it has ended."""
    return text.partition("</think>")[2] if text.lstrip().startswith("<think>") else text


def _visible(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in _JOINED.sub("", text) if _is_seen(c))


def _is_seen(character: str) -> bool:
    return character in _KEPT or unicodedata.category(character) not in _UNSEEN


def _label(link: re.Match[str]) -> str:
    """Keep what a link shows, and a citation that was made a link."""
    label = link[1].strip()
    return f"[{label}]" if label.strip("^").isdecimal() else label


def _parted(nothing: re.Match[str]) -> str:
    return "" if nothing["joined"] is None else " "


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(lambda found: _punctuation_after(found[0]), text)


def _punctuation_after(address: str) -> str:
    after = address[len(address.rstrip(_AFTER_ADDRESS)) :]
    return after.replace(")", "") if "(" in address else after


def _without_line_starts(text: str) -> str:
    """Take out headings, quotes, rules and bullets, and numbers when they begin at 1."""
    text = _LINE_START.sub("", text)
    # Elsewhere such a number may be the day of a date ("5. Mai").
    return _LIST_NUMBER.sub("", text) if _FIRST_NUMBER.search(text) else text
