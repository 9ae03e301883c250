"""The command line of Dateline: one program, a group of commands from each package."""

from __future__ import annotations

import sys
import traceback
from importlib.metadata import version
from typing import Annotated

import typer

import evals.cli
import ingest.cli
import ingest.index.cli
import service.cli
from evals.errors import EvalError
from ingest import logs
from ingest.errors import IngestError
from ingest.settings import IndexSettings, load
from service.errors import ServiceError

app = typer.Typer(
    name="dateline",
    help="Cited answers from a collection of news articles.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("ingest")(ingest.cli.ingest_command)
app.command("search")(service.cli.search_command)
app.command("ask")(service.cli.ask_command)
app.command("serve")(service.cli.serve_command)
app.command("remove")(service.cli.remove_command)
app.add_typer(service.cli.keys_app, name="keys")
app.add_typer(ingest.index.cli.index_app, name="index")
app.add_typer(evals.cli.app, name="eval")


def _tell_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"dateline {version('dateline')}\n")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print it.")
    ] = False,
    _debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
) -> None:
    """Take what goes before a command."""
    logs.to_standard_error(load(IndexSettings).log_format)


def main() -> None:
    """Run the command line; errors become one line on standard error and an exit code."""
    logs.to_standard_error()
    try:
        service.cli.refuse_unknown_names()
        app()
    except (IngestError, ServiceError, EvalError) as error:
        _fail(error, error.exit_code)


def _fail(error: Exception, code: int) -> None:
    # Before the command, where `options` has it: what follows may be anybody's text.
    if sys.argv[1:2] == ["--debug"]:
        traceback.print_exception(error)
    sys.stderr.write(f"dateline: {logs.without_controls(str(error))}\n")
    raise SystemExit(code)


if __name__ == "__main__":
    main()
