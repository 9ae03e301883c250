from __future__ import annotations

import pytest

from ingest.errors import ArticleError
from ingest.fetch import FetchLimits, fetch
from ingest.fetch.network import Network
from ingest.fetch.public import is_public
from tests.web_server import PUBLIC, Names, WebServer, answer, moves, sends

NOT_PUBLIC = {
    "private": [
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "fc00::1",
        "fd00:ec2::254",
    ],
    "loopback": ["127.0.0.1", "127.255.255.255", "::1"],
    "link-local": ["169.254.169.254", "fe80::1", "fe80::1%lo"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
    "reserved": ["240.0.0.1", "255.255.255.255", "4000::1", "5f00::1", "100::1"],
    "unspecified": ["0.0.0.0", "0.1.2.3", "::"],
    "carrier NAT": ["100.64.0.1", "100.100.100.200", "100.127.255.255"],
    "protocol assignments": ["192.0.0.1", "192.0.0.192", "192.88.99.1", "198.18.0.1"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "a cloud's own": ["168.63.129.16"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"],
    "6to4": ["2002:7f00:1::", "2002:808:808::1"],
    "Teredo": ["2001::1", "2001:1::1", "2001:20::1", "2001:0:53aa:64c::1"],
    "site-local": ["fec0::1", "feff::1"],
    "IPv4-mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"],
    "IPv4-compatible": ["::127.0.0.1", "::10.0.0.1", "::8.8.8.8"],
    "no address": ["", "localhost", "1.2.3", "0x7f.1"],
}


@pytest.mark.parametrize("kind", NOT_PUBLIC)
def test_no_address_of_a_closed_range_is_public(kind: str) -> None:
    assert [address for address in NOT_PUBLIC[kind] if is_public(address)] == []


@pytest.mark.parametrize(
    "address",
    [
        *(PUBLIC, "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.32.0.1", "168.63.129.17"),
        *("2606:2800:21f::1", "2001:4860:4860::8888", "2a00:1450::1", "::ffff:8.8.8.8"),
    ],
)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [kind[0] for kind in NOT_PUBLIC.values() if kind[0]])
def test_a_name_that_leads_inside_is_refused_and_not_dialled(
    names: Names, network: Network, strict: FetchLimits, address: str
) -> None:
    names.answers["inside.example"] = [[address]]

    with pytest.raises(ArticleError, match=f"^is at {address}, which is not a public address; set"):
        fetch("http://inside.example/", strict, network=network)

    assert names.dialled == []


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "0", "①②⑦.⓪.⓪.①"),
        *("localhost", "LOCALHOST", "localhost.", "[::1]", "[::ffff:127.0.0.1]", "[::7f00:1]"),
    ],
)
def test_no_spelling_of_this_machine_gets_past(
    server: WebServer, strict: FetchLimits, host: str
) -> None:
    with pytest.raises(ArticleError, match=r"is not a public address|cannot be found"):
        fetch(server.url(host=host), strict)

    assert server.requests == []


def test_a_name_is_refused_when_only_one_of_its_addresses_leads_inside(
    names: Names, network: Network, strict: FetchLimits
) -> None:
    names.answers["both.example"] = [[PUBLIC, "10.0.0.1"]]

    with pytest.raises(ArticleError, match=r"^is at 10\.0\.0\.1, which is not a public"):
        fetch("http://both.example/", strict, network=network)

    assert names.dialled == []


def test_a_redirect_from_a_public_place_to_this_machine_is_refused(
    server: WebServer, network: Network, strict: FetchLimits
) -> None:
    server.pages["/"] = moves(server.url("/inside"))
    server.pages["/inside"] = sends(answer(b"secret"))

    with pytest.raises(
        ArticleError, match=r"^redirects to 'http://127.*', which is at 127\.0\.0\.1"
    ):
        fetch("http://news.example/", strict, network=network)

    assert len(server.requests) == 1


def test_a_name_is_looked_up_once_and_the_checked_address_dialled(
    server: WebServer, names: Names, network: Network, strict: FetchLimits
) -> None:
    server.pages["/"] = sends(answer(b"News"))
    names.answers["turn.example"] = [[PUBLIC], ["127.0.0.1"]]

    assert fetch("http://turn.example/", strict, network=network).data == b"News"

    assert (names.looked_up, names.dialled) == (["turn.example"], [PUBLIC])


def test_a_name_that_turns_inside_between_two_hops_is_refused(
    server: WebServer, names: Names, network: Network, strict: FetchLimits
) -> None:
    server.pages["/"] = moves("/next")
    names.answers["turn.example"] = [[PUBLIC], ["127.0.0.1"]]

    with pytest.raises(ArticleError, match=r"turn\.example/next', which is at 127\.0\.0\.1"):
        fetch("http://turn.example/", strict, network=network)

    assert names.dialled == [PUBLIC]


def test_the_next_address_is_tried_when_one_does_not_answer(
    server: WebServer, names: Names, network: Network, local: FetchLimits
) -> None:
    server.pages["/"] = sends(answer(b"News"))
    names.answers["two.example"] = [["::1", PUBLIC]]

    fetched = fetch(f"http://two.example:{server.port}/", local, network=network)

    assert (fetched.data, names.dialled) == (b"News", ["::1", PUBLIC])


def test_a_public_address_is_dialled_itself(strict: FetchLimits) -> None:
    # The tests' network ends at this machine, so going there is as far as it gets.
    with pytest.raises(
        ArticleError, match=r"^cannot be reached: a test tried to reach .*8\.8\.8\.8"
    ):
        fetch("http://8.8.8.8/", strict)
