"""The commands that ask."""

from __future__ import annotations

import asyncio
import difflib
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer
from pydantic import ValidationError

from ingest.errors import SettingsError
from ingest.settings import load, setting_names, unknown_names
from service.access import SCOPES, hash_of, new_key, read_keys
from service.domain import DEFAULT_K, MAX_K
from service.settings import ServiceSettings

if TYPE_CHECKING:
    from service.api.schemas import FilterFields
    from service.local_backend import LocalBackend

T = TypeVar("T")
R = TypeVar("R", bound="FilterFields")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Outlets = Annotated[
    list[str] | None, typer.Option("--outlet", help="Only this outlet; may be given again.")
]
Day = Annotated[str | None, typer.Option(help="A day as YYYY-MM-DD.")]
Disregarded = Annotated[
    list[str] | None,
    typer.Option(help="Do not read outlets, days, order or parts out of the question."),
]
Count = Annotated[int, typer.Option("--k", min=1, max=MAX_K, help="How many passages.")]


def refuse_unknown_names() -> None:
    """Raise SettingsError for a `DATELINE_` name that nothing reads, with the nearest known one."""
    for name in unknown_names(ServiceSettings):
        known = setting_names(ServiceSettings)
        nearest = difflib.get_close_matches(name.upper(), known, 1)
        hint = f"did you mean {nearest[0]}?" if nearest else f"known are {', '.join(known)}"
        raise SettingsError(f"unknown setting {name}: {hint}")


def search_command(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    k: Count = DEFAULT_K,
    outlet: Outlets = None,
    after: Day = None,
    before: Day = None,
    as_of: Day = None,
    disregard: Disregarded = None,
    as_json: Json = False,
) -> None:
    """Show the passages that matter most to a query, best first, and why each one is there."""
    from service.api.schemas import SearchRequest
    from service.printing import print_search

    settings = load(ServiceSettings)
    request = _request(SearchRequest, "query", query, k, outlet, (after, before, as_of), disregard)
    question = request.to_question(settings)
    result = _run(settings, lambda backend: backend.search(question))
    if as_json:
        sys.stdout.write(result.model_dump_json() + "\n")
    else:
        print_search(result)


def ask_command(
    question: Annotated[str, typer.Argument(help="The question.")],
    k: Count = DEFAULT_K,
    outlet: Outlets = None,
    after: Day = None,
    before: Day = None,
    as_of: Day = None,
    disregard: Disregarded = None,
    as_json: Json = False,
) -> None:
    """Answer one question, every sentence with its source."""
    from service.api.schemas import AskRequest
    from service.printing import print_answer

    settings = load(ServiceSettings)
    request = _request(
        AskRequest, "question", question, k, outlet, (after, before, as_of), disregard
    )
    asked = request.to_question(settings)
    result = _run(settings, lambda backend: backend.ask(asked))
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
    from service.api.exposure import for_host
    from service.api.server import serve
    from service.bootstrap import build
    from service.tracing import exporting

    where = settings.host if host is None else host
    settings = for_host(settings, where)
    backend = build(settings)
    app = create_app(backend, settings, backend.lifespan(settings.poll_s))
    with exporting(settings.otlp_endpoint):
        serve(app, where, settings.port if port is None else port)


def remove_command(
    article: Annotated[list[str], typer.Argument(help="Ids or addresses of articles.")],
    wait: Annotated[float, typer.Option(min=0, help="Seconds that services get to move on.")] = 30,
) -> None:
    """Take articles out for good: neither data folder nor ratings keep a byte of their text."""
    from ingest.index.publishing import Publishing
    from service.takedown import lines, remove

    settings = load(ServiceSettings)
    removal = remove(settings, article, wait)
    for line in lines(removal):
        sys.stdout.write(f"{line}\n")
    # What is older has its text.
    Publishing(settings).push(keep=1)
    raise typer.Exit(0 if removal.is_complete else 1)


keys_app = typer.Typer(help="Keys that let programs and people in.", no_args_is_help=True)


@keys_app.callback()
def _keys() -> None:
    """Keep `new` a command of its own, whatever others there are."""


@keys_app.command("new")
def new_key_command(
    scope: Annotated[
        list[str] | None,
        typer.Option(help=f"What it may do: {', '.join(SCOPES)}; may be given again."),
    ] = None,
) -> None:
    """Print a new key, and what DATELINE_API_KEYS says of it; neither is kept anywhere."""
    key = new_key()
    entry = hash_of(key) + (f":{'+'.join(scope)}" if scope else "")
    try:
        read_keys(entry)
    except ValueError as error:
        raise SettingsError(f"--scope: {error}") from error
    sys.stdout.write(f"key    {key}\nentry  {entry}\n")


def _run(settings: ServiceSettings, use: Callable[[LocalBackend], Awaitable[T]]) -> T:
    from service.bootstrap import build

    async def run() -> T:
        backend = build(settings)
        try:
            return await use(backend)
        finally:
            await backend.aclose()

    return asyncio.run(run())


def _request(
    kind: type[R],
    asked: Literal["question", "query"],
    text: str,
    k: int,
    outlets: list[str] | None,
    days: tuple[str | None, str | None, str | None],
    disregard: list[str] | None,
) -> R:
    """Return what an HTTP client would send: one set of rules for both entrances."""
    after, before, as_of = days
    fields = {"published_after": after, "published_before": before, "as_of": as_of}
    lists = {"outlets": outlets or [], "disregard": disregard or []}
    try:
        return kind.model_validate({asked: text, "k": k, **lists, **fields})
    except ValidationError as error:
        first = error.errors()[0]
        name = _OPTIONS.get(str(first["loc"][0]), str(first["loc"][0]))
        raise SettingsError(f"{name} {str(first['input'])[:80]!r}: {first['msg']}") from error


# What the fields of a request are called on the command line.
_OPTIONS = {
    "published_after": "--after",
    "published_before": "--before",
    "as_of": "--as-of",
    "outlets": "--outlet",
    "disregard": "--disregard",
}
