"""The service behind the nginx that `deploy/` sets up, as strangers on the network meet it."""

from __future__ import annotations

import shutil
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from service.access import hash_of, new_key
from tests.certificates import certificate
from tests.e2e.conftest import ROOT
from tests.e2e.proxying import free_port, proxying
from tests.e2e.serving import serving

pytestmark = pytest.mark.e2e

NAME = "news.example"
KEY = new_key()
QUESTION = {"question": "Which countries set off the snapback of UN sanctions?"}


@dataclass
class Site:
    """What strangers reach."""

    port: int
    http: httpx.Client

    def raw(self) -> ssl.SSLSocket:
        """Return a connection on which anything can be sent."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.port), 10)
        return context.wrap_socket(plain, server_hostname=NAME)


@pytest.fixture(scope="module")
def site(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("deploy")
    data = shutil.copytree(sample_index, folder / "data")
    pem, port = certificate(folder, NAME), free_port()
    keyed = {"DATELINE_API_KEYS": hash_of(KEY), "DATELINE_TRUSTED_HOSTS": NAME}
    with serving(folder, data, **keyed) as served:
        inside = filled(urlsplit(served.address).netloc, pem, port)
        trusting = ssl.create_default_context(cafile=str(pem))
        with proxying(folder, port, inside):
            address = f"https://127.0.0.1:{port}"
            named = {"sni_hostname": NAME}
            with httpx.Client(base_url=address, verify=trusting, headers={"Host": NAME}) as http:
                http.event_hooks["request"] = [lambda asked: asked.extensions.update(named)]
                yield Site(port, http)


def filled(upstream: str, pem: Path, port: int) -> str:
    """Return the template as the container fills it in, on this machine's ports and in a hurry."""
    text = (ROOT / "deploy" / "nginx.conf.template").read_text()
    for name, value in {
        "${DATELINE_UPSTREAM}": upstream,
        "${DATELINE_NAME}": NAME,
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/dateline/fullchain.pem": str(pem),
        "/etc/ssl/dateline/privkey.pem": str(pem),
        "timeout 10s": "timeout 1s",
    }.items():
        assert name in text
        text = text.replace(name, value)
    return text


def test_who_has_a_key_is_answered_over_tls(site: Site) -> None:
    bearer = {"Authorization": f"Bearer {KEY}"}
    assert site.http.get("/").status_code == 200
    assert site.http.post("/v1/ask", json=QUESTION).status_code == 401
    answer = site.http.post("/v1/ask", json=QUESTION, headers=bearer)
    assert answer.json()["status"] == "answered"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_an_answer_streams_through(site: Site) -> None:
    bearer = {"Authorization": f"Bearer {KEY}", "Accept": "text/event-stream"}
    with site.http.stream("POST", "/v1/ask", json=QUESTION, headers=bearer) as reply:
        names = [line for line in reply.iter_lines() if line.startswith("event:")]
    assert names[0] == "event: sources" and names[-1] == "event: answer"


def test_another_name_gets_nothing(site: Site) -> None:
    bearer = {"Authorization": f"Bearer {KEY}", "Host": "evil.example"}
    refused = site.http.get("/v1/stats", headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (400, "host_not_allowed")


def test_what_is_too_large_does_not_come_through(site: Site) -> None:
    bearer = {"Authorization": f"Bearer {KEY}"}
    body = {"question": "x" * 1_100_000}
    assert site.http.post("/v1/ask", json=body, headers=bearer).status_code == 413
    long = {"Authorization": "Bearer " + "x" * 40_000}
    assert site.http.get("/v1/stats", headers=long).status_code == 400


@pytest.mark.parametrize(
    "begun",
    [
        b"GET / HTTP/1.1\r\nHost: news.example\r\nX-Slow: ",
        b"POST /v1/ask HTTP/1.1\r\nHost: news.example\r\nContent-Length: 50\r\n\r\n{",
    ],
    ids=["head", "body"],
)
def test_who_is_slow_is_cut_off(site: Site, begun: bytes) -> None:
    with site.raw() as slow:
        slow.sendall(begun)
        started = time.monotonic()
        while slow.recv(4096):
            pass
        # A second, as `filled` says, and time for a busy machine.
        assert time.monotonic() - started < 8
