from __future__ import annotations

import socket

import pytest

from ingest.errors import ArticleError
from ingest.fetch import Fetched, FetchLimits, fetch
from tests.web_server import WebServer, answer, moves, sends


def test_gives_the_body_and_what_the_answer_says_of_it(
    server: WebServer, local: FetchLimits
) -> None:
    kind = 'Content-Type: Text/HTML; Charset="UTF-8"'
    server.pages["/a?b=1"] = sends(answer(b"<p>News</p>", headers=[kind]))

    fetched = fetch(server.url("/a?b=1#top"), local)

    assert fetched == Fetched(b"<p>News</p>", server.url("/a?b=1"), "text/html", "utf-8")


@pytest.mark.parametrize(
    ("kind", "media_type", "charset"),
    [
        ("", None, None),
        ("Content-Type: nonsense", None, None),
        ("Content-Type: application/pdf", "application/pdf", None),
        ("Content-Type: text/plain; charset=klingon", "text/plain", None),
        ("Content-Type: text/plain; charset=hex", "text/plain", None),
        ("Content-Type: text/plain;charset=windows-1251", "text/plain", "windows-1251"),
        ("Content-Type: text/html\r\nContent-Type: text/html", "text/html", None),
    ],
)
def test_names_a_type_and_a_charset_only_when_they_are_known(
    server: WebServer, local: FetchLimits, kind: str, media_type: str | None, charset: str | None
) -> None:
    server.pages["/"] = sends(answer(b"News", headers=[kind] if kind else []))

    fetched = fetch(server.url(), local)

    assert (fetched.media_type, fetched.charset) == (media_type, charset)


def test_says_who_asks_and_what_it_reads(server: WebServer, local: FetchLimits) -> None:
    server.pages["/"] = sends(answer(b"News"))

    fetch(server.url(), local)

    head = server.requests[0].splitlines()
    assert head[0] == "GET / HTTP/1.1"
    assert f"Host: 127.0.0.1:{server.port}" in head
    assert "User-Agent: Dateline/0.1 (+news reader)" in head
    assert "Accept-Encoding: gzip, identity" in head


def test_asks_for_a_path_in_any_script(server: WebServer, local: FetchLimits) -> None:
    server.pages["/n%C3%A4chste%20Woche%20%25?q=%D0%B4"] = sends(answer(b"News"))

    assert fetch(server.url("/nächste Woche %25?q=д"), local).data == b"News"


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback")
def test_an_ipv6_address_is_asked_under_its_own_name(local: FetchLimits) -> None:
    with WebServer(host="::1") as server:
        server.pages["/"] = sends(answer(b"News"))

        fetched = fetch(server.url(host="[0:0::1]"), local)

        assert fetched.url == f"http://[::1]:{server.port}/"
        assert f"Host: [::1]:{server.port}\r\n" in server.requests[0]


def test_uses_no_proxy_of_the_environment(
    server: WebServer, local: FetchLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.pages["/"] = sends(answer(b"News"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert fetch(server.url(), local).data == b"News"


def test_follows_five_redirects_to_where_the_text_is(server: WebServer, local: FetchLimits) -> None:
    kinds = ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent")
    for n, kind in enumerate(kinds):
        server.pages[f"/{n}"] = moves(f"{n + 1}#part", kind)
    server.pages["/5"] = sends(answer(b"News"))

    assert fetch(server.url("/0"), local) == Fetched(b"News", server.url("/5"), None, None)


def test_a_redirect_in_a_circle_ends_after_five(server: WebServer, local: FetchLimits) -> None:
    server.pages["/a"], server.pages["/b"] = moves("/b"), moves("/a")

    with pytest.raises(ArticleError, match=r"^redirects more than 5 times, last to 'http://.*/a'"):
        fetch(server.url("/a"), local)

    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "has the scheme 'file'; only http and https"),
        ("gopher://127.0.0.1/", "has the scheme 'gopher'; only http and https"),
        ("http://reader:secret@127.0.0.1/", "names a user or a password"),
        ("http://[::1/", "is not a valid web address"),
        ("http://a..b/", "is not a valid web address"),
        ("/" + "a" * 9000, "is an address of more than 8000 characters"),
    ],
)
def test_a_redirect_to_what_is_no_web_address_is_refused(
    server: WebServer, local: FetchLimits, location: str, reason: str
) -> None:
    server.pages["/"] = moves(location)

    with pytest.raises(ArticleError, match=f"^redirects to an address that {reason}") as caught:
        fetch(server.url(), local)

    assert "secret" not in str(caught.value)


def test_a_location_in_any_encoding_is_asked_for_as_it_was_sent(
    server: WebServer, local: FetchLimits
) -> None:
    server.pages["/"] = sends(b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\n\r\n")
    server.pages["/caf%E9"] = sends(answer(b"News"))

    assert fetch(server.url(), local).data == b"News"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("404 Nowhere", "answered 404 Not Found; check the address"),
        ("403 Forbidden", "answered 403 Forbidden; it refuses programs or strangers"),
        ("500 Oops", "answered 500 Internal Server Error; try again later"),
        ("302 Found", "answered 302 Found; check the address"),
        ("206 Partial Content", "answered 206 Partial Content; check the address"),
        ("204 No Content", "answered 204 No Content; check the address"),
        ("304 Not Modified", "answered 304 Not Modified; check the address"),
        ("101 Switching Protocols", "gave no answer that is HTTP"),
        ("799 \x07Bell", "answered 799; try again later"),
    ],
)
def test_a_status_that_brings_no_text_is_named(
    server: WebServer, local: FetchLimits, status: str, reason: str
) -> None:
    server.pages["/"] = sends(answer(b"sorry", status))

    with pytest.raises(ArticleError, match=f"^{reason}"):
        fetch(server.url(), local)


def test_a_failure_after_a_redirect_says_where_it_happened(
    server: WebServer, local: FetchLimits
) -> None:
    server.pages["/"] = moves("/gone")

    with pytest.raises(
        ArticleError, match=r"^redirects to 'http://127.*/gone', which answered 404"
    ):
        fetch(server.url(), local)


def test_a_closed_port_is_named(local: FetchLimits) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(ArticleError, match=f"^refused the connection on port {port}; check"):
        fetch(f"http://127.0.0.1:{port}/", local)


def test_an_unknown_name_is_named(local: FetchLimits) -> None:
    with pytest.raises(ArticleError, match=r"^has a host that cannot be found, 'nowhere\.invalid'"):
        fetch("http://nowhere.invalid/", local)
