"""The commands that measure."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.documents import comparison_document, verdict_document, write_document
from evals.extraction.cli import extraction_command
from evals.judging.cli import judge_command
from evals.performance.cli import perf_command
from evals.performance.streams.cli import streams_command
from evals.progress import shown
from ingest.settings import load

if TYPE_CHECKING:
    from evals.folder import Run
    from evals.measure import Plan

HERE = Path(__file__).resolve().parent
SAMPLE_SUITE = HERE / "gold" / "samples.jsonl"
SAMPLE_ARTICLES = HERE.parent / "ingest" / "samples"

app = typer.Typer(help="Quality of answers, measured.", no_args_is_help=True)
app.command("perf")(perf_command)
app.command("streams")(streams_command)
app.command("judge")(judge_command)
app.command("extraction")(extraction_command)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
SuiteFile = Annotated[
    Path,
    typer.Option(
        "--suite",
        help="Gold questions, one JSON object a line; default: the bundled ones.",
        show_default=False,
    ),
]
Articles = Annotated[
    Path,
    typer.Option(help="What they are about; default: the bundled articles.", show_default=False),
]
Out = Annotated[
    Path | None, typer.Option(help="Folder for the results; default below the data folder.")
]
Url = Annotated[
    str | None,
    typer.Option(help="Ask a running service instead; DATELINE_EVAL_KEY is its key, if any."),
]
AtOnce = Annotated[int, typer.Option(help="Questions asked at a time.", min=1, max=64)]
Benchmarked = Annotated[
    str | None,
    typer.Option(help="Read --suite as this public set: multihop-rag, squad2, …; see the README."),
]
Limit = Annotated[
    int | None, typer.Option(help="Ask so many of its questions, always the same.", min=1)
]
Overlapping = Annotated[
    bool, typer.Option("--overlapping", help="Cut the articles as MultiHop-RAG's paper does.")
]
PricePair = Annotated[
    tuple[float, float] | None,
    typer.Option(help="What a million tokens cost, read and written: gives the cost of the run."),
]
RunArgument = Annotated[Path, typer.Argument(help="Folder of a run.")]


@app.command("run")
def run_command(
    suite: SuiteFile = SAMPLE_SUITE,
    articles: Articles = SAMPLE_ARTICLES,
    out: Out = None,
    url: Url = None,
    at_once: AtOnce = 4,
    benchmark: Benchmarked = None,
    limit: Limit = None,
    prices: PricePair = None,
    as_json: Json = False,
) -> None:
    """Ask every question of a suite of a fresh index of the articles, and score the answers.

    With the --out of a run that was cut off, it is gone on with.
    """
    from evals.samples import Prices

    _refuse_limit_alone(benchmark, limit)
    if benchmark is not None and (url is not None or articles != SAMPLE_ARTICLES):
        raise typer.BadParameter("goes without --url and --articles", param_hint="--benchmark")
    if benchmark is not None and suite == SAMPLE_SUITE:
        raise typer.BadParameter("needs --suite, the file of the set", param_hint="--benchmark")
    if benchmark is not None:
        plan = _benchmark_plan(benchmark, suite, limit, out, at_once)
    else:
        plan = _plan(suite, articles, out, url, at_once)
    done = _measured(replace(plan, prices=Prices(*prices) if prices else None))
    report = _report(done)
    if as_json:
        write_document(
            {"out": str(done.folder), "report": str(report), **done.summary.model_dump()}
        )
    else:
        from evals.printing import print_run

        print_run(done, report)
    raise typer.Exit(1 if done.summary.errors else 0)


@app.command("report")
def report_command(run: RunArgument) -> None:
    """Write the report of a run again, with the runs beside it as its history."""
    from evals.folder import read_run

    sys.stdout.write(f"{_report(read_run(run))}\n")


@app.command("history")
def history_command(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Holds folders of runs; default below the data folder."),
    ] = None,
) -> None:
    """Print the trend over the runs in a folder."""
    from evals.history import runs_in
    from evals.history_printing import print_history
    from service.settings import ServiceSettings

    print_history(runs_in(folder or load(ServiceSettings).data_dir / "evals"))


@app.command("ablation")
def ablation_command(
    suite: SuiteFile = SAMPLE_SUITE,
    articles: Articles = SAMPLE_ARTICLES,
    benchmark: Benchmarked = None,
    limit: Limit = None,
    overlapping: Overlapping = False,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Say what each part of retrieval is worth, on the questions that have gold evidence."""
    from evals.ablation.cli import run_ablation

    _refuse_limit_alone(benchmark, limit)
    public = benchmark and _benchmark_plan(benchmark, suite, limit, out, 1)
    plan = public or _plan(suite, articles, out, None, 1)
    run_ablation(plan, partial(shown, "asking"), as_json, overlapping)


