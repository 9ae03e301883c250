from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from ingest.embed import weights
from ingest.embed.weights import SHA256, ModelFiles, find_model
from ingest.errors import SettingsError


def test_finds_the_installed_model_without_importing_its_package() -> None:
    model = find_model(None)

    assert model.tokenizer.is_file()
    assert weights.PACKAGE not in sys.modules


def test_a_folder_of_ones_own_is_used_when_given(tiny: ModelFiles) -> None:
    assert find_model(tiny.folder).folder == tiny.folder


def test_the_bundled_weights_are_the_published_ones() -> None:
    assert find_model(None).verified_weights.name == "model.safetensors"


def test_other_weights_are_refused_with_both_hashes_and_a_remedy(tiny: ModelFiles) -> None:
    with pytest.raises(SettingsError) as caught:
        _ = find_model(tiny.folder).verified_weights

    for part in ("model.safetensors", tiny.sha256, SHA256, "DATELINE_MODEL_DIR"):
        assert part in str(caught.value)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(tiny: ModelFiles, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(tiny.folder, tmp_path / "model")
    (folder / name).unlink()

    with pytest.raises(SettingsError, match=rf"lacks {name}.*reinstall"):
        find_model(folder)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "no_such_package_of_models")

    with pytest.raises(SettingsError, match="'no_such_package_of_models' is not installed"):
        find_model(None)
