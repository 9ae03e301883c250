"""What a person sees of a benchmark of retrieval."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.performance.measured import Answers, Measured, PerfRecord, Row, Size
from evals.performance.memory import Memory
from evals.performance.perf import RECORD
from evals.performance.timing import Timing


def print_perf(record: PerfRecord, folder: Path) -> None:
    """Print two tables for each size, then what they are of, and where the record is."""
    console = Console()
    for size in record.sizes:
        console.print(_questions(size))
        if size.measured.answers:
            console.print(_answers(size.measured.answers))
        for line in _facts(size):
            console.print(Text(line), soft_wrap=True)
    console.print(Text(record.method))
    console.print(Text(f"record: {folder / RECORD}"), soft_wrap=True)


def _questions(size: Size) -> Table:
    title = f"{size.passages} passages, {size.articles} articles, {size.stories} stories"
    # Without lines between them, all columns fit on 80 characters.
    table = Table(title=title, box=None, padding=(0, 1, 0, 0))
    for name in ("filters", "clients", ""):
        table.add_column(name, no_wrap=True)
    for name in ("p50 ms", "p95 ms", "p99 ms", "per s", "asked"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in size.measured.rows:
        table.add_row(row.filtered, str(row.clients), "retrieval", *_cells(row.retrieval))
        table.add_row("", "", "Chroma", *_cells(row.chroma))
        table.add_row("", "", "times", *_times(row))
        if row.embedding:
            table.add_row("", "", "embedding", *_cells(row.embedding))
    return table


def _answers(answers: Answers) -> Table:
    grown = answers.warm.resident - answers.before.resident
    table = Table(title=f"answers; the reader holds {grown:.0f} MB", box=None, padding=(0, 1, 0, 0))
    for name in ("clients", ""):
        table.add_column(name, no_wrap=True)
    for name in ("p50 ms", "p95 ms", "p99 ms", "per s", "asked"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in answers.rows:
        table.add_row(str(row.clients), "with the reader", *_cells(row.reader))
        table.add_row("", "without", *_cells(row.plain))
    return table


def _cells(timing: Timing) -> Iterator[str]:
    for value in (timing.p50_ms, timing.p95_ms, timing.p99_ms, timing.per_s):
        yield f"{value:.1f}"
    yield str(timing.questions)


def _times(row: Row) -> Iterator[str]:
    yield f"×{row.p50_times:.2f}"
    yield ""
    yield f"×{row.p99_times:.2f}"
    yield ""
    yield f"{row.without_passages} empty" if row.without_passages else ""


def _facts(size: Size) -> Iterator[str]:
    measured, opening = size.measured, size.measured.opening
    yield (
        f"opening {opening.open_s:.2f} s; first question {opening.first_ms:.1f} ms; the next one, "
        f"page cache dropped, {opening.uncached_ms:.1f} ms"
    )
    yield f"page cache: {opening.page_cache}"
    yield from _memory(measured)
    stores = ", ".join(f"{name} {size_mb:.0f}" for name, size_mb in size.disk_mb.items())
    yield f"on disk: {stores} MB; {size.shards} shards"
    built = size.built
    yield (
        f"built {built.at}: articles put in {built.put_s:.0f} s, published in "
        f"{built.publish_s:.0f} s, peak {built.peak_mb:.0f} MB"
    )
    shares = [row.embedding_share for row in measured.rows if row.embedding_share is not None]
    yield "share of embedding, by filter: " + ", ".join(f"{share:.0%}" for share in shares)


def _memory(measured: Measured) -> Iterator[str]:
    kinds: dict[str, Memory] = {
        "embedder alone": measured.with_embedder,
        "index open": measured.opened,
        "warm": measured.warm,
    }
    for name, held in kinds.items():
        yield (
            f"memory, {name}: {held.resident:.0f} MB resident ({held.anonymous:.0f} anonymous, "
            f"{held.mapped:.0f} of files, {held.private:.0f} private), peak {held.peak:.0f} MB"
        )
