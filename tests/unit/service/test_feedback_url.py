"""Where ratings are kept, as a setting says it, and what is said of one that is wrong."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import pytest

from evals.results import public
from ingest.errors import SettingsError
from ingest.settings import load
from service.feedback import FileBook
from service.feedback.select import every_book, make_book
from service.feedback.shared_book import SharedBook
from service.settings import ServiceSettings

SECRET = "pass-canary-99"
NAME = "DATELINE_FEEDBACK_URL"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def loaded(monkeypatch: pytest.MonkeyPatch, url: str) -> ServiceSettings:
    monkeypatch.setenv(NAME, url)
    return load(ServiceSettings)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_an_address_of_postgresql_is_taken_and_opened_without_reaching_it(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{scheme}://dateline:{SECRET}@127.0.0.1:1/news?sslmode=prefer"
    settings = loaded(monkeypatch, url)
    book = make_book(settings)

    assert isinstance(book, SharedBook)
    assert [type(one) for one in every_book(settings)] == [FileBook, SharedBook]
    assert SECRET not in repr(settings) + str(public(settings)) + repr(book) + repr(book._store())
    book.close()


@pytest.mark.parametrize("url", ["", None])
def test_without_an_address_ratings_are_kept_in_the_data_folder(
    url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ServiceSettings() if url is None else loaded(monkeypatch, url)

    assert isinstance(make_book(settings), FileBook)
    assert [type(one) for one in every_book(settings)] == [FileBook]


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://dateline:{SECRET}@127.0.0.1/news",
        f"dateline:{SECRET}@127.0.0.1/news",
        f"postgresql://dateline:{SECRET}@127.0.0.1",
        f"postgresql://dateline:{SECRET}@127.0.0.1:port/news",
        f"postgresql://dateline:at@{SECRET}@127.0.0.1/news",
        f"postgresql://dateline:{SECRET}@[::1/news",
        f"postgresql://dateline:{SECRET}@127.0.0.1/news?no_such_option=1",
        f"postgresql+asyncpg://dateline:{SECRET}@127.0.0.1/news",
    ],
)
def test_what_is_no_such_address_is_refused_by_name_and_not_shown(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match=NAME) as caught:
        make_book(loaded(monkeypatch, url)).open()

    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_driver_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("postgres", "connecting", "tables"):
        monkeypatch.delitem(sys.modules, f"service.feedback.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(SettingsError, match=r"DATELINE_FEEDBACK_URL.*\[postgresql\]"):
        SharedBook("postgresql://127.0.0.1/news").open()


@pytest.mark.parametrize("scheme", ["redis", "rediss"])
def test_a_package_for_rates_that_is_not_installed_is_named(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from service.api.limits import Rates

    monkeypatch.setitem(sys.modules, "redis", None)

    with pytest.raises(SettingsError, match=r"DATELINE_RATE_LIMIT_URL.*\[redis\]") as caught:
        Rates("4/day", f"{scheme}://:{SECRET}@127.0.0.1:1/0")
    assert SECRET not in "".join(traceback.format_exception(caught.value))
