"""All that the figures of a run depend on."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from evals.samples import Sample
from evals.suite import Suite
from ingest.read import find_files
from ingest.read.sidecar import MANIFEST, SUFFIX
from service.settings import ServiceSettings

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ("ingest", "service", "prompts", "evals")
SCHEMA = 2
"""Raised when the files of a run folder change, so that no reader misreads an older one."""
_SECRET_NAMES = ("_key", "_keys", "_token", "_secret", "_password")


class Kept(BaseModel):
    """A frozen value as it stands in a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Content(Kept):
    """A file or folder, and SHA-256 over what it held; 64 hex digits, or empty when not known."""

    path: str
    sha256: str


class Code(Kept):
    """The commit that ran, and whether files were changed since; None outside a checkout.

    Attributes:
        sha256: Over the program's own modules and prompts, 64 hex digits.
    """

    commit: str | None
    dirty: bool | None
    sha256: str


class Machine(Kept):
    """What latencies depend on."""

    platform: str
    python: str
    cores: int
    cpu: str


class RunRecord(Kept):
    """What `run.json` holds: everything that the figures depend on.

    Attributes:
        started: ISO 8601 in UTC.
        finished: None while it runs, or when it was cut off.
        articles: What was indexed; None for a service that was already running.
        url: Of that service.
        embedder: As the index names it.
        writers: Each distinct writer with the hashes of its prompts; known at the end.
        settings: Without secrets.
        at_once: How many questions were asked at a time: latencies depend on it.
        packages: Versions by name.
    """

    schema_version: int = SCHEMA
    started: str
    finished: str | None = None
    suite: Content
    articles: Content | None
    url: str | None
    embedder: str
    writers: list[dict[str, object]] = []
    settings: dict[str, object]
    code: Code
    machine: Machine
    at_once: int = 1
    packages: dict[str, str]

    def same_run(self, other: RunRecord) -> bool:
        """Return whether samples of the two belong together."""
        names = (
            "suite",
            "articles",
            "url",
            "embedder",
            "settings",
            "packages",
            "machine",
            "at_once",
        )
        same_code = self.code.sha256 == other.code.sha256
        return same_code and all(getattr(self, n) == getattr(other, n) for n in names)


def describe_run(
    suite: Suite,
    articles: Path | None,
    embedder: str,
    settings: ServiceSettings,
    url: str | None = None,
) -> RunRecord:
    """Return the record of a run that begins.

    Args:
        suite: What is asked.
        articles: File or folder that was indexed, if any.
        embedder: As the index names it.
        settings: Under which it runs; secrets are left out.
        url: Of the service that is asked, if it runs elsewhere.
    """
    return RunRecord(
        started=now(),
        suite=Content(path=_path(suite.path), sha256=suite.sha256),
        articles=None if articles is None else _content(articles),
        url=None if url is None else without_login(url),
        embedder=embedder,
        settings=public(settings),
        code=_code(),
        machine=Machine(
            platform=platform.platform(),
            python=platform.python_version(),
            cores=os.cpu_count() or 0,
            cpu=_cpu(),
        ),
        packages=_packages(),
    )


def now() -> str:
    """Return the time as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def writers(samples: tuple[Sample, ...]) -> list[dict[str, object]]:
    """Return each distinct writer with the hashes of its prompts."""
    infos = [sample.answer.writer for sample in samples if sample.answer]
    distinct = {info.model_dump_json(): info.model_dump() for info in infos}
    return list(distinct.values())


def public(settings: ServiceSettings) -> dict[str, object]:
    """Return the settings as JSON values without secrets and without this run's data folder."""
    hidden = {
        name
        for name, value in settings
        if isinstance(value, SecretStr) or name.endswith(_SECRET_NAMES) or name == "data_dir"
    }
    shown: dict[str, object] = settings.model_dump(mode="json", exclude=hidden)
    return {n: without_login(v) if isinstance(v, str) else v for n, v in shown.items()}


def without_login(value: str) -> str:
    """Cut user name, password and query, where keys are kept too, out of an address."""
    if "://" not in value:
        return value
    parts = urlsplit(value)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _content(articles: Path) -> Content:
    """Hash names and bytes of the article files and of what stands beside them."""
    files = [
        beside
        for file in find_files([articles])
        for beside in (file, file.with_name(file.name + SUFFIX), file.with_name(MANIFEST))
        if beside.is_file()
    ]
    return Content(path=_path(articles), sha256=_hash(dict.fromkeys(files)))


def _hash(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
        whole.update(os.fsencode(path.name))
    return whole.hexdigest()


def _path(path: Path) -> str:
    """Return a path as it is everywhere when it is of this project, else as it is."""
    whole = path.resolve()
    return whole.relative_to(ROOT).as_posix() if whole.is_relative_to(ROOT) else str(path)


def _code() -> Code:
    found = sorted(
        path for part in PROGRAM for kind in ("*.py", "*.md") for path in (ROOT / part).rglob(kind)
    )
    top, sha256 = _git("rev-parse", "--show-toplevel"), _hash(found)
    # Installed below somebody else's checkout, its commit says nothing about this code.
    if top is None or Path(top).resolve() != ROOT:
        return Code(commit=None, dirty=None, sha256=sha256)
    commit = _git("rev-parse", "--verify", "HEAD")
    return Code(commit=commit, dirty=bool(_git("status", "--porcelain")), sha256=sha256)


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _packages() -> dict[str, str]:
    found = {each.name: each.version for each in metadata.distributions() if each.name}
    return dict(sorted(found.items(), key=lambda item: item[0].casefold()))
