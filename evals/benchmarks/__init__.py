"""Public question sets, each read by an adapter of its own from where it lies.

The sets are other people's and are no part of the program: an adapter is given a path. One that
brings documents of its own has them written as articles into a folder given to it, all of them
whatever the limit, so that a part of the questions is as hard as the whole.
"""

from __future__ import annotations

from evals.benchmarks import bipia, clapnq, multihop_rag, news_polluted, ramdocs, squad2
from evals.benchmarks.benchmark import Adapter, Benchmark

BENCHMARKS: dict[str, Adapter] = {
    "multihop-rag": multihop_rag.read,
    "clapnq": clapnq.read,
    "ramdocs": ramdocs.read,
    "news-polluted": news_polluted.read,
    "squad2": squad2.read,
    "bipia": bipia.read,
}

__all__ = ["BENCHMARKS", "Adapter", "Benchmark"]
