"""Kills ingests with SIGKILL, starts them again, and says what was found in between.

For more than the test does:
    python -m tests.e2e.kills ARTICLES --random 40 --aimed 40
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ingest.embed.cache import SUB_BATCH
from ingest.errors import IngestError
from ingest.index import manifest as manifests
from ingest.index.generations import BUILDING, Generations

ROOT = Path(__file__).parents[2]
JUST_NOW_S = 0.2
START_S = 1.5
MOST_CHANGES = 10
# Shards so small that kills meet the moments at which one is full and the next begins.
COUNTED_INGEST = """
import runpy
from ingest.index import shards
shards.SIZE = 1100
runpy.run_module("tests.e2e.counted_ingest", run_name="__main__")
"""


@dataclass
class Seen:
    """What happened over all kills.

    Attributes:
        killed: Ingests that were ended by SIGKILL before they were done.
        finished: Ingests that were done before they could be killed.
        checked: Generations that were checked from end to end after a kill.
        unchanged: How often a kill left the generation checked last, its files being the same.
        broken: What the check said where it did not say that all is whole.
        lost_by_kills: Texts embedded in killed runs whose vectors were not stored, at most.
        embedded_again: Texts embedded in finished runs beyond those newly stored.
        moments: In the midst of what the kills came.
        last: The generation that was checked last.
    """

    killed: int = 0
    finished: int = 0
    checked: int = 0
    unchanged: int = 0
    last: int | None = None
    broken: list[str] = field(default_factory=list)
    lost_by_kills: int = 0
    embedded_again: int = 0
    moments: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Bench:
    """Where the ingests run.

    Attributes:
        fake: Use the quick embedder of the tests.
        takes_s: About how long an ingest takes that is not killed.
    """

    articles: Path
    data_dir: Path
    fake: bool
    takes_s: float = 0.0

    @property
    def log(self) -> Path:
        return self.data_dir.with_suffix(".log")

    def start(self) -> subprocess.Popen[bytes]:
        arguments = [str(self.articles), str(self.data_dir), str(self.log)]
        return subprocess.Popen(
            [sys.executable, "-c", COUNTED_INGEST, *arguments, *self._fake_option()],
            cwd=ROOT,
            # Short checkpoints, so that kills meet publications too.
            env={**os.environ, "DATELINE_CHECKPOINT_S": "3"},
            stdout=subprocess.DEVNULL,
        )

    def _fake_option(self) -> list[str]:
        return ["--fake"] if self.fake else []

    def finish(self) -> float:
        """Run an ingest to its end and return how many seconds it took."""
        begun = time.monotonic()
        assert self.start().wait() == 0
        return time.monotonic() - begun

    def embedded(self) -> int:
        return self.log.read_text().count("x") if self.log.exists() else 0

    def stored(self) -> int:
        path = self.data_dir / "embeddings.db"
        if not path.exists():
            return 0
        database = sqlite3.connect(path)
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        rows = [
            database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for (name,) in tables
        ]
        database.close()
        return max(rows, default=0)

    def start_over(self) -> None:
        """Forget what is indexed, not what is embedded."""
        shutil.rmtree(self.data_dir / "generations")
        (self.data_dir / "CURRENT").unlink()


def check(data_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run `dateline index check`."""
    return subprocess.run(
        [sys.executable, "dateline.py", "index", "check"],
        cwd=ROOT,
        env={**os.environ, "DATELINE_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        check=False,
    )


def _kill_once(bench: Bench, aimed: bool, chance: random.Random) -> str | None:
    """Start an ingest and kill it; return what it was doing, None when it was done before."""
    process = bench.start()
    if aimed:
        _wait_for_chroma_to_write(bench.data_dir, process, chance.randint(1, MOST_CHANGES))
        time.sleep(chance.random() * 0.02)
    else:
        _wait(process, START_S + chance.random() * bench.takes_s)
    if process.poll() is not None:
        return None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return _moment(bench.data_dir)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)


def _wait_for_chroma_to_write(data_dir: Path, process: subprocess.Popen[bytes], times: int) -> None:
    """Return once Chroma's vector files of the generation being built changed `times` times."""
    states: dict[Path, tuple[int, int]] = {}
    changes = 0
    while process.poll() is None and changes < times:
        # A folder may get its final name while it is looked at.
        with suppress(FileNotFoundError):
            for path in data_dir.glob("generations/building-*/chroma/*/*/*.bin"):
                stat = path.stat()
                state = (stat.st_mtime_ns, stat.st_size)
                changes += states.get(path, state) != state
                states[path] = state
        time.sleep(0.0005)


