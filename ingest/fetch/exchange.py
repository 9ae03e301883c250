"""One request and its answer; the only file that knows the HTTP library."""

from __future__ import annotations

import re
import ssl
from http import HTTPStatus

import httpcore

from ingest.errors import ArticleError
from ingest.fetch.address import Address, moved
from ingest.fetch.body import too_large, whole_body
from ingest.fetch.limits import Fetched, FetchLimits, Patience
from ingest.fetch.network import Network
from ingest.fetch.stream import CheckedBackend

_ACCEPTED = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, "
    "application/json, application/pdf, text/plain, */*;q=0.5"
)
_HEADERS = (
    ("User-Agent", "Dateline/0.1 (+news reader)"),
    ("Accept", _ACCEPTED),
    ("Accept-Encoding", "gzip, identity"),
    ("Connection", "close"),
)
_MOVED = (301, 302, 303, 307, 308)
# Every other 2xx brings no body, or a part of one.
_WHOLE = (HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION)
_MEDIA_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)\s*(?:[;,]|$)", re.ASCII)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]+)", re.ASCII | re.IGNORECASE)
_REMEDIES = {
    401: "it asks for a login: save the page as .html and ingest that",
    403: "it refuses programs or strangers: save the page as .html and ingest that",
    429: "it wants fewer requests: try again later",
    451: "it may not be shown here",
}


class Exchange:
    """Asks for one address after the other, within one set of limits."""

    def __init__(self, limits: FetchLimits, patience: Patience, network: Network) -> None:
        """Connect to nothing yet."""
        self._limits = limits
        self._backend = CheckedBackend(network, patience, limits.allow_private)

    def get(self, place: Address) -> Fetched | Address:
        """Return what is at `place`, or the address that it moved to.

        Raises:
            ArticleError: It is refused, cannot be reached, or gives no whole body.
        """
        url = httpcore.URL(
            scheme=place.scheme, host=place.host, port=place.port, target=place.target
        )
        # Not httpcore's own context, which adds certifi's certificates to those of the system.
        context = ssl.create_default_context() if place.scheme == "https" else None
        backend = self._backend
        with httpcore.HTTPConnection(url.origin, context, network_backend=backend) as connection:
            try:
                response = connection.handle_request(self._request(url, place))
            except (httpcore.ProtocolError, httpcore.NetworkError) as error:
                problem = f"gave no answer that is HTTP ({str(error)[:120]})"
                raise ArticleError(f"{problem}; check the address and its port") from error
            return self._answer(response, place)

    def _request(self, url: httpcore.URL, place: Address) -> httpcore.Request:
        waits = {
            "connect": self._limits.connect_s,
            "read": self._limits.read_s,
            "write": self._limits.read_s,
        }
        # A certificate never names a host with the dot at its end.
        extensions = {"timeout": waits, "sni_hostname": place.host.rstrip(".")}
        headers = [("Host", place.authority), *_HEADERS]
        return httpcore.Request("GET", url, headers=headers, extensions=extensions)

    def _answer(self, response: httpcore.Response, place: Address) -> Fetched | Address:
        location = _header(response, "location")
        if response.status in _MOVED and location is not None:
            return moved(place, location)
        if response.status not in _WHOLE:
            raise ArticleError(_refusal(response.status))
        kind = _header(response, "content-type") or ""
        media_type, charset = _MEDIA_TYPE.match(kind), _CHARSET.search(kind)
        return Fetched(
            data=self._body(response),
            url=place.url,
            media_type=media_type[1].lower() if media_type else None,
            charset=_known(charset[1].lower()) if charset else None,
        )

    def _body(self, response: httpcore.Response) -> bytes:
        length = _header(response, "content-length") or ""
        if length.isdecimal() and int(length) > self._limits.max_bytes:
            raise too_large(self._limits.max_bytes)
        names = (_header(response, "content-encoding") or "").lower().split(",")
        encodings = [name.strip() for name in names if name.strip() not in ("", "identity")]
        try:
            return whole_body(response.iter_stream(), encodings, self._limits.max_bytes)
        except httpcore.ProtocolError as error:
            raise ArticleError(f"broke off ({str(error)[:120]}); try again later") from error


def _header(response: httpcore.Response, name: str) -> str | None:
    """Return a header, several of one name joined; bytes that are not UTF-8 come back as sent."""
    found = [value for key, value in response.headers if key.lower() == name.encode("ascii")]
    return b", ".join(found).decode("utf-8", "surrogateescape") if found else None


def _refusal(status: int) -> str:
    try:
        name = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        name = str(status)
    usual = "try again later" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "check the address"
    return f"answered {name}; {_REMEDIES.get(status, usual)}"


def _known(charset: str) -> str | None:
    try:
        " ".encode(charset)
    except (LookupError, UnicodeError):
        return None
    return charset
