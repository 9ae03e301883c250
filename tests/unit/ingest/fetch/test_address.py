from __future__ import annotations

import pytest

from ingest.errors import ArticleError
from ingest.fetch import is_address, printable
from ingest.fetch.address import parse


@pytest.mark.parametrize("text", ["http://a.example", "https://a.example/b", "HTTPS://A.example"])
def test_knows_a_web_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["http", "http:/a", "file:///a", "a/http://b", "articles", ""])
def test_takes_anything_else_for_a_path(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("HTTP://News.Example", "http://news.example/"),
        ("https://news.example:443/a?b#c", "https://news.example/a?b"),
        ("http://news.example:8080?q=a b", "http://news.example:8080/?q=a%20b"),
        ("http://münchen.example/", "http://xn--mnchen-3ya.example/"),
        ("http://①②⑦.⓪.⓪.①/", "http://127.0.0.1/"),
        ("http://127。0。0。1/", "http://127.0.0.1/"),
        ("http://localhost./", "http://localhost./"),
        ("http://[::FFFF:7f00:1]/", "http://[::ffff:7f00:1]/"),
        ("http://a.example/%zz<>", "http://a.example/%zz%3C%3E"),
    ],
)
def test_writes_an_address_as_http_wants_it(text: str, url: str) -> None:
    assert parse(text).url == url


@pytest.mark.parametrize(
    "text",
    [
        *("http://", "http:///a", "http://a..b/", "http://.a/", "http://a b/", "http://%31/"),
        *("http://a.example:0/", "http://a.example:99999/", "http://a.example:x/", "http://[::1/"),
        *("http://[fe80::1%25lo]/", "http://[::g]/", "http://a\\b/", "http://\udcff/"),
        *(f"http://{'a' * 64}.example/", f"http://{'a.' * 127}example/", "http://a.example/\ud800"),
    ],
)
def test_refuses_what_is_no_address(text: str) -> None:
    with pytest.raises(ArticleError, match=r"^is not a valid web address; check"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *("http://reader:secret@a.example/", "http://secret@a.example/", "http://@a.example/"),
        *("http://a.example\\@secret.example/", "https://reader:secret@a.example:x/"),
    ],
)
def test_refuses_a_user_and_shows_no_password(text: str) -> None:
    with pytest.raises(ArticleError, match=r"^names a user or a password") as caught:
        parse(text)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["ftp://a.example/", "//a.example/", "articles/a.txt", ""])
def test_refuses_a_scheme_other_than_http_and_https(text: str) -> None:
    with pytest.raises(ArticleError, match=r"^has the scheme '\w*'; only http and https"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://reader:secret@a.example/b@c", "http://a.example/b@c"),
        ("https://a:b@c@a.example", "https://a.example"),
        ("HTTPS://a.example/@reader?x=a@b", "HTTPS://a.example/@reader?x=a@b"),
    ],
)
def test_shows_an_address_without_user_and_password(text: str, shown: str) -> None:
    assert printable(text) == shown
