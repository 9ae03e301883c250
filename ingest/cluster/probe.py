"""Connects to a cluster and leaves it; run as a child, which can be given up."""

from __future__ import annotations

import logging
import sys


def probe(address: str) -> None:
    """Connect, or raise what Ray raises."""
    import ray

    ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    ray.shutdown()


if __name__ == "__main__":
    probe(sys.argv[1])
