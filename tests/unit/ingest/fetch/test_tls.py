from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import ArticleError
from ingest.fetch import FetchLimits, fetch
from ingest.fetch.network import Network
from tests.certificates import certificate, context
from tests.web_server import PUBLIC, Names, WebServer, answer, moves, sends


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = certificate(tmp_path, "news.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


@pytest.fixture
def secure(trusted: Path) -> Iterator[WebServer]:
    with WebServer(context(trusted)) as server:
        server.pages["/"] = sends(answer(b"News"))
        yield server


@pytest.fixture
def secure_network(secure: WebServer) -> Network:
    names = Names(secure.port, {name: [[PUBLIC]] for name in ("news.example", "other.example")})
    names.answers["news.example."] = [[PUBLIC]]
    return Network(names.resolve, names.begin)


@pytest.mark.parametrize("host", ["news.example", "NEWS.example", "news.example."])
def test_the_name_is_proved_though_the_address_is_dialled(
    secure_network: Network, strict: FetchLimits, host: str
) -> None:
    fetched = fetch(f"https://{host}/", strict, network=secure_network)

    assert fetched.data == b"News"


def test_a_certificate_for_another_name_is_refused(
    secure: WebServer, secure_network: Network, strict: FetchLimits
) -> None:
    reason = r"^has a certificate that cannot be trusted \(Hostname mismatch.*\); check the address"
    with pytest.raises(ArticleError, match=reason):
        fetch("https://other.example/", strict, network=secure_network)

    assert secure.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    secure_network: Network,
    strict: FetchLimits,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    with pytest.raises(ArticleError, match=r"cannot be trusted \(self-signed certificate\)"):
        fetch("https://news.example/", strict, network=secure_network)


def test_a_certificate_that_has_expired_is_refused(
    tmp_path: Path, strict: FetchLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = certificate(tmp_path, "news.example", days=-1)
    monkeypatch.setenv("SSL_CERT_FILE", str(old))
    with WebServer(context(old)) as server:
        names = Names(server.port, {"news.example": [[PUBLIC]]})

        with pytest.raises(ArticleError, match=r"cannot be trusted \(certificate has expired\)"):
            fetch("https://news.example/", strict, network=Network(names.resolve, names.begin))


def test_a_server_without_tls_is_named(server: WebServer, local: FetchLimits) -> None:
    with pytest.raises(ArticleError, match=r"^does not speak TLS as it should \(.*\); check"):
        fetch(server.url().replace("http:", "https:"), local)


def test_a_redirect_from_https_to_http_is_not_followed(
    secure: WebServer, secure_network: Network, strict: FetchLimits
) -> None:
    secure.pages["/"] = moves("http://news.example/plain")

    with pytest.raises(ArticleError, match=r"^redirects from https to 'http://news.example/plain'"):
        fetch("https://news.example/", strict, network=secure_network)


def test_a_redirect_from_http_to_https_is_followed(
    server: WebServer, secure: WebServer, local: FetchLimits
) -> None:
    server.pages["/"] = moves(f"https://news.example:{secure.port}/")
    network = Network(lambda *_: ["127.0.0.1"])

    assert fetch(server.url(), local, network=network).data == b"News"
