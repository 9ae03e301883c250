from __future__ import annotations

import pytest

from service.access import READER, find_key, hash_of, new_key, read_keys

KEY, OTHER = new_key(), new_key()


def test_a_key_without_scopes_may_do_what_readers_do() -> None:
    (key,) = read_keys(hash_of(KEY))

    assert key.scopes == READER
    assert "metrics" not in key.scopes


def test_entries_are_separated_by_commas_and_blanks() -> None:
    found = read_keys(f" {hash_of(KEY)}:ask+read,\n{hash_of(OTHER).upper()}:metrics ")

    assert [sorted(key.scopes) for key in found] == [["ask", "read"], ["metrics"]]


@pytest.mark.parametrize("entry", ["dl_abc", "0" * 63, "g" * 64, f"{'0' * 64}:admin"])
def test_what_is_no_hash_or_no_scope_is_refused_and_never_shown(entry: str) -> None:
    with pytest.raises(ValueError, match=r"SHA-256|scope") as raised:
        read_keys(entry)

    assert entry.partition(":")[0] not in str(raised.value)


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"\xff\xfe",
        KEY[:-1].encode(),
        f"{KEY} ".encode(),
        b"x" * 100_000,
        hash_of(KEY).encode(),
    ],
    ids=["none", "no text", "cut", "with a blank", "long", "its hash"],
)
def test_only_the_very_bytes_of_a_key_are_one(given: bytes) -> None:
    keys = read_keys(f"{hash_of(OTHER)},{hash_of(KEY)}")

    assert find_key(keys, given) is None
    found = find_key(keys, KEY.encode())
    assert found is not None
    assert found.sha256 == hash_of(KEY)


def test_no_two_keys_are_the_same() -> None:
    assert len({new_key() for _ in range(100)}) == 100
