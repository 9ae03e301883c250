"""Answers and passages for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from service.domain import Answer, Source, Understood
from service.search_result import Reasons, SearchResult

MAX_TEXT = 300


def print_search(found: SearchResult) -> None:
    """Print what was understood of a query, and passages with why each one is there."""
    console = Console()
    for line in _understood(found.understood):
        console.print(Text(line, style="dim"), soft_wrap=True)
    if not found.results:
        console.print("Nothing found.")
    for hit in found.results:
        _print_source(console, hit, why(hit.why))
    if found.undated:
        console.print("Without a date:")
    for hit in found.undated:
        _print_source(console, hit, why(hit.why))


def why(reasons: Reasons) -> str:
    """Return in a line what a passage has of a question."""
    said = [
        f"words {reasons.words:.2f}",
        f"meaning {reasons.meaning:.2f}",
        f"best sentence has {reasons.coverage:.0%} of the words",
    ]
    if reasons.part:
        said.append(f"for “{reasons.part}”")
    if reasons.outlet:
        said.append("of an outlet named")
    if reasons.day:
        said.append("of a day named" if reasons.day == 1 else "near a day named")
    return ", ".join(said)


def _understood(understood: Understood) -> Iterator[str]:
    if understood.outlets:
        yield f"outlets: {', '.join(understood.outlets)}"
    if understood.unknown_outlets:
        yield f"not in the index: {', '.join(understood.unknown_outlets)}"
    if understood.after or understood.before:
        yield f"days: {understood.after or '…'} to {understood.before or '…'}"
    if understood.order:
        yield f"asked for: the {understood.order}"
    if understood.parts:
        yield f"parts: {' | '.join(understood.parts)}"


def print_sources(sources: Sequence[Source]) -> None:
    """Print passages, best first; every text is printed as text, never as markup."""
    console = Console()
    if not sources:
        console.print("Nothing found.")
    for source in sources:
        _print_source(console, source)


def _print_source(console: Console, source: Source, note: str = "") -> None:
    console.print(Text(f"[{source.n}] {source.score:.2f} {_head(source)}", style="bold"))
    if note:
        console.print(Text(note, style="dim"), soft_wrap=True)
    console.print(Text(_short(source.text)), soft_wrap=True)


def print_answer(answer: Answer) -> None:
    """Print an answer with the sources that it cites, or why there is none."""
    console = Console()
    if answer.short_answer:
        console.print(Text(answer.short_answer.text, style="bold"), soft_wrap=True)
    console.print(Text(answer.answer), soft_wrap=True)
    cited = {citation.source for s in answer.statements for citation in s.citations}
    for source in answer.sources:
        if source.n in cited:
            console.print(Text(f"[{source.n}] {_head(source)}", style="dim"), soft_wrap=True)
    if answer.abstention is not None:
        covered = answer.abstention.coverage
        console.print(
            f"{covered.articles} articles, {covered.first or '?'} to {covered.last or '?'}. "
            "Nearest passages:"
        )
        print_sources(answer.abstention.nearest)
    for line in _understood(answer.understood):
        console.print(Text(line, style="dim"), soft_wrap=True)
    if answer.undated:
        console.print("Without a date:")
        print_sources(answer.undated)
    for note in answer.degraded:
        console.print(Text(f"degraded: {note}", style="yellow"), soft_wrap=True)


def _head(source: Source) -> str:
    day = source.published_at[:10] if source.published_at else "undated"
    return f"{source.outlet or 'unknown outlet'}, {day}: {source.title}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_TEXT else f"{line[:MAX_TEXT].rsplit(' ', 1)[0]} …"
