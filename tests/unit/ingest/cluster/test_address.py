from __future__ import annotations

import pytest

from ingest.cluster.address import Address, parse_address
from ingest.errors import SettingsError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ray", Address()),
        ("ray://head.example:10001", Address("head.example", 10001, client=True)),
        ("10.0.0.7:6379", Address("10.0.0.7", 6379)),
        ("[::1]:6379", Address("[::1]", 6379)),
    ],
)
def test_reads_what_it_writes(text: str, address: Address) -> None:
    assert parse_address(text) == address
    assert str(address) == text
    assert address.is_local == (text == "ray")


@pytest.mark.parametrize(
    "text",
    ["", "Ray", "ray://", "ray://head", "head:", "head:0", "head:65536", "http://head:80", "a b:1"],
)
def test_refuses_what_names_no_cluster_and_says_what_would(text: str) -> None:
    with pytest.raises(SettingsError, match="ray://HOST:PORT") as caught:
        parse_address(text)
    assert repr(text) in str(caught.value)


def test_a_password_in_front_of_a_host_is_not_told() -> None:
    with pytest.raises(SettingsError) as raised:
        parse_address("ray://somebody:sesame@127.0.0.1:1")
    assert "sesame" not in str(raised.value)
