"""Clients that each ask one question after the other, in a process of their own; run as a module.

The process reads a `Job` as JSON on standard input and writes a `Seen` as JSON. It speaks HTTP with
as little work as it takes, so that the service and not the client is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

REFUSED = (429, 503)
PAUSE_S = 1.0
"""Before a refused client asks again: sooner than Retry-After says."""
SETTLE_S = 60.0


@dataclass(frozen=True)
class Job:
    """What is asked of the service.

    Attributes:
        seconds: How long the clients go on to ask.
        drain_s: How long they wait for the last answers; then they hang up.
        settle_ms: Afterwards one client asks until an answer takes no longer; None asks no more.
    """

    address: str
    clients: int
    seconds: float
    questions: list[str]
    stream: bool = False
    drain_s: float = 30.0
    settle_ms: float | None = None


@dataclass(frozen=True)
class Reply:
    """How one request ended.

    Attributes:
        status: That of the response, or of the problem that ended its stream; 0 for neither.
        ms: From the connection to the last byte.
        first_ms: To the first delta of a stream.
        model: Whether a language model wrote the answer.
    """

    status: int
    ms: float
    first_ms: float | None
    model: bool


@dataclass
class Seen:
    """What became of all requests.

    Attributes:
        cut: Requests that were given up when the time was over.
        cpu_s: Processor time of the clients.
        settled_s: From the end of the load until an answer was as quick as wanted.
    """

    replies: list[Reply] = field(default_factory=list)
    cut: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    settled_s: float | None = None


class _Clients:
    def __init__(self, job: Job) -> None:
        self._job = job
        self._place = urlsplit(job.address)
        self._questions: Iterator[str] = iter(job.questions)
        self._seen = Seen()
        self._began = time.perf_counter()

    async def run(self) -> Seen:
        """Load the service, then look how soon it is as before."""
        cpu = time.process_time()
        clients = [asyncio.create_task(self._client()) for _ in range(self._job.clients)]
        wait_s = self._job.seconds + self._job.drain_s
        done, open_ones = await asyncio.wait(clients, timeout=wait_s)
        self._seen.cut = len(open_ones)
        for one in open_ones:
            one.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)
        for one in done:
            one.result()
        self._seen.cpu_s = time.process_time() - cpu
        self._seen.wall_s = time.perf_counter() - self._began
        if self._job.settle_ms is not None:
            self._seen.settled_s = await self._settled(self._job.settle_ms)
        return self._seen

    async def _client(self) -> None:
        while time.perf_counter() - self._began < self._job.seconds:
            reply = await self._ask()
            self._seen.replies.append(reply)
            if reply.status in REFUSED:
                await asyncio.sleep(PAUSE_S)

    async def _settled(self, within_ms: float) -> float | None:
        left = time.perf_counter()
        while time.perf_counter() - left < SETTLE_S:
            reply = await self._ask()
            if reply.status == 200 and reply.ms <= within_ms:
                return time.perf_counter() - left
        return None

    async def _ask(self) -> Reply:
        started, first = time.perf_counter(), None
        body = b""
        try:
            reader, writer = await asyncio.open_connection(self._place.hostname, self._place.port)
            try:
                writer.write(self._request(next(self._questions)))
                status = int((await reader.readline()).split()[1])
                while data := await reader.read(65_536):
                    body += data
                    if first is None and b"event: delta" in body:
                        first = time.perf_counter()
            finally:
                writer.close()
        except (OSError, IndexError, ValueError):
            status = 0
        now = time.perf_counter()
        return Reply(
            status=_status(status, body) if self._job.stream else status,
            ms=(now - started) * 1000,
            first_ms=(first - started) * 1000 if first else None,
            model=b'"kind":"openai"' in body,
        )

    def _request(self, question: str) -> bytes:
        body = json.dumps({"question": question, "stream": self._job.stream}).encode()
        head = (
            f"POST /v1/ask HTTP/1.1\r\nHost: {self._place.netloc}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def _status(status: int, body: bytes) -> int:
    """Return how a stream ended: a problem comes as an event, long after the status line."""
    _, is_error, problem = body.partition(b"event: error")
    if not is_error:
        return status if status != 200 or b"event: answer" in body else 0
    line = problem.partition(b"data: ")[2].splitlines()[0]
    return int(json.loads(line)["status"])


def main() -> None:
    """Do the job."""
    job = Job(**json.load(sys.stdin))
    json.dump(asdict(asyncio.run(_Clients(job).run())), sys.stdout)


if __name__ == "__main__":
    main()
