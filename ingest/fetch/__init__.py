"""From a web address to its bytes, without reaching what only this machine or its network may see.

The host is resolved once for each hop, every address found is checked, and the connection goes to
a checked address: nothing is looked up between the check and the connection. Proxies and cookies
are not used. Each hop of a redirect is checked like the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ingest.errors import ArticleError
from ingest.fetch.address import Address, is_address, parse, printable
from ingest.fetch.limits import Fetched, FetchLimits, Patience

if TYPE_CHECKING:
    from ingest.fetch.exchange import Exchange
    from ingest.fetch.network import Network

__all__ = ["FetchLimits", "Fetched", "fetch", "is_address", "printable"]

MAX_REDIRECTS = 5
_MAX_SHOWN_CHARS = 200


def fetch(
    address: str,
    limits: FetchLimits,
    still_wanted: Callable[[], bool] = lambda: True,
    network: Network | None = None,
) -> Fetched:
    """Fetch `address` by GET, and what it redirects to.

    Args:
        address: http or https, without user and password.
        still_wanted: Asked several times a second; False ends the fetch.
        network: How names are resolved and connections begun; None is the system's way.

    Raises:
        ArticleError: The address is refused, cannot be reached, or answers with anything but a
            whole body within the limits. The message begins with a verb whose subject is the
            address, and shows no password.
    """
    # Only here, so that a command that fetches nothing does not import the HTTP library.
    from ingest.fetch.exchange import Exchange
    from ingest.fetch.network import Network

    exchange = Exchange(limits, Patience(limits, still_wanted), network or Network())
    return _follow(parse(address), exchange)


def _follow(first: Address, exchange: Exchange) -> Fetched:
    place = first
    for _ in range(MAX_REDIRECTS + 1):
        found = _hop(place, exchange, is_first=place is first)
        if isinstance(found, Fetched):
            return found
        if (place.scheme, found.scheme) == ("https", "http"):
            raise ArticleError(
                f"redirects from https to {_short(found)}, where anyone on the way can change the "
                "text; name that address itself if you trust it"
            )
        place = found
    raise ArticleError(
        f"redirects more than {MAX_REDIRECTS} times, last to {_short(place)}; "
        "name the address that a browser ends at"
    )


def _hop(place: Address, exchange: Exchange, *, is_first: bool) -> Fetched | Address:
    try:
        return exchange.get(place)
    except ArticleError as error:
        if is_first:
            raise
        raise ArticleError(f"redirects to {_short(place)}, which {error}") from error


def _short(place: Address) -> str:
    cut = place.url[:_MAX_SHOWN_CHARS]
    return repr(cut if cut == place.url else cut + "…")
