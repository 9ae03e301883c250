"""What a reader of a page sees of it, so that no instruction hides where only programs look."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

Element = etree._Element

_AT_RULE = re.compile(r"@[^{};@]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_COMPOUND = re.compile(r"([a-z][\w-]*|\*)?((?:[.#][A-Za-z_][\w-]*)*)")
_NAMED = re.compile(r"([.#])([\w-]+)")
_AWAY = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|em|rem|vw|vh|%|pt)?")
_NOTHING = re.compile(r"0*\.?0*(?:px|pt|em|rem|%)?")
_MAX_CSS_CHARS = 1_000_000
_MAX_RULES = 500
_MAX_SELECTOR_CHARS = 200
_SELDOM_SHOWN = ("template", "noscript")
_COLOURS = {"white": "#ffffff", "black": "#000000"}


def remove_hidden(page: Element) -> None:
    """Take out of a page what is hidden by its attributes, its styles or its own style sheet."""
    hidden = [element for element in page.iter(etree.Element) if is_hidden(element)]
    for element in [*hidden, *_by_rules(page)]:
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


def _declarations(style: str) -> Mapping[str, str]:
    pairs = (part.partition(":") for part in _without_comments(style).lower().split(";"))
    return {
        name.strip(): "".join(value.replace("!important", "").split()) for name, _, value in pairs
    }


def _hides(style: Mapping[str, str]) -> bool:
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return True
    if any(_is_nothing(style.get(name)) for name in ("font-size", "opacity")):
        return True
    return _is_off_screen(style) or _is_unreadable(style)


def _is_nothing(value: str | None) -> bool:
    return bool(value) and bool(_NOTHING.fullmatch(value or ""))


def _is_off_screen(style: Mapping[str, str]) -> bool:
    if _AWAY.fullmatch(style.get("text-indent", "")):
        return True
    if style.get("position") not in ("absolute", "fixed"):
        return False
    clipped = style.get("clip", "").startswith(("rect(0", "rect(1px"))
    sides = (style.get(side, "") for side in ("left", "top", "right", "bottom"))
    return clipped or any(map(_AWAY.fullmatch, sides))


def _is_unreadable(style: Mapping[str, str]) -> bool:
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


def _by_rules(page: Element) -> Iterator[Element]:
    for selector in _hiding_selectors(page):
        path = _xpath(selector) if len(selector) <= _MAX_SELECTOR_CHARS else None
        found = page.xpath(path) if path else []
        if isinstance(found, list):
            yield from (node for node in found if isinstance(node, Element))


def _hiding_selectors(page: Element) -> list[str]:
    """Return the selectors of the page's own rules that hide what they name.

    Rules inside `@media` and `@keyframes` hold only sometimes and are left out.
    """
    css = "\n".join(sheet.text or "" for sheet in page.iter("style"))[:_MAX_CSS_CHARS]
    rules = (part.partition("{") for part in _AT_RULE.sub("", _without_comments(css)).split("}"))
    hiding = (names for names, brace, style in rules if brace and _hides(_declarations(style)))
    return [name.strip() for names in hiding for name in names.split(",")][:_MAX_RULES]


def _without_comments(css: str) -> str:
    first, *rest = css.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


def _xpath(selector: str) -> str | None:
    """Translate `tag.class#id`, alone or inside others; None for what is more than that."""
    path = ""
    for step in selector.replace(">", " > ").split():
        compound = _COMPOUND.fullmatch(step)
        if step == ">":
            path += "/child::"
        elif compound and step:
            path += _step(path, compound)
        else:
            return None
    return path or None


def _step(path: str, compound: re.Match[str]) -> str:
    axis = "" if path.endswith("::") else "//" if path else "descendant-or-self::"
    tests = "".join(
        f"[@id='{name}']" if mark == "#" else f"[contains(concat(' ',@class,' '),' {name} ')]"
        for mark, name in _NAMED.findall(compound[2])
    )
    return f"{axis}{compound[1] or '*'}{tests}"


def _remove(element: Element, parent: Element) -> None:
    """Take an element out and leave the text that follows it."""
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
