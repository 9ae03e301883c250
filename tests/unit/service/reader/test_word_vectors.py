from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from ingest.embed.heads import WORDS
from ingest.embed.weights import ModelFiles
from ingest.errors import EmbeddingFailed, SettingsError
from service.reader.word_vectors import WordVectors
from tests.unit.tiny_model import VOCABULARY, tiny_weights, write_tiny_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    return write_tiny_model(tmp_path_factory.mktemp("tiny"))


def test_each_piece_gets_its_row_of_the_table(tiny: ModelFiles) -> None:
    ids = np.array([[0, 5, 5, VOCABULARY - 1], [7, 0, 101, 5]], np.int32)

    np.testing.assert_array_equal(WordVectors(tiny).of(ids), tiny_weights()[WORDS][ids])


def test_changed_weights_are_refused(tiny: ModelFiles) -> None:
    with pytest.raises(SettingsError, match="SHA-256"):
        WordVectors(replace(tiny, sha256="0" * 64))


def test_vectors_of_another_type_are_refused(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path)
    save_file({WORDS: np.zeros((4, 2), np.float16)}, model.folder / "model.safetensors")
    changed = ModelFiles(tmp_path)

    with pytest.raises(SettingsError, match="F16"):
        WordVectors(replace(changed, sha256=_hash(tmp_path / "model.safetensors")))


def test_a_file_cut_off_while_it_is_in_use_is_an_error(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path)
    words = WordVectors(model)
    with (tmp_path / "model.safetensors").open("r+b") as file:
        file.truncate(1000)

    with pytest.raises(EmbeddingFailed, match="cut off"):
        words.of(np.array([VOCABULARY - 1], np.int32))


def _hash(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()
