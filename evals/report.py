"""The report of a run: one page that needs nothing but itself."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.endings import Ending, ending, shortfalls
from evals.folder import Run, write_file
from evals.headline import HEADLINES, meaning, shown
from evals.history import by_time, commit, same_suite, writer
from evals.report_charts import Bars, bars, trends
from evals.report_texts import Piece, ShownSource, answer_pieces, shown_sources
from evals.samples import Sample

REPORT = "report.html"
PARTS = Path(__file__).resolve().parent / "page"


@dataclass(frozen=True)
class ShownQuestion:
    """One question as the page shows it.

    Attributes:
        number: From 1; names its place on the page.
        shortfalls: The metrics for which it counts as wrong.
        answer: Text and markers; empty without an answer.
    """

    number: int
    sample: Sample
    ending: Ending
    shortfalls: list[str]
    answer: tuple[Piece, ...]
    sources: tuple[ShownSource, ...]


def write_report(run: Run, earlier: Sequence[Run] = ()) -> Path:
    """Write the page into the run's folder and return its path.

    Args:
        run: What it is about.
        earlier: Runs to show its history with, in any order; see `render`.

    Raises:
        OutputError: The folder cannot be written.
    """
    return write_file(run.folder, REPORT, render(run, earlier))


def render(run: Run, earlier: Sequence[Run] = ()) -> str:
    """Return the page: the same text for the same runs.

    Args:
        run: What it is about.
        earlier: Runs to show its history with, in any order, `run` among them or not. Those of
            other questions are counted and left out.
    """
    others = [one for one in earlier if one.folder.resolve() != run.folder.resolve()]
    history = by_time([*same_suite(others, run), run])
    style, script = (_part(name) for name in ("style.css", "script.js"))
    return (
        _environment()
        .get_template("page.html")
        .render(
            run=run,
            endings=_endings(run.samples),
            types=_types(run),
            trends=trends(history),
            history=history,
            other_suites=len(others) + 1 - len(history),
            questions_shown=[_question(n, sample) for n, sample in enumerate(run.samples, 1)],
            style=style,
            style_hash=_csp_hash(style),
            script=script,
            script_hash=_csp_hash(script),
        )
    )


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(PARTS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        shown=shown, meaning=meaning, commit=commit, writer=writer, headlines=HEADLINES
    )
    made.filters.update(slug=_slug, as_json=_as_json, file_name=_file_name)
    return made


def _part(name: str) -> Markup:
    """Return a file of ours that goes into the page as it is."""
    return Markup((PARTS / name).read_text("utf-8"))


def _csp_hash(part: Markup) -> str:
    """Return what the page's policy knows a part by, so that nothing smuggled in can run.

    See Content Security Policy Level 3, section 2.3.1.
    """
    return b64encode(hashlib.sha256(part.encode()).digest()).decode()


def _endings(samples: Iterable[Sample]) -> dict[Ending, int]:
    found = [ending(sample) for sample in samples]
    return {one: found.count(one) for one in Ending}


def _types(run: Run) -> list[Bars]:
    types = [sample.gold.type for sample in run.samples]
    return [bars(n, types.count(n), figures) for n, figures in run.summary.by_type.items()]


def _question(number: int, sample: Sample) -> ShownQuestion:
    answer = sample.answer
    return ShownQuestion(
        number,
        sample,
        ending(sample),
        shortfalls(sample),
        answer_pieces(answer) if answer else (),
        shown_sources(answer) if answer else (),
    )


def _slug(name: str) -> str:
    return name.replace(" ", "-")


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _file_name(path: str) -> str:
    """Return a path's last part; the folders above it are nobody's business."""
    return PurePath(path).name
