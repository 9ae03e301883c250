"""Measures the ranges that the reader's int8 graph rounds within, and writes them beside it.

Over questions of the training articles with their texts, and over the whole vocabulary in an order
without meaning, so that unusual text stays within the ranges too.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from evals.performance.int8_ranges import shuffled_vocabulary
from evals.reader.questions import read_squad2
from ingest.embed.heads import Inputs
from ingest.embed.ranges import measure_ranges, save_ranges
from ingest.embed.weights import find_model
from ingest.embed.wordpieces import WordPieces
from service.reader.minilm_reader import Encoded, encode, padded
from service.reader.weights import Adapter, build_reader
from service.reader.word_vectors import WordVectors

QUESTIONS = 1000
SEED = 7
_BATCH = 8


def main() -> None:
    """Read the command line and write the ranges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--squad2", type=Path, required=True, help="SQuAD 2.0, JSON Lines")
    given = parser.parse_args()
    model, adapter = find_model(None), Adapter()
    pieces = WordPieces(model.tokenizer)
    asked = random.Random(SEED).sample(list(read_squad2(given.squad2).training), QUESTIONS)
    read = [row for one in asked for row in encode(pieces, one.question, [one.text])]
    read += [_halved(row) for row in shuffled_vocabulary(pieces)]
    graph = build_reader(model, adapter.weights.read_bytes())
    save_ranges(measure_ranges(graph, _batches(read, WordVectors(model))), adapter.ranges)


def _halved(row: Sequence[int]) -> Encoded:
    """Return word pieces as if a quarter of them were the question."""
    text_at = max(2, len(row) // 4)
    return Encoded(0, row, text_at, np.zeros((len(row) - text_at - 1, 2), np.int32))


def _batches(rows: Sequence[Encoded], words: WordVectors) -> Iterator[Inputs]:
    ordered = sorted(rows, key=lambda row: len(row.ids))
    for start in range(0, len(ordered), _BATCH):
        yield padded(ordered[start : start + _BATCH], words)


if __name__ == "__main__":
    main()
