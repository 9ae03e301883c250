"""Web addresses: which are taken, and their parts as HTTP wants them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from ingest.errors import ArticleError

_WEB = re.compile(r"https?://", re.IGNORECASE)
_USER = re.compile(r"^(\s*[a-z][a-z0-9+.-]*:/*)[^/?#]*@", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?")
_PORTS = {"http": 80, "https": 443}
_MAX_CHARS = 8000
_MAX_HOST_CHARS = 253  # RFC 1035, section 2.3.4, as it is written with dots
_SAFE = "%/?:@!$&'()*+,;=[]|~"
_INVALID = "is not a valid web address; check its host and port"


@dataclass(frozen=True)
class Address:
    """An http or https address without user, password and fragment.

    Attributes:
        scheme: `http` or `https`.
        host: ASCII in lower case; an IPv6 address without brackets.
        port: 1 to 65535.
        target: Path and query in ASCII, what follows GET.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as they are written in an address and in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.authority}{self.target}"


def is_address(text: str) -> bool:
    """Tell whether an argument of the command line is a web address and not a path."""
    return _WEB.match(text) is not None


def printable(text: str) -> str:
    """Return an address for people to see: without user and password."""
    return _USER.sub(r"\1", text)


def parse(text: str) -> Address:
    """Take an address apart.

    Raises:
        ArticleError: It is none that can be fetched; the message shows no part that may be secret.
    """
    if len(text) > _MAX_CHARS:
        raise ArticleError(f"is an address of more than {_MAX_CHARS} characters; check it")
    try:
        return _parsed(text)
    except ValueError as error:
        raise ArticleError(_INVALID) from error


def moved(place: Address, location: str) -> Address:
    """Return the address that a `Location` header names, seen from `place`.

    Raises:
        ArticleError: It is none that can be fetched.
    """
    try:
        return parse(urljoin(place.url, location))
    except ValueError as error:
        raise ArticleError(f"redirects to an address that {_INVALID}") from error
    except ArticleError as error:
        raise ArticleError(f"redirects to an address that {error}") from error


def _parsed(text: str) -> Address:
    parts = urlsplit(text.strip())
    if parts.scheme not in _PORTS:
        scheme = parts.scheme[:40]
        raise ArticleError(f"has the scheme {scheme!r}; only http and https addresses are fetched")
    if "@" in parts.netloc:
        raise ArticleError("names a user or a password before the host; leave that part out")
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    if port == 0:
        raise ValueError("no server listens on port 0")
    return Address(parts.scheme, _ascii(parts.hostname or ""), port, _target(parts))


def _ascii(host: str) -> str:
    """Return a host as the resolver and TLS take it: digits of any script as ASCII digits."""
    if ":" in host and "%" not in host:
        return str(IPv6Address(host))
    if len(host) <= _MAX_HOST_CHARS:
        ascii_host = host.encode("idna").decode("ascii").lower()
        if _HOST.fullmatch(ascii_host):
            return ascii_host
    raise ValueError("not a host name")


def _target(parts: SplitResult) -> str:
    path = _quoted(parts.path or "/")
    return f"{path}?{_quoted(parts.query)}" if parts.query else path


def _quoted(text: str) -> str:
    """Escape what a request line cannot hold; bytes that were not UTF-8 stay what they were."""
    return quote(text, safe=_SAFE, errors="surrogateescape")
