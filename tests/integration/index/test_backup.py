from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ingest.errors import IndexUnavailable, SettingsError
from ingest.index import backup
from ingest.index import manifest as manifests
from ingest.index.generations import Generations
from tests.integration.index.conftest import entry, put


@pytest.fixture
def data(generations: Generations) -> Path:
    put(generations, entry("a", "Storks returned."), entry("b", "Wheat sold.\nTea did not."))
    return generations.folder.parent


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without links."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("no_links")
def test_backups_and_restores_do_without_links(data: Path, tmp_path: Path) -> None:
    backup.back_up(data, tmp_path / "b.tar")
    restored = backup.restore(tmp_path / "elsewhere", tmp_path / "b.tar")

    assert restored.manifest.articles == 2
    with pytest.raises(SettingsError, match="is there already"):
        backup.back_up(data, tmp_path / "b.tar")


@pytest.mark.usefixtures("no_links")
def test_a_file_that_comes_up_meanwhile_is_not_replaced(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "b.tar"
    monkeypatch.setattr(manifests, "sync", lambda _: file.write_text("mine"))
    with pytest.raises(IndexUnavailable):
        backup.back_up(data, file)

    assert file.read_text() == "mine"