@app.command("support")
def support_command(
    suite: Annotated[Path, typer.Argument(help="SummEdits: pairs of document and summary.")],
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """Say how often the check of a claim against its source notices one altered fact."""
    from evals.benchmarks.summedits import measure_support

    report = measure_support(suite, limit)
    if as_json:
        write_document({**asdict(report), "balanced_accuracy": report.balanced_accuracy})
        return
    from evals.printing import print_support

    print_support(report)


@app.command("from-feedback")
def from_feedback_command(
    out: Annotated[Path | None, typer.Option(help="File to add to; default: print.")] = None,
) -> None:
    """Turn answers that readers rated down into draft gold lines, which have to be edited."""
    from evals.drafts import add_drafts, draft
    from evals.folder import translated
    from ingest.characters import one_line
    from service.feedback.select import LONG_S, make_book
    from service.settings import ServiceSettings

    with closing(make_book(load(ServiceSettings), LONG_S)) as book:
        found = book.kept("down")
    if out is None:
        sys.stdout.write("".join(map(draft, found)))
    else:
        with translated(out):
            add_drafts(found, out)
    for one in found:
        # A reader's words, which may hold what a terminal would obey.
        sys.stderr.write(f"{one.answer.id}: {one_line(one.comment) or 'no comment'}\n")


@app.command("compare")
def compare_command(before: RunArgument, after: RunArgument, as_json: Json = False) -> None:
    """Say what changed from one run to another, and whether it is more than chance."""
    from evals.compare import compare
    from evals.folder import read_run

    found = compare(read_run(before), read_run(after))
    if as_json:
        write_document(comparison_document(found))
        return
    from evals.printing import print_comparison

    print_comparison(found)


@app.command("gate")
def gate_command(
    baseline: Annotated[Path, typer.Option(help="Folder of the run to hold up to.")] = (
        HERE / "baseline"
    ),
    run: Annotated[
        Path | None, typer.Option(help="Folder of the run to judge; default: run the suite now.")
    ] = None,
    suite: SuiteFile = SAMPLE_SUITE,
    articles: Articles = SAMPLE_ARTICLES,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Fail when a metric is significantly worse than the baseline's, or an invariant is broken."""
    from evals.compare import compare
    from evals.folder import read_run
    from evals.gate import judge

    held_up = read_run(baseline)
    judged = read_run(run) if run else _measured(_plan(suite, articles, out, None, 4))
    verdict = judge(compare(held_up, judged))
    if as_json:
        write_document(verdict_document(verdict))
    else:
        from evals.printing import print_verdict

        print_verdict(verdict)
    raise typer.Exit(0 if verdict.is_open else 1)


def _refuse_limit_alone(benchmark: str | None, limit: int | None) -> None:
    if benchmark is None and limit is not None:
        raise typer.BadParameter("goes with --benchmark only", param_hint="--limit")


def _plan(suite: Path, articles: Path, out: Path | None, url: str | None, at_once: int) -> Plan:
    """Return a plan for a suite of our own form."""
    from evals.measure import Plan
    from evals.suite import load as load_suite
    from service.settings import ServiceSettings

    return Plan(
        load_suite(suite),
        load(ServiceSettings),
        _folder(out),
        articles=articles if url is None else None,
        url=url,
        at_once=at_once,
    )


def _benchmark_plan(
    name: str, suite: Path, limit: int | None, out: Path | None, at_once: int
) -> Plan:
    """Return a plan for a public set, whose own documents are the articles."""
    from evals.benchmarks import BENCHMARKS
    from evals.measure import Plan
    from service.settings import ServiceSettings

    if name not in BENCHMARKS:
        known = ", ".join(BENCHMARKS)
        raise typer.BadParameter(f"{name!r} is none of {known}", param_hint="--benchmark")
    folder = _folder(out)
    # Below the run, since a run that is gone on with has to find the same articles.
    made = BENCHMARKS[name](suite, folder / "articles", limit)
    return Plan(made.suite, load(ServiceSettings), folder, articles=made.articles, at_once=at_once)


def _folder(out: Path | None) -> Path:
    from service.settings import ServiceSettings

    # To the microsecond: two runs may begin in one second.
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return load(ServiceSettings).data_dir / "evals" / stamp if out is None else out


def _measured(plan: Plan) -> Run:
    from evals.measure import measure

    with shown("asking") as progress:
        return measure(replace(plan, progress=progress))


def _report(run: Run) -> Path:
    from evals.history import runs_in
    from evals.report import write_report

    return write_report(run, runs_in(run.folder.resolve().parent).runs)
