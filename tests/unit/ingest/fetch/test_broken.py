from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import ArticleError
from ingest.fetch import Fetched, FetchLimits, fetch
from tests.web_server import Page, WebServer, answer, resets, sends

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "page",
    [
        sends(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
        sends(b"<html>no head</html>\r\n\r\n"),
        sends(HEAD + b"broken header\r\n\r\n"),
        sends(HEAD + b"Content-Length: many\r\n\r\n"),
        sends(HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n"),
        sends(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy"),
        sends(HEAD + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n"),
        sends(HEAD),
        sends(),
    ],
)
def test_an_answer_that_is_not_http_is_named(
    server: WebServer, local: FetchLimits, page: Page
) -> None:
    server.pages["/"] = page

    with pytest.raises(
        ArticleError, match=r"^gave no answer that is HTTP \(.*\); check the"
    ) as caught:
        fetch(server.url(), local)

    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    "page",
    [
        sends(answer(b"half", length=8)),
        sends(CHUNKED + b"5\r\nhal"),
        sends(CHUNKED + b"4\r\nhalf\r\n"),
        sends(CHUNKED + b"zz\r\nhalf\r\n"),
        sends(CHUNKED + b"4;" + b"x" * 200_000),
    ],
    ids=["length", "in a chunk", "between chunks", "no chunk", "endless chunk head"],
)
def test_a_body_that_is_cut_is_never_taken(
    server: WebServer, local: FetchLimits, page: Page
) -> None:
    server.pages["/"] = page

    with pytest.raises(ArticleError, match=r"^broke off \(.*\); try again later"):
        fetch(server.url(), local)


@pytest.mark.parametrize("head", [b"", HEAD, answer(b"half", length=8), HEAD + b"\r\nhalf"])
def test_a_connection_that_is_reset_is_named(
    server: WebServer, local: FetchLimits, head: bytes
) -> None:
    server.pages["/"] = resets(head)

    with pytest.raises(ArticleError, match=r"^broke off the connection \(.*reset.*\); try again"):
        fetch(server.url(), local)


STATUS_LINES = st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.0 302 x", b"HTTP/1.1 100 x", b"x"])
NAMES = st.sampled_from(
    [b"Content-Length", b"Transfer-Encoding", b"Content-Encoding", b"Content-Type", b"Location"]
)
VALUES = st.one_of(
    st.sampled_from(
        [b"chunked", b"gzip", b"deflate", b"3", b"text/html;charset=\xff", b"//[", b"/"]
    ),
    st.binary(max_size=12),
)
HEADERS = st.lists(st.tuples(NAMES, VALUES).map(b": ".join), max_size=3)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=STATUS_LINES, headers=HEADERS, body=st.binary(max_size=40))
def test_nothing_but_an_article_error_comes_of_any_answer(
    server: WebServer, strict: FetchLimits, line: bytes, headers: list[bytes], body: bytes
) -> None:
    server.pages["/"] = sends(b"\r\n".join([line, *headers, b"", body]))
    try:
        found = fetch(server.url(), replace(strict, allow_private=True, total_s=2))
    except ArticleError as error:
        assert str(error)[:1].islower()
    else:
        assert isinstance(found, Fetched)
