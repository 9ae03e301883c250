from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evals.performance.capacity import ingested, pulled, shipped
from evals.performance.sentences import Sentences
from evals.performance.varied import Files, KnownVectors, write_files
from ingest.domain import Span
from ingest.embed.embedder import EmbedInput
from ingest.embed.int8 import dequantise
from ingest.index.check import check
from ingest.index.generations import Generations
from tests.unit.evals.performance.made_sentences import made_sentences

PASSAGES, LATER = 60, 20
LETTERS = str.maketrans("0123456789", "aeiounrstp")


def words_of_letters() -> Sentences:
    found = made_sentences()
    return replace(found, texts=tuple(text.translate(LETTERS) for text in found.texts))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return write_files(words_of_letters(), PASSAGES, LATER, tmp_path)


def texts(folder: Path) -> list[str]:
    lines = [line for file in sorted(folder.iterdir()) for line in file.read_text().splitlines()]
    return [json.loads(line)["text"] for line in lines]


def test_the_articles_are_the_same_in_every_run_and_the_later_ones_are_others(
    files: Files, tmp_path_factory: pytest.TempPathFactory
) -> None:
    again = write_files(words_of_letters(), PASSAGES, LATER, tmp_path_factory.mktemp("again"))

    assert texts(files.first) == texts(again.first)
    assert sum(len(text.split("\n\n")) for text in texts(files.first)) == PASSAGES
    assert sum(len(text.split("\n\n")) for text in texts(files.later)) == LATER
    assert not {*texts(files.first)} & {*texts(files.later)}


def test_a_changed_sentence_has_the_vector_of_the_one_it_was_made_of(files: Files) -> None:
    found = words_of_letters()
    known = KnownVectors(found, files.known)
    passage = texts(files.first)[0].split("\n\n")[0]
    end = passage.index(".") + 1

    [vectors] = known.embed([EmbedInput(passage, (Span(0, end),))])

    same = dequantise(found.vectors) @ vectors.sentences[0]
    origin = found.texts[int(same.argmax())].split()
    own = passage[:end].split()
    assert known.unknown == 0
    assert own != origin
    assert same.max() > 0.999
    assert [own[n] for n in range(len(own)) if n % 3 != 2] == [
        origin[n] for n in range(len(origin)) if n % 3 != 2
    ]
    assert abs(np.linalg.norm(vectors.passage) - 1) < 1e-5


def test_it_is_ingested_pushed_and_pulled(files: Files, tmp_path: Path) -> None:
    data, storage, replica = (tmp_path / name for name in ("data", "storage", "replica"))

    done = ingested(words_of_letters(), files.known, files.first, data)
    sent_mb, _ = shipped(data, storage)
    pulled(storage, replica)

    generations = Generations(replica)
    assert check(generations.path(generations.require_current())) == []
    assert done.passages >= PASSAGES
    assert sent_mb > 0
    assert shipped(data, storage)[0] == 0


def test_files_of_other_sentences_are_not_used(files: Files) -> None:
    found = words_of_letters()
    others = replace(found, texts=found.texts[::-1], sha256="1" * 64)
    again = write_files(others, PASSAGES, LATER, files.first.parents[1])
    assert texts(again.first) != texts(files.first)
