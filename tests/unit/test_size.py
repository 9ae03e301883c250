"""How long files and functions are, and what no file of the project may name."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ("ingest", "service", "prompts", "evals")

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50

# A folder that only one machine has; an address with such a path in it is no match.
MACHINE_PATH = re.compile(r"(?<![\w.-])/(?:work|farm|home|Users|root)/[\w.-]+")


def python_files(*folders: str) -> list[Path]:
    return [file for folder in folders for file in (ROOT / folder).rglob("*.py")]


def lines_without_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    docstring = ast.get_docstring(function, clean=False)
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    return lines - (docstring.count("\n") + 1 if docstring else 0)


def function_sizes() -> dict[str, int]:
    """Return the lines of each function of the program, by file, line and name."""
    return {
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}": lines_without_docstring(node)
        for file in [*python_files(*PROGRAM), ROOT / "dateline.py"]
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def project_files() -> list[Path]:
    """Return the files that are under version control or about to be."""
    # A checkout that another user owns, as in a container, is refused without safe.directory.
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-coz", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [ROOT / name for name in listing.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def text_of(file: Path) -> str:
    """Return a file's text, empty when it is not text."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_is_longer_than_can_be_read_at_a_sitting() -> None:
    files = [*python_files(*PROGRAM, "tests"), ROOT / "dateline.py"]
    lengths = {str(file.relative_to(ROOT)): text_of(file).count("\n") for file in files}

    assert {name: n for name, n in lengths.items() if n > MAX_FILE_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    sizes = function_sizes()

    assert {name: n for name, n in sizes.items() if n > MAX_FUNCTION_LINES} == {}


@pytest.mark.parametrize(("share", "max_lines"), [(0.5, 10), (0.9, 30)])
def test_most_functions_are_short(share: float, max_lines: int) -> None:
    sizes = function_sizes().values()

    assert sum(size <= max_lines for size in sizes) >= share * len(sizes)


def test_no_file_names_a_path_of_one_machine() -> None:
    found = {
        str(file.relative_to(ROOT)): MACHINE_PATH.findall(text_of(file)) for file in project_files()
    }

    assert {name: paths for name, paths in found.items() if paths} == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_names_hashes_and_no_address(lock: str) -> None:
    text = text_of(ROOT / lock)

    assert "--hash=sha256:" in text
    assert "://" not in text
