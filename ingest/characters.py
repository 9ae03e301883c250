"""Characters: what a reader cannot see goes, what can be seen stays as it was written.

Hidden characters carry instructions past the reader's eye (tag characters, variation selectors),
turn text around (bidi controls) and split words for the search. The text is normalised to NFC and
not to NFKC: quotes shown to readers must be the article's own words, and NFKC changes them
("10²" becomes "102", "CO₂" "CO2", "…" "..."). Only ligatures and styled Latin letters, which stand
for plain letters and hide them from the search, are written plainly.
"""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = re.compile(
    "["
    "\U000e0000-\U000e007f"  # tags
    "\u200b\u2060-\u2064\ufeff\u180e\u00ad\u034f\u115f\u1160\u3164\uffa0"  # without width
    "\u200e\u200f\u061c\u202a-\u202e\u2066-\u206f\ufff9-\ufffb"  # direction, annotation
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private use
    "\ud800-\udfff"  # halves of surrogate pairs
    "\ufdd0-\ufdef\ufffe\uffff"  # never characters
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that break no line
    "]"
)
_JOINING_SCRIPTS = "\u0600-\u06ff\u0750-\u077f\u0860-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff"
_JOINING_SCRIPTS += "\u1800-\u18af\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
_EMOJI = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
# The look-behinds come after the character, for speed: only then does the scan skip ahead to it.
_JOINER = re.compile(
    "[\u200c\u200d]"
    f"(?:(?<=[{_JOINING_SCRIPTS}].)(?=[{_JOINING_SCRIPTS}])|(?<=[{_EMOJI}]\u200d)(?=[{_EMOJI}])|())"
)
# One selector after a character is its style; a run of them is a message.
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_SELECTOR = re.compile(
    f"[{_SELECTORS}](?:(?<=[{_SELECTORS}].)|(?<=[^{_HAN}][\U000e0100-\U000e01ef])|(?<!..))",
    re.DOTALL,
)
_STYLED = re.compile("[\ufb00-\ufb06\U0001d400-\U0001d7ff]+")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n(?:[^\S\n]*\n)+")
_ODD_SPACE = "\t\x1f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SPACE = re.compile(f" ?[{_ODD_SPACE}][ {_ODD_SPACE}]*| {{2,}}[{_ODD_SPACE} ]*")


# No run of these alone is text read in a wrong encoding, and most news has no others.
_TYPOGRAPHY = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026"
_UNUSUAL = re.compile(f"[^\x00-\x7f{_TYPOGRAPHY}]")


def plain(text: str) -> str:
    """Return `text` as a reader sees it: lines end in newlines, words are parted by one space."""
    text = _HIDDEN.sub("", _LINE_END.sub("\n", text))
    if not _UNUSUAL.search(text):
        return _SPACE.sub(" ", text)
    # Before and after: spaces may stand around what is not seen, and normalising makes some.
    text = unicodedata.normalize("NFC", _visible(_SPACE.sub(" ", text)))
    return _SPACE.sub(" ", _HIDDEN.sub("", text))


def repaired(text: str) -> str:
    """Return `text` read in the encoding it was written in, where it shows another ("â€™")."""
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    # Looking for it is slow, so it is only looked for in lines that can have it.
    lines = text.split("\n")
    # With the end of the line before it, as it stands in the text.
    unusual = (f"\n{line}" if n else line for n, line in enumerate(lines) if _UNUSUAL.search(line))
    return fix_encoding(text) if any(map(is_bad, unusual)) else text


def repairs(text: str) -> dict[str, int]:
    """Return how often each rule of this module changes `text`, those that do not left out."""
    read = repaired(text)
    counts = {
        "mojibake": int(read != text),
        "hidden character": len(_HIDDEN.findall(read)),
        "odd space": len(_SPACE.findall(_LINE_END.sub("\n", read))),
        "doubled blank line": len(_BLANK_LINES.findall(_LINE_END.sub("\n", read))),
    }
    return {rule: count for rule, count in counts.items() if count}


def one_line(text: str | None) -> str | None:
    """Return a title or name on one line, or None when nothing of it can be seen."""
    return " ".join(plain(repaired(text)).split()) or None if text else None


def _visible(text: str) -> str:
    text = _HIDDEN.sub("", text)
    text = _STYLED.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    text = _SELECTOR.sub("", text)
    return _JOINER.sub(lambda joiner: joiner[0] if joiner[1] is None else "", text)
