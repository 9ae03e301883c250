"""Where the marks of the report's charts stand, in the units of their SVG view boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.folder import Run
from evals.headline import HEADLINES, shown
from evals.history import commit
from evals.summary import Figure

WIDTH = 320
MARGIN = 4
"""Left free on both sides, for the caps of intervals that reach 0 or 1."""
ROW = 42
TREND_LEFT, TREND_RIGHT = 32, 312
TREND_TOP, TREND_BOTTOM = 10, 110


@dataclass(frozen=True)
class Bar:
    """One metric in a chart of bars.

    Attributes:
        y: Top of its row.
        x: Where the bar ends; None for an unscored metric.
        low: Where the interval begins; None without one.
        high: Where it ends.
    """

    title: str
    value: str
    n: int
    unscored: int
    y: int
    x: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Bars:
    """The headline metrics of one type of question."""

    name: str
    questions: int
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        """Of the view box."""
        return ROW * len(self.bars)

    @property
    def said(self) -> str:
        """All of it in words, for who cannot see it."""
        return "; ".join(f"{bar.title} {bar.value} (n {bar.n})" for bar in self.bars)


@dataclass(frozen=True)
class Dot:
    """One run in a line; see `Bar` for the interval."""

    x: float
    y: float
    low: float | None
    high: float | None
    said: str


@dataclass(frozen=True)
class Trend:
    """One headline metric over several runs.

    Attributes:
        lines: Points of each stretch of runs that have a value, as SVG writes them.
    """

    title: str
    dots: tuple[Dot, ...]
    lines: tuple[str, ...]

    @property
    def said(self) -> str:
        """All of it in words, for who cannot see it."""
        return "; ".join(dot.said for dot in self.dots)


def bars(name: str, questions: int, figures: Mapping[str, Figure]) -> Bars:
    """Return the chart of one type of question."""
    known = [metric for metric in HEADLINES if metric in figures]
    made = (_bar(metric, figures[metric], row * ROW) for row, metric in enumerate(known))
    return Bars(name, questions, tuple(made))


def trends(runs: Sequence[Run]) -> list[Trend]:
    """Return a line for each headline metric that a run has a value of; none for one run."""
    if len(runs) < 2:  # noqa: PLR2004 -- fewer make no line
        return []
    made = (_trend(metric, runs) for metric in HEADLINES)
    return [trend for trend in made if trend.dots]


def _bar(metric: str, figure: Figure, y: int) -> Bar:
    return Bar(
        HEADLINES[metric],
        shown(metric, figure.mean),
        figure.n,
        figure.unscored,
        y,
        _across(figure.mean),
        _across(figure.low),
        _across(figure.high),
    )


def _trend(metric: str, runs: Sequence[Run]) -> Trend:
    step = (TREND_RIGHT - TREND_LEFT) / (len(runs) - 1)
    placed = [_dot(metric, run, TREND_LEFT + step * at) for at, run in enumerate(runs)]
    dots = tuple(dot for dot in placed if dot)
    return Trend(HEADLINES[metric], dots, tuple(_stretches(placed)))


def _dot(metric: str, run: Run, x: float) -> Dot | None:
    figure = run.summary.metrics.get(metric)
    y = _up(figure.mean) if figure else None
    if figure is None or y is None:
        return None
    said = f"{run.record.started[:10]}, {commit(run)}: {shown(metric, figure.mean)} (n {figure.n})"
    return Dot(round(x, 1), y, _up(figure.low), _up(figure.high), said)


def _stretches(dots: Sequence[Dot | None]) -> Iterator[str]:
    """Yield a line for each stretch without a gap, so that none bridges an unscored run."""
    line: list[str] = []
    for dot in [*dots, None]:
        if dot:
            line.append(f"{dot.x},{dot.y}")
        elif line:
            yield " ".join(line)
            line = []


def _across(value: float | None) -> float | None:
    return None if value is None else round(MARGIN + _clipped(value) * (WIDTH - 2 * MARGIN), 1)


def _up(value: float | None) -> float | None:
    if value is None:
        return None
    return round(TREND_BOTTOM - _clipped(value) * (TREND_BOTTOM - TREND_TOP), 1)


def _clipped(value: float) -> float:
    return min(max(value, 0.0), 1.0)
