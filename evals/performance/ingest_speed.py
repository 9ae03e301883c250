"""Measures ingest against a plain LlamaIndex pipeline: same passages, same machine, one run.

`python -m evals.performance.ingest_speed CORPUS.json [--passages N] [--baseline-python PATH]`.
The corpus is a list of articles as JSON. It is cut into slices, and every contestant, each in a
process of its own that rests meanwhile, takes the same slice before the next one begins: a machine
whose speed drifts slows all of them alike. The pipeline's index grows from slice to slice, and its
seconds include publishing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from evals.performance.memory import tree_mb
from evals.performance.own_ingest import inputs_of
from ingest.embed.weights import find_model
from ingest.embed.wordpieces import bundled
from ingest.settings import IndexSettings

SLICES = 4
_LOOK_EVERY_S = 0.2
_PIPELINE, _EMBEDDER = "our pipeline", "our embedder"


@dataclass
class Contestant:
    """A process that takes slices, and what that cost.

    Attributes:
        name: As it is printed.
        process: Answers a line with a line.
        seconds: Of each slice.
        cpu_s: Of each slice, finished children included.
        peak_mb: Of the process alone, where it tells.
        tree_peak_mb: Of it and its children at once, as far as seen five times a second.
    """

    name: str
    process: subprocess.Popen[str]
    seconds: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    tree_peak_mb: float = 0.0

    def take(self, number: int) -> None:
        """Run one slice.

        Raises:
            RuntimeError: The process has ended; what it wrote says why.
        """
        assert self.process.stdin is not None
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()
        record = self.answer()
        self.seconds.append(float(record["seconds"]))
        self.cpu_s.append(float(record["cpu_s"]))
        self.peak_mb = max(self.peak_mb, float(record.get("peak_mb", 0)))

    def answer(self) -> dict[str, float]:
        """Return the next line, read as JSON; see `take`."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name!r} has ended early: see what it wrote above")
        record: dict[str, float] = json.loads(line)
        return record


def main() -> None:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpus", type=Path, help="articles, a JSON list")
    parser.add_argument("--passages", type=int, help="stop at about this many; default all")
    parser.add_argument("--slices", type=int, default=SLICES)
    parser.add_argument(
        "--baseline-python", help="one with llama-index-core and sentence-transformers"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-speed-") as folder:
        counts = _cut(given.corpus, given.passages, given.slices, Path(folder))
        contestants = _measured(Path(folder), given.baseline_python, len(counts))
    _print(contestants, counts)


def _cut(corpus: Path, passages: int | None, slices: int, folder: Path) -> list[int]:
    """Write the slices and their passages' texts; return how many passages each has."""
    articles = json.loads(corpus.read_text(encoding="utf-8"))
    pieces = bundled(IndexSettings())
    if passages is not None:
        few = articles[:20]
        (folder / "few.json").write_text(json.dumps(few), encoding="utf-8")
        each = len(inputs_of(folder / "few.json", pieces)) / len(few)
        articles = articles[: max(slices, round(passages / each))]
    texts = []
    for number in range(slices):
        file = folder / f"{number}.json"
        file.write_text(json.dumps(articles[number::slices]), encoding="utf-8")
        texts.append([given.text for given in inputs_of(file, pieces)])
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    return [len(part) for part in texts]


def _measured(folder: Path, baseline: str | None, slices: int) -> list[Contestant]:
    own = [sys.executable, "-m", "evals.performance.own_ingest"]
    commands = {
        _EMBEDDER: [*own, "embedder", str(folder)],
        _PIPELINE: [*own, "pipeline", str(folder)],
    }
    if baseline:
        script = str(Path(__file__).with_name("plain_llamaindex.py"))
        model, texts = str(find_model(None).folder), str(folder / "texts.json")
        for precision in ("float32", "bfloat16"):
            name = f"LlamaIndex {precision}"
            commands[name] = [baseline, script, model, precision, texts]
    with ExitStack() as stack:
        contestants = [
            stack.enter_context(_running(name, command)) for name, command in commands.items()
        ]
        for number in range(slices):
            for contestant in contestants:
                contestant.take(number)
    return contestants


@contextmanager
def _running(name: str, command: Sequence[str]) -> Iterator[Contestant]:
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    contestant, ended = Contestant(name, process), threading.Event()

    def look() -> None:
        while not ended.wait(_LOOK_EVERY_S):
            contestant.tree_peak_mb = max(contestant.tree_peak_mb, tree_mb(process.pid))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        contestant.answer()
        yield contestant
    finally:
        ended.set()
        watcher.join()
        process.communicate()


def _print(contestants: Sequence[Contestant], counts: Sequence[int]) -> None:
    total = sum(counts)
    pipeline = next(c for c in contestants if c.name == _PIPELINE)
    say = sys.stdout.write
    say(f"{total} passages in {len(counts)} slices, {time.strftime('%Y-%m-%d')}\n")
    head = ("passages/s", "pipeline is", "CPU s", "peak MB", "with children")
    say(f"{'':20}" + "".join(f"{text:>15}" for text in head) + "\n")
    for one in contestants:
        pairs = zip(one.seconds, pipeline.seconds, strict=True)
        ratio = median(other / own for other, own in pairs)
        own_peak = f"{one.peak_mb:.0f}" if one.peak_mb else "-"
        say(
            f"{one.name:20}{total / sum(one.seconds):15.1f}{ratio:14.2f}x{sum(one.cpu_s):15.1f}"
            f"{own_peak:>15}{one.tree_peak_mb:15.0f}\n"
        )


if __name__ == "__main__":
    main()