def _moment(data_dir: Path) -> str:
    """Return what an ingest that was just killed was about to do, as its files show."""
    building = next(data_dir.glob("generations/building-*"), None)
    if (data_dir / "CURRENT.new").exists():
        return "flip"
    if building is None:
        return "no generation being built"
    if _is_described(building):
        return "publication"
    writes = [path.stat().st_mtime for path in building.glob("chroma/*/*/*.bin")]
    is_writing = time.time() - max(writes, default=0.0) < JUST_NOW_S
    return "vector files" if is_writing else "building, elsewhere"


def _is_described(building: Path) -> bool:
    """Return whether the manifest is there, and not that of the generation it was made from."""
    try:
        described = json.loads((building / "manifest.json").read_text())["generation"]
    except FileNotFoundError:
        return False
    except ValueError:
        return True
    return bool(described == int(building.name.removeprefix(BUILDING)))


def contents(data_dir: Path) -> list[tuple[object, ...]]:
    """Return what the generation in use holds, in an order that does not depend on how."""
    name = (data_dir / "CURRENT").read_text().strip()
    path = data_dir / "generations" / name / "catalog.db"
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    rows = database.execute(
        "SELECT a.article_id, a.fingerprint, a.story_id, p.passage_id, p.start, p.end, p.vector, "
        "p.sentence_vectors FROM articles a JOIN passages p USING (article_id) "
        "ORDER BY p.passage_id"
    ).fetchall()
    database.close()
    return rows


def _check_current(data_dir: Path, seen: Seen) -> None:
    """Check the generation in use; of one that was checked, only that its files are the same."""
    generations = Generations(data_dir)
    number = generations.current()
    if number is None:
        return
    if number != seen.last:
        seen.checked += 1
        checked = check(data_dir)
        seen.broken += [checked.stdout + checked.stderr] if checked.returncode else []
        seen.last = number
        return
    seen.unchanged += 1
    folder = generations.path(number)
    try:
        manifests.verify(folder, manifests.read(folder))
    except IngestError as error:
        seen.broken.append(str(error))


def kill_many(bench: Bench, count: int, aimed: bool, seed: int) -> Seen:
    """Kill `count` ingests; whenever one gets done, begin again with the vectors already known."""
    chance, seen = random.Random(seed), Seen()
    while seen.killed < count:
        before = bench.embedded() - bench.stored()
        moment = _kill_once(bench, aimed, chance)
        extra = bench.embedded() - bench.stored() - before
        _check_current(bench.data_dir, seen)
        if moment is not None:
            seen.killed += 1
            seen.moments[moment] += 1
            seen.lost_by_kills = max(seen.lost_by_kills, extra)
        else:
            seen.finished += 1
            seen.embedded_again += extra
            bench.start_over()
            seen.last = None
    return seen


def prove(articles: Path, folder: Path, count: int, aimed: bool) -> Seen:
    """Kill `count` ingests; assert that all stayed whole and ended as an undisturbed one does."""
    plain = Bench(articles, folder / "plain", True)
    killed = Bench(articles, folder / "killed", True, plain.finish())
    seen = kill_many(killed, count, aimed, seed=7)
    killed.finish()
    assert (seen.broken, seen.embedded_again) == ([], 0)
    assert seen.lost_by_kills <= SUB_BATCH
    assert contents(killed.data_dir) == contents(plain.data_dir)
    assert check(killed.data_dir).returncode == 0
    return seen


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", type=Path)
    parser.add_argument("--random", type=int, default=40)
    parser.add_argument("--aimed", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fake", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plain = Bench(options.articles, Path(folder) / "plain", options.fake)
        takes_s = plain.finish()
        killed = Bench(options.articles, Path(folder) / "killed", options.fake, takes_s)
        for aimed, count in ((False, options.random), (True, options.aimed)):
            seen = kill_many(killed, count, aimed, options.seed)
            sys.stdout.write(f"{'aimed' if aimed else 'random'}: {seen}\n")
            sys.stdout.flush()
        killed.finish()
        same = contents(plain.data_dir) == contents(killed.data_dir)
        whole = check(killed.data_dir).returncode == 0
        sys.stdout.write(f"equal to an undisturbed run: {same}; whole: {whole}; ")
        sys.stdout.write(f"texts stored: {killed.stored()} and {plain.stored()}\n")


if __name__ == "__main__":
    _main()
