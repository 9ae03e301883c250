"""The folder of a run: written sample by sample, read again whole."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from evals.errors import OutputError, RunUnreadable
from evals.results import SCHEMA, RunRecord, now, writers
from evals.run import Outcome
from evals.samples import Sample, Summary

RECORD, SAMPLES, SUMMARY = "run.json", "samples.jsonl", "summary.json"


@dataclass(frozen=True)
class Run:
    """A run that was read back."""

    folder: Path
    record: RunRecord
    samples: tuple[Sample, ...]
    summary: Summary


class RunFolder:
    """Where a run is being written; the folder of a run that was cut off is gone on with."""

    def __init__(self, folder: Path, record: RunRecord) -> None:
        """Begin, or go on with, the run of `record` in `folder`.

        Raises:
            OutputError: The folder cannot be written, or holds another run.
            RunUnreadable: What it holds cannot be read.
        """
        self._folder = folder
        self._record = record
        self.done: dict[str, Sample] = {}
        with translated(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock: int | None = _locked(folder)
        self._is_new = not (folder / RECORD).exists()
        if not self._is_new:
            self._go_on()
            return
        foreign = [name for name in (SAMPLES, SUMMARY) if (folder / name).exists()]
        if foreign:
            raise OutputError(
                f"{str(folder)!r} has a {foreign[0]} that is no run's; name another --out"
            )
        self._write(RECORD, record.model_dump_json(indent=1))

    def close(self) -> None:
        """Let another run have the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def abandon(self) -> None:
        """Stop; leave no trace of a run that could not begin."""
        self.close()
        if self._is_new and not (self._folder / SAMPLES).exists():
            (self._folder / RECORD).unlink(missing_ok=True)

    def _go_on(self) -> None:
        found = read_record(self._folder)
        if not found.same_run(self._record):
            raise OutputError(
                f"{str(self._folder)!r} holds a run of other questions, articles, settings or "
                "code; name another --out"
            )
        samples = _samples(self._folder, whole=False)
        self.done = {s.id: s for s in samples if s.error is None}
        self._record = self._record.model_copy(update={"started": found.started})
        # It is unfinished until all are there again.
        self._write(RECORD, self._record.model_dump_json(indent=1))
        # What failed is asked again, and a line that was cut off goes.
        self._write(SAMPLES, "".join(_line(sample) for sample in self.done.values()))

    def keep(self, sample: Sample) -> None:
        """Append a sample, so that a killed run loses none that was finished.

        Raises:
            OutputError: It cannot be written.
        """
        with (
            translated(self._folder),
            (self._folder / SAMPLES).open("a", encoding="utf-8") as file,
        ):
            file.write(_line(sample))
            file.flush()
            os.fsync(file.fileno())

    def finish(self, outcome: Outcome) -> Run:
        """Write the samples in the suite's order, the figures and the end of the record.

        Raises:
            OutputError: They cannot be written.
        """
        done = {"finished": now(), "writers": writers(outcome.samples)}
        record = self._record.model_copy(update=done)
        self._write(SAMPLES, "".join(_line(sample) for sample in outcome.samples))
        self._write(SUMMARY, outcome.summary.model_dump_json(indent=1))
        self._write(RECORD, record.model_dump_json(indent=1))
        self.close()
        return Run(self._folder, record, outcome.samples, outcome.summary)

    def _write(self, name: str, content: str) -> None:
        write_file(self._folder, name, content)


def _locked(folder: Path) -> int:
    """Lock a folder for as long as this process lives, and return what holds the lock."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise OutputError(
            f"another run is being written into {str(folder)!r}; name another --out"
        ) from error
    return descriptor


def write_file(folder: Path, name: str, content: str) -> Path:
    """Write a file of a run as a whole or not at all, and return its path.

    Raises:
        OutputError: It cannot be written.
    """
    whole = folder / name
    with translated(folder):
        half = folder / f".{name}.half"
        half.write_text(content, "utf-8")
        half.replace(whole)
    return whole


def read_run(folder: Path) -> Run:
    """Read a finished run.

    Raises:
        RunUnreadable: A file is missing, damaged or of an older schema, or the run was cut off.
    """
    record = read_record(folder)
    if record.finished is None:
        raise RunUnreadable(f"the run in {str(folder)!r} was cut off: go on with it by --out")
    summary = _read(folder, SUMMARY)
    try:
        figures = Summary.model_validate_json(summary)
    except ValidationError as error:
        raise RunUnreadable(f"{str(folder / SUMMARY)!r} is damaged: {_first(error)}") from error
    samples = tuple(_samples(folder, whole=True))
    if len({sample.id for sample in samples}) != len(samples) or len(samples) != figures.questions:
        raise RunUnreadable(
            f"{str(folder / SAMPLES)!r} is damaged: it has {len(samples)} samples where the "
            f"summary has {figures.questions} questions"
        )
    return Run(folder, record, samples, figures)


def read_record(folder: Path) -> RunRecord:
    """Read what a run depended on.

    Raises:
        RunUnreadable: The file is missing, damaged or of an older schema.
    """
    content = _read(folder, RECORD)
    try:
        found = json.loads(content).get("schema_version", 1)
    except (ValueError, AttributeError, RecursionError) as error:
        raise RunUnreadable(f"{str(folder / RECORD)!r} is damaged: {error}") from error
    if found != SCHEMA:
        raise RunUnreadable(
            f"{str(folder / RECORD)!r} has schema {found}, this version reads {SCHEMA}: "
            "run the evaluation again"
        )
    try:
        return RunRecord.model_validate_json(content)
    except ValidationError as error:
        raise RunUnreadable(f"{str(folder / RECORD)!r} is damaged: {_first(error)}") from error


def _samples(folder: Path, *, whole: bool) -> Iterator[Sample]:
    """Yield the samples; a line that is cut off ends them unless they have to be whole."""
    if not whole and not (folder / SAMPLES).exists():
        return
    # As bytes: a kill can cut a line inside a character.
    for number, line in enumerate(_bytes(folder, SAMPLES).split(b"\n"), 1):
        if not line:
            continue
        try:
            yield Sample.model_validate_json(line)
        except ValidationError as error:
            if not whole:
                return
            place = f"{folder / SAMPLES}:{number}"
            raise RunUnreadable(f"{place}: damaged: {_first(error)}") from error


def _line(sample: Sample) -> str:
    return sample.model_dump_json() + "\n"


def _read(folder: Path, name: str) -> str:
    try:
        return _bytes(folder, name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RunUnreadable(f"{str(folder / name)!r} is damaged: it is not UTF-8") from error


def _bytes(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RunUnreadable(
            f"there is no run in {str(folder)!r}: {name} cannot be read ({reason})"
        ) from error


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Raise OutputError for what the system says of a folder of results."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"{str(folder)!r} cannot be written: {reason}; name another --out"
        ) from error
