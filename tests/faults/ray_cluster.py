"""A Ray cluster of two workers on the loopback address, as a process that is told what to do.

It writes the addresses of the cluster, that for Ray's client last. Then it follows the lines of its
standard input: `kill` ends a node without warning, not that of the ingest; anything else, or the
end of the input, ends the cluster.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

FOLDER = tempfile.mkdtemp(prefix="ray-", dir="/tmp")
os.environ |= {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_worker_niceness": "0",
    "RAY_TMPDIR": FOLDER,
}

from ray._private.node import Node  # noqa: E402 - as above
from ray.cluster_utils import Cluster  # noqa: E402 - it reads the environment

STORE = {"object_store_memory": 150_000_000, "include_dashboard": False}


def main() -> None:
    """Start the cluster, and do what the lines say."""
    client = _free_port()
    head = {"num_cpus": 0, "ray_client_server_port": client, **STORE}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    workers = [cluster.add_node(num_cpus=1, **STORE) for _ in range(2)]
    try:
        cluster.wait_for_nodes()
        sys.stdout.write(f"{cluster.address} ray://127.0.0.1:{client}\n")
        sys.stdout.flush()
        for line in sys.stdin:
            if line.strip() != "kill":
                break
            cluster.remove_node(_other_node(workers), allow_graceful=False)
            sys.stdout.write("killed\n")
            sys.stdout.flush()
    finally:
        cluster.shutdown()


def _other_node(workers: list[Node]) -> Node:
    """Return a worker's node that is not the one which the ingest takes for its own.

    All have the same address here, and so Ray connects it to any of them.
    """
    homes = {
        _parent_of(process)
        for process in Path("/proc").glob("[0-9]*")
        if _command_of(process).startswith(b"ray::Coordinator")
    }
    return next(node for node in workers if _raylet_of(node) not in homes)


def _raylet_of(node: Node) -> int:
    return int(node.all_processes["raylet"][0].process.pid)


def _command_of(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def _parent_of(process: Path) -> int:
    after_name = (process / "stat").read_text().rpartition(")")[2]
    return int(after_name.split()[1])


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
