"""Answers and passages for people at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from service.domain import Answer, Source

MAX_TEXT = 300


def print_sources(sources: Sequence[Source]) -> None:
    """Print passages, best first; every text is printed as text, never as markup."""
    console = Console()
    if not sources:
        console.print("Nothing found.")
    for source in sources:
        console.print(Text(f"[{source.n}] {_head(source)}", style="bold"))
        console.print(Text(_short(source.text)), soft_wrap=True)


def print_answer(answer: Answer) -> None:
    """Print an answer with the sources that it cites, or why there is none."""
    console = Console()
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
    for note in answer.degraded:
        console.print(Text(f"degraded: {note}", style="yellow"), soft_wrap=True)


def _head(source: Source) -> str:
    day = source.published_at[:10] if source.published_at else "undated"
    return f"{source.outlet or 'unknown outlet'}, {day}: {source.title}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_TEXT else f"{line[:MAX_TEXT].rsplit(' ', 1)[0]} …"
