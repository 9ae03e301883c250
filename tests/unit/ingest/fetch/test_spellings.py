"""No way to write or to name an address inside leads there."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ingest.errors import ArticleError
from ingest.fetch import FetchLimits, fetch
from ingest.fetch.network import Network
from ingest.fetch.public import is_public
from tests.web_server import PUBLIC, Names, WebServer, answer, moves, sends

# The registries of special addresses (RFC 6890 and what came after it), and multicast.
CLOSED = [
    ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32"),
        *("2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
]
MAPPED = int(IPv6Address("::ffff:0:0"))
CARRIERS = {  # where an IPv6 address keeps an IPv4 address, by the bits that follow it
    "mapped": (MAPPED, 0),
    "compatible": (0, 0),
    "translated": (int(IPv6Address("64:ff9b::")), 0),
    "6to4": (int(IPv6Address("2002::")), 80),
}
LIMITS = FetchLimits(total_s=10, connect_s=2, read_s=5)
ADDRESSES = st.one_of(st.ip_addresses(), *(st.ip_addresses(network=str(net)) for net in CLOSED))
INNER = st.one_of(st.ip_addresses(network=str(net)) for net in CLOSED if net.version == 4).map(
    lambda found: IPv4Address(int(found))
)
SPELLINGS: dict[str, Callable[[IPv4Address], str]] = {
    "decimal": lambda ip: str(int(ip)),
    "octal": lambda ip: ".".join(f"0{byte:o}" for byte in ip.packed),
    "long octal": lambda ip: ".".join(f"{byte:07o}" for byte in ip.packed),
    "hexadecimal": lambda ip: ".".join(f"0x{byte:x}" for byte in ip.packed),
    "one hexadecimal": lambda ip: f"0X{int(ip):X}",
    "two parts": lambda ip: f"{ip.packed[0]}.{int(ip) & 0xFFFFFF}",
    "three parts": lambda ip: f"{ip.packed[0]}.0{ip.packed[1]:o}.0x{int(ip) & 0xFFFF:x}",
    "full width": lambda ip: "".join(
        chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in str(ip)
    ),
    "circled": lambda ip: "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(s)] if s.isdigit() else s for s in str(ip)),
    "other dots": lambda ip: str(ip).replace(".", "\u3002"),
    "half-width dots": lambda ip: str(ip).replace(".", "\uff61"),
    "trailing dot": lambda ip: f"{ip}.",
    "user": lambda ip: f"news.example@{ip}",
    "password": lambda ip: f"a:b@{int(ip)}",
    "backslash": lambda ip: f"news.example\\@{ip}",
    "zone": lambda ip: f"[::ffff:{ip}%25lo]",
    **{
        name: lambda ip, carrier=carrier: f"[{carried(ip, *carrier)}]"
        for name, carrier in CARRIERS.items()
    },
    "capitals": lambda ip: f"[{str(carried(ip, *CARRIERS['mapped'])).upper()}]",
    "dotted end": lambda ip: f"[::FFFF:{ip}]",
}


def carried(ip: IPv4Address, prefix: int, shift: int) -> IPv6Address:
    return IPv6Address(prefix | int(ip) << shift)


def is_closed(address: str) -> bool:
    """Tell whether an address is of a block that nobody on the internet reaches."""
    found = ip_address(address.partition("%")[0])
    inner = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    found = inner or found
    outside = isinstance(found, IPv6Address) and found not in IPv6Network("2000::/3")
    return outside or any(found in block for block in CLOSED if block.version == found.version)


class Spelled(Names):
    """Names that lead where a test says, and numbers as a system's resolver reads them."""

    def resolve(self, host: str, port: int) -> list[str]:
        """Return the address that a number means, or what a test says of a name."""
        if host in self.answers:
            return super().resolve(host, port)
        try:
            return [str(ip_address(host))]
        except ValueError:
            return [socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))]

    def begin(self, address: str, port: int) -> socket.socket:
        """Begin a connection to the test's own server, and refuse all others."""
        if address != PUBLIC:
            self.dialled.append(address)
            raise ConnectionRefusedError
        return super().begin(address, port)


@pytest.fixture(scope="module")
def web() -> Iterator[WebServer]:
    with WebServer() as served:
        yield served


def dialled(web: WebServer, address: str, **answers: list[list[str]]) -> list[str]:
    """Return what a fetch that fails connects to."""
    names = Spelled(web.port, {"news.example": [[PUBLIC]], **answers})
    with pytest.raises(ArticleError):
        fetch(address, LIMITS, network=Network(names.resolve, names.begin))
    return names.dialled


@settings(max_examples=2000)
@given(ADDRESSES)
def test_no_address_of_a_closed_block_is_public(ip: IPv4Address | IPv6Address) -> None:
    assert not (is_public(str(ip)) and is_closed(str(ip)))


@settings(max_examples=500)
@given(ADDRESSES, st.sampled_from([*CARRIERS]))
def test_what_carries_another_address_is_only_public_when_mapped(
    ip: IPv4Address | IPv6Address, carrier: str
) -> None:
    assume(isinstance(ip, IPv4Address))
    assert isinstance(ip, IPv4Address)
    whole = carried(ip, *CARRIERS[carrier])

    assert is_public(str(whole)) == (carrier == "mapped" and is_public(str(ip)))


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(ip=INNER)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_inner_address_is_dialled_in_no_spelling(
    web: WebServer, spelling: str, ip: IPv4Address
) -> None:
    assert dialled(web, f"http://{SPELLINGS[spelling](ip)}/") == []


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(ip=INNER, sign=st.sampled_from(["http://", "HTTP://", "//", "https://"]))
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_redirect_to_an_inner_address_is_dialled_in_no_spelling(
    web: WebServer, spelling: str, ip: IPv4Address, sign: str
) -> None:
    target = f"{sign}{SPELLINGS[spelling](ip)}/inside"
    web.pages["/"] = moves(target)
    web.pages["/inside"] = sends(answer(b"secret"))

    assert dialled(web, "http://news.example/") == [PUBLIC]


@given(st.lists(ADDRESSES.map(str), min_size=1, max_size=4))
@settings(max_examples=300)
def test_a_name_is_dialled_at_public_addresses_or_not_at_all(addresses: list[str]) -> None:
    reached: list[str] = []

    def begin(address: str, _port: int) -> socket.socket:
        reached.append(address)
        raise ConnectionRefusedError

    with pytest.raises(ArticleError):
        fetch("http://any.example/", LIMITS, network=Network(lambda *_: addresses, begin))

    assert not any(is_closed(address) for address in reached)
    assert reached == [] or not any(is_closed(address) for address in addresses)


@pytest.mark.parametrize("sign", ["#@", "?@", "/@", "/%40", "?x=http://"])
@given(ip=INNER)
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_follows_the_host_does_not_change_it(
    web: WebServer, sign: str, ip: IPv4Address
) -> None:
    assert dialled(web, f"http://news.example{sign}{ip}/nothing") == [PUBLIC]
