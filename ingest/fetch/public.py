"""Which IP addresses lie on the public internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NOT_PUBLIC_4 = (
    IPv4Network("192.0.0.0/24"),  # IETF protocol assignments (RFC 6890); a cloud's metadata too
    IPv4Network("192.88.99.0/24"),  # relays of 6to4 (RFC 7526)
    IPv4Network("168.63.129.16/32"),  # the host of an Azure machine, seen from inside only
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that is allocated (RFC 4291); outside it lie NAT64, site-local and whatever comes next."""
_NOT_PUBLIC_6 = (
    IPv6Network(
        "2001::/23"
    ),  # IETF protocol assignments, Teredo too (RFC 2928, 4380); newer Pythons pass some
    IPv6Network("2002::/16"),  # 6to4, which carries an IPv4 address (RFC 3056)
    IPv6Network("3fff::/20"),  # documentation (RFC 9637), newer than Python's table
)


def is_public(address: str) -> bool:
    """Tell whether a numeric IP address is one that anybody on the internet can reach.

    `ipaddress` alone is not enough: its `is_global` passes NAT64, 6to4, site-local and multicast.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return _is_public(mapped or parsed)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv6Address):
        return address in _GLOBAL_UNICAST and not any(address in net for net in _NOT_PUBLIC_6)
    return not any(address in network for network in _NOT_PUBLIC_4)
