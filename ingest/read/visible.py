"""What a reader of a page sees of it, so that no instruction hides where only programs look."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lxml import etree

from ingest.read.style_sheet import Compound, Rule, matched, rules_of, without_comments

Element = etree._Element
Styles = Mapping[str, str]

_AWAY = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|em|rem|vw|vh|%|pt)?")
_NOTHING = re.compile(r"0*\.?0*(?:px|pt|em|rem|%)?")
_MAX_LENGTH_CHARS = 20
_SELDOM_SHOWN = ("template", "noscript")
_COLOURS = {"white": "#ffffff", "black": "#000000"}


def remove_hidden(page: Element) -> None:
    """Take out of a page what is hidden by its attributes, its styles or its own style sheet."""
    hidden = [element for element in page.iter(etree.Element) if is_hidden(element)]
    for element in [*hidden, *matched(page, _hiding(rules_of(page)))]:
        parent = element.getparent()
        if parent is not None and element.tag != "body":
            _remove(element, parent)


def is_hidden(element: Element) -> bool:
    """Tell whether an element is hidden by what stands on itself."""
    if element.get("hidden") is not None or element.tag in _SELDOM_SHOWN:
        return True
    if (element.get("aria-hidden") or "").lower() == "true":
        return True
    style = element.get("style")
    return bool(style) and _hides(_declarations(style or ""))


def _hiding(rules: Sequence[Rule]) -> list[Compound]:
    """Return what the rules hide that none of them shows again."""
    styles = [_declarations(rule.style) for rule in rules]
    return [
        rule.compound
        for n, rule in enumerate(rules)
        if _hides(styles[n]) and not _is_shown_again(n, rules, styles)
    ]


def _is_shown_again(number: int, rules: Sequence[Rule], styles: Sequence[Styles]) -> bool:
    rule = rules[number]
    for other, style, place in zip(rules, styles, range(len(rules)), strict=True):
        wins = rule.compound < other.compound or (
            place > number and rule.compound == other.compound
        )
        if wins and not _hides({**styles[number], **_stronger(style, rule, other)}):
            return True
    return False


def _stronger(style: Styles, rule: Rule, other: Rule) -> Styles:
    firm, also_firm = _important(rule.style), _important(other.style)
    return {name: value for name, value in style.items() if name not in firm or name in also_firm}


def _important(style: str) -> frozenset[str]:
    pairs = (part.partition(":") for part in without_comments(style).lower().split(";"))
    return frozenset(name.strip() for name, _, value in pairs if "!important" in value)


def _declarations(style: str) -> Styles:
    pairs = (part.partition(":") for part in without_comments(style).lower().split(";"))
    return {
        name.strip(): "".join(value.replace("!important", "").split()) for name, _, value in pairs
    }


def _hides(style: Styles) -> bool:
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return True
    if any(_is_nothing(style.get(name)) for name in ("font-size", "opacity")):
        return True
    return _is_off_screen(style) or _is_unreadable(style)


def _is_nothing(value: str | None) -> bool:
    short = (value or "")[: _MAX_LENGTH_CHARS + 1]
    return 0 < len(short) <= _MAX_LENGTH_CHARS and bool(_NOTHING.fullmatch(short))


def _is_off_screen(style: Styles) -> bool:
    if _AWAY.fullmatch(style.get("text-indent", "")):
        return True
    if style.get("position") not in ("absolute", "fixed"):
        return False
    clipped = style.get("clip", "").startswith(("rect(0", "rect(1px"))
    sides = (style.get(side, "") for side in ("left", "top", "right", "bottom"))
    return clipped or any(map(_AWAY.fullmatch, sides))


def _is_unreadable(style: Styles) -> bool:
    colour = _colour(style.get("color", ""))
    paper = _colour(style.get("background-color") or style.get("background", ""))
    return colour == "transparent" or (bool(colour) and colour == paper)


def _colour(value: str) -> str:
    short = re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", value)
    if short:
        return "#" + "".join(digit * 2 for digit in short.groups())
    numbers = re.fullmatch(r"rgb\((\d{1,3}),(\d{1,3}),(\d{1,3})\)", value)
    if numbers:
        return "#" + "".join(f"{int(number):02x}" for number in numbers.groups())
    return _COLOURS.get(value, value)


def _remove(element: Element, parent: Element) -> None:
    """Take an element out and leave the text that follows it."""
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
