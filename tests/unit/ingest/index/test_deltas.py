from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import IndexDamaged
from ingest.index import deltas
from ingest.index.deltas import PAGE, apply, delta_between

OLD = bytes(range(256)) * 100
CASES = {
    "nothing": OLD,
    "a byte": OLD[:9000] + b"!" + OLD[9001:],
    "the first and the last": b"!" + OLD[1:-1] + b"!",
    "neighbours": OLD[:PAGE] + b"!" * (2 * PAGE) + OLD[3 * PAGE :],
    "more": OLD + b"more",
    "more by whole pages": OLD + b"x" * (3 * PAGE),
    "less": OLD[:-5000],
    "all of it is gone": b"",
    "all of it is other": b"z" * len(OLD),
}


@pytest.mark.parametrize("read", [PAGE, 2 * PAGE, deltas.READ])
@pytest.mark.parametrize("case", CASES)
def test_a_delta_makes_one_file_of_another(
    case: str, read: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deltas, "READ", read)
    old, new, path = tmp_path / "old", tmp_path / "new", tmp_path / "delta"
    old.write_bytes(OLD)
    new.write_bytes(CASES[case])
    with old.open("rb") as base:
        delta = delta_between(base, new, 1_000_000)
    assert delta is not None
    path.write_bytes(b"".join(delta.parts()))
    assert path.stat().st_size == delta.length
    apply(path, old)
    assert old.read_bytes() == CASES[case]


def test_it_has_the_pages_that_changed_and_little_more(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(OLD)
    new.write_bytes(CASES["a byte"])
    with old.open("rb") as base:
        delta = delta_between(base, new, 1_000_000)
    assert delta is not None
    assert PAGE < delta.length < PAGE + 100
    with old.open("rb") as base:
        assert delta_between(base, new, PAGE - 1) is None


@pytest.mark.parametrize("content", [b"", b"something else", b"dateline delta 1\n123"])
def test_what_is_no_delta_is_damage(content: bytes, tmp_path: Path) -> None:
    delta, target = tmp_path / "delta", tmp_path / "target"
    delta.write_bytes(content)
    target.write_bytes(OLD)
    with pytest.raises(IndexDamaged):
        apply(delta, target)
    assert target.read_bytes() == OLD
