from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evals.performance import sentences
from evals.performance.sentences import Sentences, sentences_of
from service.settings import ServiceSettings
from tests.unit.evals.performance.made_sentences import made_sentences


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the keys under which sentences were embedded, which takes a model elsewhere."""
    keys: list[str] = []

    def gathered(_articles: Path, _settings: ServiceSettings, key: str) -> Sentences:
        keys.append(key)
        return replace(made_sentences(20), sha256=key)

    monkeypatch.setattr(sentences, "_gathered", gathered)
    return keys


def found(folder: Path, sha256: str = "a", **settings: str) -> Sentences:
    return sentences_of(Path("news"), sha256, ServiceSettings.model_validate(settings), folder)


def test_sentences_are_embedded_once(embedded: list[str], tmp_path: Path) -> None:
    before, after = found(tmp_path / "work"), found(tmp_path / "work")

    assert len(embedded) == 1
    assert replace(before, vectors=after.vectors) == after
    assert np.array_equal(before.vectors, after.vectors)


def test_other_articles_and_another_precision_are_embedded_anew(
    embedded: list[str], tmp_path: Path
) -> None:
    found(tmp_path)
    found(tmp_path, sha256="b")
    found(tmp_path, precision="int8")

    assert len(set(embedded)) == 3


def test_a_damaged_file_is_made_again(embedded: list[str], tmp_path: Path) -> None:
    found(tmp_path)
    [file] = tmp_path.glob("sentences-*.npz")
    file.write_bytes(file.read_bytes()[:-100])

    assert found(tmp_path).texts == made_sentences(20).texts
    assert len(embedded) == 2
