"""The runs that lie in a folder, oldest first."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.errors import RunUnreadable
from evals.folder import RECORD, Run, read_run


@dataclass(frozen=True)
class History:
    """What was found in a folder.

    Attributes:
        runs: Finished runs, oldest first.
        left_out: Why each of the others could not be read; every line names its folder.
    """

    runs: tuple[Run, ...]
    left_out: tuple[str, ...] = ()


def runs_in(folder: Path) -> History:
    """Read the run in a folder, if it is one, and those in the folders directly below it.

    A folder without a `run.json` is no run and is not named.

    Raises:
        RunUnreadable: The folder cannot be listed.
    """
    runs, left_out = [], []
    for one in _run_folders(folder):
        try:
            runs.append(read_run(one))
        except RunUnreadable as error:
            left_out.append(str(error))
    return History(tuple(by_time(runs)), tuple(left_out))


def same_suite(runs: Iterable[Run], run: Run) -> list[Run]:
    """Return those of `runs` that were asked the same questions as `run`."""
    return [one for one in runs if one.record.suite.sha256 == run.record.suite.sha256]


def by_time(runs: Iterable[Run]) -> list[Run]:
    """Return runs oldest first."""
    # Every record is in UTC and ISO 8601, so that its text sorts by time.
    return sorted(runs, key=lambda run: (run.record.started, str(run.folder)))


def commit(run: Run) -> str:
    """Return a run's commit in short, with a star when files were changed since."""
    code = run.record.code
    if code.commit is None:
        return "unknown"
    return code.commit[:7] + ("*" if code.dirty else "")


def writer(run: Run) -> str:
    """Return what wrote the answers of a run: `kind`, or `kind model`."""
    named = (f"{one.get('kind', '')} {one.get('model') or ''}" for one in run.record.writers)
    return ", ".join(dict.fromkeys(name.strip() for name in named)) or "none"


def _run_folders(folder: Path) -> Iterator[Path]:
    try:
        below = sorted(path for path in folder.iterdir())
        # `os.path` says no, where `Path` raises, of a folder that one may not enter.
        found = [path for path in (folder, *below) if os.path.exists(path / RECORD)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RunUnreadable(f"{str(folder)!r} cannot be listed: {reason}") from error
    yield from found
