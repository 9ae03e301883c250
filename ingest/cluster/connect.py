"""A Ray of this machine's own, or a connection to a cluster; and the workers there."""

from __future__ import annotations

import io
import logging
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ingest
from ingest.cluster.address import Address
from ingest.cluster.dataset import Coordinator, Site, wanted_cpus, workers_at
from ingest.cluster.interrupts import held_back
from ingest.cluster.refused import said, unstartable, unusable
from ingest.cluster.rows import Job, Plan, packed
from ingest.cluster.waiting import Patience
from ingest.errors import ClusterFailed, SettingsError
from ingest.settings import set_for_libraries

ANSWER_S, CONNECT_S = 5.0, 60.0
_IMPORT_ROOT = Path(ingest.__file__).parents[1]
_LOOK_EVERY_S = 0.2
_AHEAD = 2
_SOURCES_PER_BLOCK, _BYTES_PER_BLOCK = 32, 2_000_000
_STORE_BYTES, _LEAST_STORE_BYTES = 512_000_000, 80_000_000
_SHARED_MEMORY = Path("/dev/shm")
# Names of sockets have 107 bytes at most, and Ray's own part of them takes over 60.
_MAX_FOLDER_CHARS = 30
_NO_TELEMETRY = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
# What Ray does on systems where it forms no clusters: it listens on the loopback address alone.
_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}
_LOST = "has been marked dead"

log = logging.getLogger("ingest.cluster")


@contextmanager
def connected(address: Address, workers: int | None = None) -> Iterator[RayWorkers]:
    """Yield the workers of a cluster; leave it afterwards, or end it where it was started here.

    Nothing is started or connected before there is work for them; then `RayWorkers.run` raises
    SettingsError where the cluster cannot be reached or used.

    Args:
        address: Where it is.
        workers: How many embed, for one that is started here; None for one on each core.

    Raises:
        SettingsError: Ray is not installed.
    """
    if find_spec("ray") is None or find_spec("pyarrow") is None:
        raise SettingsError(
            "--on needs Ray, which is not installed: pip install 'ray[data]>=2.60,<3'"
        )

    def connect() -> Site:
        set_for_libraries(_NO_TELEMETRY)
        reached = _local(workers) if address.is_local else _existing(address)
        return Site(workers, stack.enter_context(reached), sees_index=not address.client)

    with _output_kept(), ExitStack() as stack:
        yield RayWorkers(connect)


class RayWorkers:
    """Runs the stages of an ingest; see ingest.cluster.readings.Workers."""

    def __init__(self, connect: Callable[[], Site]) -> None:
        """Take what tells where they run, once they are needed."""
        self._connect = connect
        self._site: Site | None = None

    def run(self, plan: Plan, jobs: Sequence[Job]) -> Generator[list[bytes], None, None]:
        """See Workers.run."""
        # Before Ray is imported, which reads the environment then.
        self._site = self._site or self._connect()
        import ray
        from ray.exceptions import RayError

        wanted = wanted_cpus(plan, workers_at(self._site))
        coordinator = _coordinator(plan, self._site)
        patience = Patience(time.monotonic, lambda: _room(wanted))
        try:
            begun = coordinator.begin.remote(blocks(jobs))
            waiting = [begun, *(coordinator.next.remote() for _ in range(_AHEAD))]
            while waiting:
                ready, _ = ray.wait(waiting[:1], timeout=_LOOK_EVERY_S)
                if not ready:
                    patience.nothing_came()
                    yield []
                    continue
                first = waiting.pop(0)
                rows = ray.get(first)
                if first is begun:
                    continue
                if rows is None:
                    return
                waiting.append(coordinator.next.remote())
                yield rows
                patience.came()
        except (RayError, ConnectionError) as error:
            raise ClusterFailed(
                f"the cluster broke down ({said(str(error))}); what was published stays, and "
                "the next run goes on from there"
            ) from error
        finally:
            _end(coordinator)


def _coordinator(plan: Plan, site: Site) -> Any:
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    where = NodeAffinitySchedulingStrategy(site.node, soft=False)
    made = ray.remote(Coordinator).options(num_cpus=0, scheduling_strategy=where)
    return made.remote(plan, site)


def _room(wanted: float) -> str:
    import ray

    free = ray.available_resources().get("CPU", 0)  # type: ignore[no-untyped-call]
    return f"{free:.1f} CPUs free, {wanted:.1f} wanted"


