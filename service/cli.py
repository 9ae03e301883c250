"""The commands that ask."""

from __future__ import annotations

import asyncio
import difflib
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ingest.domain import Filters
from ingest.errors import SettingsError
from ingest.settings import PREFIX, load, unknown_names
from service.settings import ServiceSettings

if TYPE_CHECKING:
    from service.domain import Question
    from service.local import LocalBackend

T = TypeVar("T")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Outlets = Annotated[
    list[str] | None, typer.Option("--outlet", help="Only this outlet; may be given again.")
]
Day = Annotated[str | None, typer.Option(help="A day as YYYY-MM-DD.")]
Count = Annotated[int, typer.Option("--k", min=1, max=50, help="How many passages.")]


def refuse_unknown_names() -> None:
    """Raise SettingsError for a `DATELINE_` name that nothing reads, with the nearest known one."""
    for name in unknown_names(ServiceSettings):
        known = [PREFIX + field.upper() for field in ServiceSettings.model_fields]
        nearest = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {nearest[0]}?" if nearest else f"known are {', '.join(known)}"
        raise SettingsError(f"unknown setting {name}: {hint}")


def search_command(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    k: Count = 8,
    outlet: Outlets = None,
    after: Day = None,
    before: Day = None,
    as_of: Day = None,
    as_json: Json = False,
) -> None:
    """Show the passages that matter most to a query, best first."""
    from service.printing import print_sources

    question = _question(query, k, _filters(outlet, after, before, as_of))
    result = _run(lambda backend: backend.search(question))
    if as_json:
        sys.stdout.write(result.model_dump_json(include={"results"}) + "\n")
    else:
        print_sources(result.results)


def ask_command(
    question: Annotated[str, typer.Argument(help="The question.")],
    k: Count = 8,
    outlet: Outlets = None,
    after: Day = None,
    before: Day = None,
    as_of: Day = None,
    as_json: Json = False,
) -> None:
    """Answer one question, every sentence with its source."""
    from service.printing import print_answer

    asked = _question(question, k, _filters(outlet, after, before, as_of))
    result = _run(lambda backend: backend.ask(asked))
    if as_json:
        sys.stdout.write(result.model_dump_json() + "\n")
    else:
        print_answer(result)


def serve_command(
    host: Annotated[str | None, typer.Option(help="Default: DATELINE_HOST or 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Default: DATELINE_PORT or 8000.")] = None,
) -> None:
    """Serve the HTTP interface and the chat page."""
    settings = load(ServiceSettings)
    from service.api.app import create_app
    from service.api.server import serve

    backend = _backend()
    serve(
        create_app(backend, settings, backend.lifespan(settings.poll_s)),
        settings.host if host is None else host,
        settings.port if port is None else port,
    )


def _run(use: Callable[[LocalBackend], Awaitable[T]]) -> T:
    async def run() -> T:
        backend = _backend()
        try:
            return await use(backend)
        finally:
            await backend.aclose()

    return asyncio.run(run())


def _backend() -> LocalBackend:
    from service.bootstrap import build

    return build(load(ServiceSettings))


def _question(text: str, k: int, filters: Filters) -> Question:
    from service.domain import Question

    limit = load(ServiceSettings).max_question_chars
    if len(text) > limit:
        raise SettingsError(f"the question has {len(text)} characters; at most {limit} are taken")
    return Question(text=text, filters=filters, k=k)


def _filters(
    outlets: list[str] | None, after: str | None, before: str | None, as_of: str | None
) -> Filters:
    return Filters(
        tuple(outlets or ()),
        _day("--after", after),
        _day("--before", before),
        _day("--as-of", as_of),
    )


def _day(name: str, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{name} {text!r} is not a day; write it as YYYY-MM-DD") from None
