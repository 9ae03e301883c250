"""The command line of Dateline: one program, a group of commands from each package."""

from __future__ import annotations

import sys

import typer

import evals.cli
import ingest.cli
import service.cli
from evals.errors import EvalError
from ingest import logs
from ingest.errors import IngestError
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
app.add_typer(service.cli.keys_app, name="keys")
app.add_typer(ingest.cli.index_app, name="index")
app.add_typer(evals.cli.app, name="eval")


def main() -> None:
    """Run the command line; errors become one line on standard error and an exit code."""
    logs.to_standard_error()
    try:
        service.cli.refuse_unknown_names()
        app()
    except IngestError as error:
        _fail(str(error), error.exit_code)
    except ServiceError as error:
        _fail(str(error), error.exit_code)
    except EvalError as error:
        _fail(str(error), error.exit_code)


def _fail(message: str, code: int) -> None:
    sys.stderr.write(f"dateline: {message}\n")
    raise SystemExit(code)


if __name__ == "__main__":
    main()
