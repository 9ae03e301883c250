"""Starts the service and a model's server as processes of their own, and asks as many clients."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

import httpx
import numpy as np

from evals.errors import SuiteError
from evals.performance.memory import tree_mb
from evals.results import Kept
from evals.temporary_index import index_of
from ingest.settings import setting_names
from service.settings import ServiceSettings

QUESTION = "What do the articles say about trade between Iran and Russia?"
_SENT = re.compile(r"T(\d{6,})")
_ADDRESS = re.compile(r"http://[\d.]+:\d+")
_START_S = 120.0
PROBE_START_S, MEMORY_S = 1.0, 0.1
"""Until the probe asks; between two looks at the memory."""


class StreamLoad(Kept):
    """What many clients that stream at once see.

    Attributes:
        clients: How many there were, each with one question.
        answered: Of those, how many got an answer by the model, whole and not degraded.
        first_delta_ms: From the model's first word to the client's first delta: p50, p99, max.
        health_ms: What `/healthz` took meanwhile: p50, p99, max. The event loop's lag is in it.
        idle_health_ms: The same before the load.
        memory_mb: Resident memory of the service before the load, at most, and at its end.
        wall_s: From the first question to the last answer.
    """

    clients: int
    answered: int
    first_delta_ms: dict[str, float]
    health_ms: dict[str, float]
    idle_health_ms: dict[str, float]
    memory_mb: dict[str, float]
    wall_s: float


@dataclass(frozen=True)
class Load:
    """What is asked of the service.

    Attributes:
        clients: How many at once.
        words: Of each answer.
        word_s: Seconds from one word of the model to the next.
    """

    clients: int = 100
    words: int = 100
    word_s: float = 0.05


def measure_streams(load: Load, articles: Path, settings: ServiceSettings) -> StreamLoad:
    """Measure one load, after a smaller one that warms up.

    Raises:
        SuiteError: The service or the model's server does not start.
        IndexUnavailable: The articles cannot be indexed.
    """
    with (
        index_of(articles, settings) as index,
        _model(load) as model,
        _service(index.settings.data_dir, model) as (address, pid),
    ):
        return asyncio.run(_Bench(load, address, pid).run())


@contextmanager
def _model(load: Load) -> Iterator[str]:
    command = ["-m", "evals.performance.streams.token_server", str(load.words), str(load.word_s)]
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        if not port:
            raise SuiteError("the model's server does not start")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        _end(process)


@contextmanager
def _service(data: Path, model: str) -> Iterator[tuple[str, int]]:
    own = {
        "DATELINE_DATA_DIR": str(data),
        "DATELINE_WRITER": "openai",
        "DATELINE_LLM_BASE_URL": model,
    }
    with TemporaryDirectory(prefix="dateline-eval-") as folder:
        log = Path(folder) / "log"
        with log.open("w", encoding="utf-8") as written:
            process = subprocess.Popen(
                [*_with_only(own), sys.executable, "-m", "dateline", "serve", "--port", "0"],
                cwd=folder,
                stderr=written,
            )
            try:
                yield _started(process, log), process.pid
            finally:
                _end(process)


def _with_only(settings: Mapping[str, str]) -> list[str]:
    """Return the command before a command that gives it these settings and no others."""
    names = [*setting_names(ServiceSettings), "OPENAI_BASE_URL", "OPENAI_API_KEY"]
    without = [word for name in names for word in ("-u", name)]
    return ["env", *without, *(f"{name}={value}" for name, value in settings.items())]


def _started(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and process.poll() is None:
        found = _ADDRESS.search(log.read_text("utf-8"))
        if found is not None:
            return found[0]
        time.sleep(0.05)
    raise SuiteError(f"the service does not start: {log.read_text('utf-8')[-500:]}")


def _end(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass
class _Seen:
    """What the clients and the probes saw."""

    answered: int = 0
    first_delta_ms: list[float] = field(default_factory=list)
    health_ms: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)


class _Bench:
    def __init__(self, load: Load, address: str, pid: int) -> None:
        self._load = load
        self._address = address
        self._pid = pid

    async def run(self) -> StreamLoad:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        async with httpx.AsyncClient(base_url=self._address, limits=limits, timeout=300) as http:
            await asyncio.gather(*(self._ask(http, _Seen()) for _ in range(4)))
            idle, seen = _Seen(), _Seen()
            await self._probed(idle, lambda: asyncio.sleep(2))
            started = time.perf_counter() + PROBE_START_S
            await self._probed(seen, partial(self._all, http, seen))
            wall_s = time.perf_counter() - started
        return StreamLoad(
            clients=self._load.clients,
            answered=seen.answered,
            first_delta_ms=_spread(seen.first_delta_ms),
            health_ms=_spread(seen.health_ms),
            idle_health_ms=_spread(idle.health_ms),
            memory_mb={
                "before": idle.memory_mb[-1],
                "most": max(seen.memory_mb),
                "after": tree_mb(self._pid),
            },
            wall_s=wall_s,
        )

    async def _all(self, http: httpx.AsyncClient, seen: _Seen) -> None:
        await asyncio.gather(*(self._ask(http, seen) for _ in range(self._load.clients)))

    async def _probed(self, seen: _Seen, work: Callable[[], Awaitable[object]]) -> None:
        command = [sys.executable, "-m", "evals.performance.streams.probe", self._address]
        with TemporaryFile("w+", encoding="utf-8") as written:
            process = subprocess.Popen(command, stdout=written)
            try:
                await asyncio.sleep(PROBE_START_S)
                begun = written.tell()
                task = asyncio.ensure_future(work())
                seen.memory_mb.append(tree_mb(self._pid))
                while not task.done():
                    await asyncio.sleep(MEMORY_S)
                    seen.memory_mb.append(tree_mb(self._pid))
                await task
            finally:
                _end(process)
            written.seek(begun)
            lines = written.read().splitlines()
        # The one that was cut off when the probe was ended says nothing.
        seen.health_ms += [float(line) for line in lines[:-1]]

    async def _ask(self, http: httpx.AsyncClient, seen: _Seen) -> None:
        body = {"question": QUESTION, "stream": True}
        first = False
        async with http.stream("POST", "/v1/ask", json=body) as reply:
            async for name, data in _events(reply):
                if name == "delta" and not first:
                    first = True
                    sent = _SENT.search(data["text"])
                    if sent is not None:
                        late = time.monotonic_ns() / 1000 - int(sent[1])
                        seen.first_delta_ms.append(late / 1000)
                if name == "answer":
                    whole = data["writer"]["kind"] == "openai" and not data["degraded"]
                    seen.answered += whole


async def _events(reply: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    name = ""
    async for line in reply.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def _spread(values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    p50, p99, most = np.percentile(values, [50, 99, 100])
    return {"p50": float(p50), "p99": float(p99), "max": float(most)}
