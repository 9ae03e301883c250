"""Fits the weights that make probabilities of features, on one half of each set's articles.

    python -m evals.extraction.fit squad2:own:FILE clapnq:own:FILE clapnq:found:FILE ...

prints them for `service/writers/extractive/probability.py`. The other halves are for reports.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.linear_model import LogisticRegression

from evals.extraction.asking import ask
from evals.extraction.cli import made_of
from evals.extraction.outcome import is_accepted
from ingest.settings import load
from service.reader.load import load_reader
from service.reader.minilm_reader import MiniLmReader
from service.reader.reading import Reader
from service.settings import ServiceSettings
from service.writers.extractive.candidates import rank
from service.writers.extractive.features import Features, features
from service.writers.extractive.reading import read

STRENGTH = 10.0
"""Of the regularisation, inverted; with some ten thousand sentences it hardly matters."""
SENTENCES = 3000
"""So many sentences each set counts for, however many it has."""


@dataclass(frozen=True)
class Row:
    """A sentence that was read: what is known of it, and whether it is an accepted one."""

    known: Features
    right: bool
    weight: float = 1.0


def main() -> None:
    """Read the command line and print the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", help="NAME:own:FILE or NAME:found:FILE; suite for ours")
    settings = load(ServiceSettings)
    reader = MiniLmReader(lambda: load_reader(settings))
    rows: list[Row] = []
    for given in parser.parse_args().sets:
        found = list(_rows(given, settings, reader))
        rows += [replace(row, weight=SENTENCES / max(1, len(found))) for row in found]
        sys.stdout.write(f"{given}: {len(found)} sentences\n")
        sys.stdout.flush()
    sys.stdout.write(f"{fitted(rows)}\n")


def fitted(rows: Sequence[Row]) -> str:
    """Return the weights of a logistic regression as they stand in probability.py."""
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    model.fit(
        np.array([row.known.values() for row in rows]),
        np.array([row.right for row in rows]),
        np.array([row.weight for row in rows]),
    )
    weights = asdict(Features(*map(float, model.coef_[0].round(3))))
    named = "\n".join(f"    {name}={value}," for name, value in weights.items())
    return f"INTERCEPT = {model.intercept_[0]:.3f}\nWEIGHTS = Features(\n{named}\n)"


def _rows(given: str, settings: ServiceSettings, reader: Reader) -> Iterator[Row]:
    name, where, path = given.split(":", 2)
    with TemporaryDirectory(prefix="dateline-eval-") as folder:
        made = made_of(Path(path), None if name == "suite" else name, Path(folder), None)
        for asked in ask(made, settings, where == "own", "fitted"):
            found = read(asked.evidence.question, rank(asked.evidence), reader)
            known = features(asked.evidence.question, found)
            for one, feature in zip(found, known, strict=True):
                yield Row(feature, is_accepted(asked.gold, one.candidate))


if __name__ == "__main__":
    main()
