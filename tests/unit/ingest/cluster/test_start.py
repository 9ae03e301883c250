"""A Ray of its own: what is left and told when it does not start."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import ray as _brings_psutil  # noqa: F401

from ingest.cluster import connect
from ingest.cluster.refused import said
from ingest.errors import SettingsError

SLEEP = "import time; time.sleep(60)"


class Ray(ModuleType):
    """Starts a process in its folder, and then raises what it is told to."""

    def __init__(self, error: BaseException) -> None:
        super().__init__("ray")
        self.error = error
        set_handler = partial(signal.signal, signal.SIGTERM)
        self._private = SimpleNamespace(utils=SimpleNamespace(set_sigterm_handler=set_handler))
        self.is_shut_down = False
        self.folder = Path()

    def init(self, _address: str, *, _temp_dir: str, **_options: Any) -> None:
        self._private.utils.set_sigterm_handler(lambda *_: sys.exit(15))
        self.folder = Path(_temp_dir)
        self.child = subprocess.Popen([sys.executable, "-c", SLEEP, f"--dir={_temp_dir}/session"])
        raise self.error

    def shutdown(self) -> None:
        assert self.folder.is_dir(), "its folder is removed before it ends"
        self.is_shut_down = True


def started(monkeypatch: pytest.MonkeyPatch, folder: Path, error: BaseException) -> Ray:
    ray = Ray(error)
    monkeypatch.setitem(sys.modules, "ray", ray)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(folder))
    monkeypatch.setattr(connect, "_MAX_FOLDER_CHARS", 1000)
    monkeypatch.setattr(connect, "set_for_libraries", lambda _values: None)
    return ray


def test_nothing_is_left_of_one_that_is_interrupted_while_it_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ray = started(monkeypatch, tmp_path, KeyboardInterrupt())
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), connect._local(2):
        raise AssertionError("it started")
    ray.child.wait(10)
    assert ray.is_shut_down
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is before


def test_one_that_cannot_start_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ray = started(monkeypatch, tmp_path, RuntimeError("no room in /dev/shm"))
    with pytest.raises(SettingsError) as caught, connect._local(2):
        raise AssertionError("it started")
    assert str(caught.value).startswith("Ray cannot start on this machine (no room in /dev/shm);")
    ray.child.wait(10)
    assert ray.is_shut_down


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", "it says no more"),
        (
            "Traceback (most recent call last):\n  File x\nConnectionError: no\n",
            "ConnectionError: no",
        ),
        (
            "Traceback:\n  File x\nRuntimeError: Version mismatch: The cluster was started with:\n"
            "    Ray: 2.9.0\nThis process was started with:\n    Ray: 2.60.0\n    Python: 3.11\n",
            "RuntimeError: Version mismatch: The cluster was started with: Ray: 2.9.0 "
            "This process was started with: Ray: 2.60.0 Python: 3.11",
        ),
        (
            "The actor died.\n\tclass_name: A\n\tIts node died.",
            "The actor died. class_name: A Its node died.",
        ),
    ],
)
def test_of_what_ray_says_the_error_is_kept_whole(text: str, kept: str) -> None:
    assert said(text) == kept


def test_what_ray_says_is_bounded() -> None:
    assert len(said("ValueError: " + "word " * 1000)) <= 400
