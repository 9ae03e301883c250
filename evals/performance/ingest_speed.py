"""Measures ingest against a plain LlamaIndex pipeline: same passages, same machine, one run.

`python -m evals.performance.ingest_speed CORPUS.json [--passages N] [--baseline-python PATH]`.
The corpus is a list of articles as JSON. Every contestant, each in a process of its own that rests
meanwhile, takes all of it once a round, the pipeline into a new index; a machine whose speed drifts
slows all of them alike. The pipeline's seconds are those of a whole ingest in a process that has
imported our own modules: in the first round, LlamaIndex's, Chroma's and OpenVINO's imports and the
loading of the model are in them too, the check and publishing in every round. Those of the others
are of embedding alone, with everything loaded.
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
from evals.performance.own_ingest import CORPUS, inputs_of
from ingest.embed.weights import find_model
from ingest.embed.wordpieces import bundled
from ingest.settings import IndexSettings

_LOOK_EVERY_S = 0.2
_PIPELINE, _EMBEDDER = "our pipeline", "our embedder"


@dataclass
class Contestant:
    """A process that takes the corpus once a round, and what that cost.

    Attributes:
        name: As it is printed.
        process: Answers a line with a line.
        seconds: Of each round.
        cpu_s: Of each round, finished children included.
        peak_mb: Of the process alone, where it tells.
        tree_peak_mb: Of it and its children at once, as far as seen five times a second.
    """

    name: str
    process: subprocess.Popen[str]
    seconds: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    tree_peak_mb: float = 0.0

    def take(self) -> None:
        """Run one round.

        Raises:
            RuntimeError: The process has ended; what it wrote says why.
        """
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
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
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument(
        "--baseline-python", help="one with llama-index-core and sentence-transformers"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-speed-") as folder:
        passages = _prepare(given.corpus, given.passages, Path(folder))
        contestants = _measured(Path(folder), given.baseline_python, given.rounds)
    _print(contestants, passages)


def _prepare(corpus: Path, passages: int | None, folder: Path) -> int:
    """Write the articles and their passages' texts; return how many passages there are."""
    articles = json.loads(corpus.read_text(encoding="utf-8"))
    pieces, file = bundled(IndexSettings()), folder / CORPUS
    if passages is not None:
        few = articles[:20]
        file.write_text(json.dumps(few), encoding="utf-8")
        each = len(inputs_of(file, pieces)) / len(few)
        articles = articles[: max(1, round(passages / each))]
    file.write_text(json.dumps(articles), encoding="utf-8")
    texts = [given.text for given in inputs_of(file, pieces)]
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    return len(texts)


def _measured(folder: Path, baseline: str | None, rounds: int) -> list[Contestant]:
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
        for _ in range(rounds):
            for contestant in contestants:
                contestant.take()
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


def _print(contestants: Sequence[Contestant], passages: int) -> None:
    pipeline = next(c for c in contestants if c.name == _PIPELINE)
    rounds = len(pipeline.seconds)
    say = sys.stdout.write
    say(f"{passages} passages in each of {rounds} rounds, {time.strftime('%Y-%m-%d')}\n")
    head = ("passages/s", "pipeline is", "CPU s", "peak MB", "with children")
    say(f"{'':20}" + "".join(f"{text:>15}" for text in head) + "\n")
    for one in contestants:
        pairs = zip(one.seconds, pipeline.seconds, strict=True)
        ratio = median(other / own for other, own in pairs)
        own_peak = f"{one.peak_mb:.0f}" if one.peak_mb else "-"
        say(
            f"{one.name:20}{rounds * passages / sum(one.seconds):15.1f}{ratio:14.2f}x"
            f"{sum(one.cpu_s) / rounds:15.1f}"
            f"{own_peak:>15}{one.tree_peak_mb:15.0f}\n"
        )


if __name__ == "__main__":
    main()
