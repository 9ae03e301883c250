"""What a person sees of runs, comparisons and verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.benchmarks.summedits import SupportReport
from evals.compare import Changed, Comparison
from evals.folder import Run
from evals.gate import Guarded, Verdict
from evals.metrics import TELLING
from evals.samples import Sample
from evals.statistics import Difference
from evals.summary import Figure
from ingest.characters import plain


def print_run(run: Run, report: Path) -> None:
    """Print a table of figures, then every answer that is wrong, and where the rest is."""
    console = Console()
    console.print(_table(run))
    if run.summary.risk_coverage_area is not None:
        area = run.summary.risk_coverage_area
        console.print(f"area under risk and coverage {area:.3f} (0 is best)")
    if run.summary.cost is not None:
        console.print(f"cost {run.summary.cost:.4f}")
    for sample in run.samples:
        for line in _shortcomings(sample):
            console.print(_plain(f"{sample.id}: {line}"), soft_wrap=True)
    console.print(Text(f"report: {report}"), soft_wrap=True)


def print_comparison(comparison: Comparison) -> None:
    """Print the differences, then the questions that changed with both answers."""
    console = Console()
    table = _titled("before and after", "before", "after", "change", "95 % interval", "p", "pairs")
    for name, one in comparison.metrics.items():
        table.add_row(name, *_difference(one), f"{one.p_value:.4f}", str(one.pairs))
    console.print(table)
    for changed in comparison.changed:
        for line in _change(changed):
            console.print(_plain(line), soft_wrap=True)


def print_verdict(verdict: Verdict) -> None:
    """Print every metric that is guarded, and why the gate is shut."""
    console = Console()
    title = "the gate is open" if verdict.is_open else "the gate is shut"
    table = _titled(title, "before", "after", "change", "95 % interval", "adjusted p", "")
    for one in verdict.guarded:
        table.add_row(one.name, *_guarded(one))
    console.print(table)
    for reason in verdict.reasons:
        console.print(_plain(reason), soft_wrap=True)


def print_support(report: SupportReport) -> None:
    """Print how many summaries were doubted, by what had been done to them."""
    table = _titled("summaries doubted", "doubted", "of", "share")
    rows = {"edited (rightly)": report.edited, "consistent (wrongly)": report.consistent}
    for name, count in {**rows, **report.by_edit}.items():
        share = "–" if count.share is None else f"{count.share:.3f}"
        table.add_row(name, str(count.doubted), str(count.total), share)
    console = Console()
    console.print(table)
    if report.balanced_accuracy is not None:
        console.print(f"balanced accuracy {report.balanced_accuracy:.3f}")
    for one in report.baselines:
        if one.balanced_accuracy is not None:
            console.print(f"  beside {one.balanced_accuracy:.3f}: doubt when {_plain(one.rule)}")


def _plain(text: str) -> Text:
    """Return a text without what a terminal would obey: models and readers wrote parts of it."""
    return Text(plain(text))


def _titled(title: str, *columns: str) -> Table:
    # Without lines between them, all columns fit on 80 characters.
    table = Table(title=title, box=None, padding=(0, 1, 0, 0))
    table.add_column("metric", no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _table(run: Run) -> Table:
    summary = run.summary
    title = f"{summary.questions} questions, {summary.errors} errors"
    table = _titled(title, "mean", "95 % interval", "scored", "unscored")
    for name, figure in summary.metrics.items():
        table.add_row(name, *_cells(figure), str(figure.n), str(figure.unscored))
    return table


def _cells(figure: Figure) -> Iterator[str]:
    yield "–" if figure.mean is None else f"{figure.mean:.3f}"
    yield _interval(figure.low, figure.high)


def _difference(one: Difference) -> Iterator[str]:
    yield f"{one.before:.3f}"
    yield f"{one.after:.3f}"
    yield f"{one.change:+.3f}"
    yield _interval(one.low, one.high)


def _guarded(one: Guarded) -> Iterator[str]:
    yield from _difference(one.difference)
    yield f"{one.p_adjusted:.4f}"
    yield "worse" if one.is_worse else ""


def _interval(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{low:.3f} – {high:.3f}"


def _shortcomings(sample: Sample) -> Iterator[str]:
    if sample.error is not None:
        yield sample.error
    for name in TELLING:
        score = sample.scores[name]
        if score.value is not None and score.value < 1:
            yield f"{name} {score.value:.2f}: {score.why}"


def _change(changed: Changed) -> Iterator[str]:
    yield f"\n{changed.after.id}: {changed.after.gold.question}"
    for name, (before, after) in changed.scores.items():
        yield f"  {name}: {_value(before)} → {_value(after)}"
    yield f"  before: {_said(changed.before)}"
    yield f"  after:  {_said(changed.after)}"


def _value(value: float | None) -> str:
    return "unscored" if value is None else f"{value:.2f}"


def _said(sample: Sample) -> str:
    return sample.answer.answer if sample.answer else sample.error or ""
