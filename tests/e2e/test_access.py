"""Keys, names and limits of a service that runs as a process of its own."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import Run
from tests.e2e.serving import Served, serving

pytestmark = pytest.mark.e2e

CANARY = "Who keeps the canary of Kelham?"


@pytest.fixture
def key(run: Run) -> tuple[str, str]:
    """A new key and its entry, from the command."""
    found = re.fullmatch(r"key +(\S+)\nentry +(\S+)\n", run("keys", "new").stdout)
    assert found
    return found[1], found[2]


@pytest.fixture
def served(sample_index: Path, tmp_path: Path, key: tuple[str, str]) -> Iterator[Served]:
    data = shutil.copytree(sample_index, tmp_path / "data")
    with serving(tmp_path, data, DATELINE_API_KEYS=key[1]) as served:
        yield served


def test_only_who_has_the_key_gets_an_answer(served: Served, key: tuple[str, str]) -> None:
    question = {"question": "Which countries set off the snapback of UN sanctions?"}
    bearer = {"Authorization": f"Bearer {key[0]}"}
    assert served.http.post("/v1/ask", json=question).status_code == 401
    assert served.http.post("/v1/ask", json=question, headers=bearer).json()["status"] == "answered"


def test_neither_key_nor_question_is_in_the_log_or_in_an_error(
    served: Served, key: tuple[str, str]
) -> None:
    bearer = {"Authorization": f"Bearer {key[0]}"}
    replies = [
        served.http.post("/v1/ask", json={"question": CANARY}, headers=bearer),
        served.http.post("/v1/ask", json={"question": CANARY, "k": 0}, headers=bearer),
        served.http.post("/v1/ask", content=f'{{"question": "{CANARY}"', headers=bearer),
        served.http.get(f"/v1/articles/{key[0]}", headers=bearer),
        served.http.get("/v1/stats", headers={"Authorization": f"Bearer {key[0]}x"}),
    ]
    assert len({reply.status_code for reply in replies}) > 2
    written = served.log.read_text("utf-8") + "".join(reply.text for reply in replies[1:3])
    assert key[0] not in served.log.read_text("utf-8")
    assert "canary" not in written


def test_a_forged_host_gets_nothing_from_a_service_without_keys(
    indexed: Path, tmp_path: Path
) -> None:
    with serving(tmp_path, indexed) as served:
        forged = served.http.get("/v1/stats", headers={"Host": "evil.example"})
        assert (forged.status_code, forged.json()["code"]) == (400, "host_not_allowed")
        assert served.http.get("/v1/stats").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/web/../settings.py",
        "/docs/%2e%2e/settings.py",
        "/web//etc/passwd",
        "/docs/..%2f..%2fcli.py",
    ],
)
def test_no_path_leads_out_of_the_page_s_folder(served: Served, path: str) -> None:
    host, port = served.address.removeprefix("http://").split(":")
    # httpx would tidy the path up.
    with socket.create_connection((host, int(port)), 10) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        reply = b"".join(iter(lambda: raw.recv(65536), b""))
    assert re.match(rb"HTTP/1.1 (?:401|404)", reply)
    assert b"import" not in reply and b"root:" not in reply


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_others_are_let_in_only_with_a_key(run: Run, host: str) -> None:
    refused = run("serve", "--host", host, "--port", "0")
    assert refused.returncode == 2
    assert "dateline keys new" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_scope_that_there_is_not_is_refused(run: Run) -> None:
    refused = run("keys", "new", "--scope", "admin")
    assert refused.returncode == 2
    assert "a scope is none that there is" in refused.stderr


def test_who_asks_too_often_is_told_to_wait(indexed: Path, tmp_path: Path) -> None:
    with serving(tmp_path, indexed, DATELINE_RATE_LIMIT="3/minute") as served:
        replies = [served.http.get("/v1/stats") for _ in range(5)]
        assert [reply.status_code for reply in replies] == [200, 200, 200, 429, 429]
        assert int(replies[-1].headers["Retry-After"]) > 0
        assert served.http.get("/readyz").status_code == 200


def test_an_answer_that_takes_too_long_is_a_problem(indexed: Path, tmp_path: Path) -> None:
    with serving(tmp_path, indexed, DATELINE_ANSWER_TIMEOUT_S="0.001") as served:
        reply = served.http.post("/v1/ask", json={"question": "Who signed the programme?"})
    assert (reply.status_code, reply.json()["code"]) == (503, "too_slow")
    assert isinstance(reply, httpx.Response) and "Retry-After" in reply.headers
