from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from prompts.loader import DECLARED, FOLDER, PlaceholderMismatch, Prompt, PromptMissing, load

WANTED = {"greeting": frozenset({"name"})}


def greeting(folder: Path, text: str) -> Prompt:
    (folder / "greeting.md").write_text(text, "utf-8")
    return load("greeting", folder, WANTED)


@pytest.mark.parametrize("name", DECLARED)
def test_every_declared_prompt_loads_and_renders(name: str) -> None:
    prompt = load(name)

    rendered = prompt.render(**{key: f"<{key}>" for key in prompt.placeholders})

    assert all(f"<{key}>" in rendered for key in DECLARED[name])
    assert "$" not in rendered


def test_every_prompt_file_is_declared() -> None:
    assert {path.name.removesuffix(".md") for path in FOLDER.glob("*.md")} == set(DECLARED)


def test_the_hash_is_that_of_the_file() -> None:
    digest = hashlib.sha256((FOLDER / "answer.system.md").read_bytes()).hexdigest()

    assert load("answer.system").hash == f"sha256:{digest}"


def test_a_changed_file_has_another_hash(tmp_path: Path) -> None:
    assert greeting(tmp_path, "Hi $name").hash != greeting(tmp_path, "Hi $name!").hash


@pytest.mark.parametrize(
    "text", ["Hello", "Hello $name of $place", "Hello ${name", "5 $ for $name"]
)
def test_a_file_whose_placeholders_are_not_the_declared_ones_is_refused(
    tmp_path: Path, text: str
) -> None:
    with pytest.raises(PlaceholderMismatch, match="greeting"):
        greeting(tmp_path, text)


@pytest.mark.parametrize("values", [{}, {"name": "Ann", "age": "5"}, {"nom": "Ann"}])
def test_values_must_be_those_that_are_declared(tmp_path: Path, values: dict[str, str]) -> None:
    prompt = greeting(tmp_path, "Hello $name")

    with pytest.raises(PlaceholderMismatch):
        prompt.render(**values)


def test_a_value_is_never_read_as_a_placeholder(tmp_path: Path) -> None:
    prompt = greeting(tmp_path, "Hello $name, that is $$5")

    assert prompt.render(name="$name ${name} $") == "Hello $name ${name} $, that is $5"


def test_an_unknown_name_is_told_with_those_that_exist() -> None:
    with pytest.raises(PromptMissing, match=r"answer\.system"):
        load("anser.system")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(PromptMissing, match="greeting"):
        load("greeting", tmp_path, WANTED)
