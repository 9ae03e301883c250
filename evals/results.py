"""What a run leaves behind: its samples, its figures, and all that it depends on."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

from evals.errors import OutputError
from evals.run import Outcome
from evals.suite import Suite
from ingest.read import find_files
from service.settings import ServiceSettings

ROOT = Path(__file__).resolve().parents[1]
_SECRET_NAMES = ("_key", "_keys", "_token", "_secret", "_password")


def write(outcome: Outcome, record: Mapping[str, object], out: Path) -> None:
    """Write `samples.jsonl`, `summary.json` and, last, `run.json` into a folder.

    Raises:
        OutputError: The folder or a file cannot be written.
    """
    lines = [sample.model_dump_json() + "\n" for sample in outcome.samples]
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "samples.jsonl").write_text("".join(lines), "utf-8")
        (out / "summary.json").write_text(outcome.summary.model_dump_json(indent=1), "utf-8")
        (out / "run.json").write_text(json.dumps(record, ensure_ascii=False, indent=1), "utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"{str(out)!r} cannot be written: {reason}; name another --out"
        ) from error


def describe_run(
    suite: Suite, articles: Path, embedder: BaseModel, settings: ServiceSettings, outcome: Outcome
) -> dict[str, object]:
    """Return what `run.json` holds: everything that the figures depend on.

    Args:
        suite: What was asked.
        articles: File or folder that was indexed.
        embedder: Its identity, as the index's manifest has it.
        settings: Under which it ran; secrets are left out.
        outcome: Its answers say what wrote them.
    """
    return {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "suite": {"path": str(suite.path), "sha256": suite.sha256},
        "articles": {"path": str(articles), "sha256": _content_hash(articles)},
        "embedder": embedder.model_dump(),
        "writers": _writers(outcome),
        "settings": public(settings),
        "code": _commit(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": _packages(),
    }


def public(settings: ServiceSettings) -> dict[str, object]:
    """Return the settings as JSON values without secrets and without this run's data folder."""
    hidden = {
        name
        for name, value in settings
        if isinstance(value, SecretStr) or name.endswith(_SECRET_NAMES) or name == "data_dir"
    }
    shown: dict[str, object] = settings.model_dump(mode="json", exclude=hidden)
    return {name: _without_login(value) for name, value in shown.items()}


def _without_login(value: object) -> object:
    """Cut user name, password and query, where keys are kept too, out of an address."""
    if not isinstance(value, str) or "://" not in value:
        return value
    parts = urlsplit(value)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _writers(outcome: Outcome) -> list[object]:
    """Return each distinct writer with the hashes of its prompts."""
    infos = [sample.answer.writer for sample in outcome.samples if sample.answer]
    distinct = {info.model_dump_json(): info.model_dump() for info in infos}
    return list(distinct.values())


def _content_hash(articles: Path) -> str:
    """Return the SHA-256 over names and bytes of the article files."""
    whole = hashlib.sha256()
    for file in find_files([articles]):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        whole.update(f"{content}  {file.name}\n".encode())
    return whole.hexdigest()


def _commit() -> dict[str, object] | None:
    """Return the commit of this code and whether it was changed since; None outside a checkout."""
    top = _git("rev-parse", "--show-toplevel")
    # Installed below somebody else's checkout, its commit says nothing about this code.
    if top is None or Path(top).resolve() != ROOT:
        return None
    commit = _git("rev-parse", "--verify", "HEAD")
    return {"commit": commit, "dirty": bool(_git("status", "--porcelain"))}


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
