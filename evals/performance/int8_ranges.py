"""Measures the ranges that the int8 graph rounds within, and writes them into the program.

Over the texts given and over the whole vocabulary in an order without meaning, so that unusual
text stays within the ranges too. Afterwards raise GRAPH_VERSION: all int8 vectors change.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ingest.embed.embedder import MAX_TOKENS
from ingest.embed.graph import build_float32
from ingest.embed.heads import Inputs
from ingest.embed.ranges import TokenBatch, measure_ranges, save_ranges
from ingest.embed.weights import find_model
from ingest.embed.wordpieces import WordPieces

_BATCH = 8
_STRIDE = 7919
"""A prime that does not divide the vocabulary's size: it visits every word piece once."""
_LENGTHS = (16, 64, 128, 256)


def main() -> None:
    """Read the command line and write the ranges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="+", type=Path, help="JSON files, each a list of texts")
    given = parser.parse_args()
    model = find_model(None)
    pieces = WordPieces(model.tokenizer)
    rows = [row for path in given.texts for row in _read(path, pieces)]
    rows += shuffled_vocabulary(pieces)
    ranges = measure_ranges(build_float32(model), _batches(rows))
    save_ranges(ranges, model.ranges)


def _read(path: Path, pieces: WordPieces) -> list[list[int]]:
    texts = json.loads(path.read_text(encoding="utf-8"))
    encoded = (list(pieces.encode(text).ids) for text in texts)
    return [[*ids[: MAX_TOKENS - 1], ids[-1]] if len(ids) > MAX_TOKENS else ids for ids in encoded]


def shuffled_vocabulary(pieces: WordPieces) -> list[list[int]]:
    """Return every word piece once, in rows of several lengths with [CLS] and [SEP]."""
    first, last = pieces.encode("").ids
    size = pieces.vocabulary_size
    shuffled = [number * _STRIDE % size for number in range(size)]
    rows: list[list[int]] = []
    while shuffled:
        length = _LENGTHS[len(rows) % len(_LENGTHS)] - 2
        rows.append([first, *shuffled[:length], last])
        shuffled = shuffled[length:]
    return rows


def _batches(rows: Sequence[list[int]]) -> Iterator[Inputs]:
    ordered = sorted(rows, key=len)
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        ids = np.zeros((len(batch), len(batch[-1])), np.int32)
        mask = np.zeros_like(ids)
        for number, row in enumerate(batch):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        yield TokenBatch(ids, mask).inputs


if __name__ == "__main__":
    main()