@contextmanager
def _output_kept() -> Iterator[None]:
    """Keep what Ray prints out of standard output, which is the report's."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(_RaySays()):
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


class _RaySays(io.TextIOBase):
    """Takes Ray's accounts of its raylets, and tells in a line what matters of them."""

    def write(self, text: str) -> int:
        if _LOST in text:
            log.warning("a machine of the cluster is lost; what it was doing is done again")
        elif text.strip():
            log.debug("Ray says: %s", text)
        return len(text)


@contextmanager
def _local(workers: int | None) -> Iterator[str]:
    """Start a Ray on the loopback address, of which nothing is left afterwards; yield its node."""
    set_for_libraries({**_LOOPBACK, "RAY_AUTH_TOKEN": secrets.token_hex(32)})
    base = tempfile.gettempdir()
    folder = tempfile.mkdtemp(prefix="ray-", dir=base if len(base) <= _MAX_FOLDER_CHARS else "/tmp")
    try:
        with _initialised(
            "local",
            unstartable,
            num_cpus=workers,
            include_dashboard=False,
            object_store_memory=_store_bytes(),
            _temp_dir=folder,
        ) as node:
            yield node
    finally:
        _kill(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _kill(folder: str) -> None:
    """End what is left of a Ray that broke off while it started: Ray itself forgets it."""
    import psutil  # type: ignore[import-untyped]  # Ray brings its own

    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if any(folder in argument for argument in child.cmdline()):
                child.kill()
                child.wait(ANSWER_S)


@contextmanager
def _existing(address: Address) -> Iterator[str]:
    """Connect to a cluster; yield this machine's node, the head through the client."""
    try:
        with socket.create_connection((address.host.strip("[]"), address.port), ANSWER_S):
            pass
    except OSError as error:
        raise SettingsError(
            f"nothing answers at {str(address)!r} ({error.strerror or error}); check --on, and "
            "that the cluster runs"
        ) from error
    _probe(str(address))
    with _initialised(str(address), partial(unusable, str(address))) as node:
        yield node


def _probe(address: str) -> None:
    """Let a child connect first: some attempts of Ray's never end, and cannot be given up.

    Raises:
        SettingsError: It could not, or took too long.
    """
    command = [sys.executable, "-m", "ingest.cluster.probe", address]
    try:
        child = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=CONNECT_S,
            # The first Ctrl-C is for this process alone.
            start_new_session=True,
            # Where the child finds this package, installed or not.
            cwd=_IMPORT_ROOT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise unusable(address, f"no connection within {CONNECT_S:.0f} s") from error
    if child.returncode != 0:
        raise unusable(address, child.stderr)


@contextmanager
def _initialised(
    address: str, refused: Callable[[str], SettingsError], **options: Any
) -> Iterator[str]:
    import ray

    # Ray would set an answer to SIGTERM, which raises wherever the start is and ends the ingest
    # without what is done.
    utils = ray._private.utils
    set_handler, utils.set_sigterm_handler = utils.set_sigterm_handler, lambda _handler: None
    try:
        try:
            with held_back():
                ray.init(address, log_to_driver=False, logging_level=logging.ERROR, **options)
        except Exception as error:  # Ray raises about ten classes here, half of them built in
            raise refused(str(error)) from error
        finally:
            utils.set_sigterm_handler = set_handler
        yield ray.get_runtime_context().get_node_id()
    finally:
        with held_back():
            ray.shutdown()


def _store_bytes() -> int:
    try:
        free = shutil.disk_usage(_SHARED_MEMORY).free
    except OSError:
        free = 0
    return max(_LEAST_STORE_BYTES, min(_STORE_BYTES, free // 2))


def blocks(jobs: Sequence[Job]) -> list[list[bytes]]:
    """Put small sources together, so that one task reads several."""
    blocks: list[list[bytes]] = []
    room = count = 0
    for job in jobs:
        if not blocks or count >= _SOURCES_PER_BLOCK or job.size + job.held > room:
            blocks.append([])
            room, count = _BYTES_PER_BLOCK, 0
        blocks[-1].append(packed(job))
        room -= job.size + job.held
        count += 1
    return blocks


def _end(coordinator: Any) -> None:
    import ray

    try:
        ray.kill(coordinator)
    except Exception:  # the cluster may be gone
        log.debug("the coordinator was gone", exc_info=True)
