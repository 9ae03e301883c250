"""A real browser in front of a real service; a page that breaks its own rules fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.serving import Served, serving
from tests.model_server import ModelServer

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 320, "height": 640}
TIMEOUT_MS = 20_000

Opened = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window; without one installed the tests are skipped, except in CI.

    Playwright keeps an event loop running, beside which no asynchronous test can run: it ends with
    a module's tests.
    """
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing = f"none of {', '.join(NAMES)} is installed"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    # As root, which builds often are, its sandbox does not start.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over the samples that all tests share; it writes extractively."""
    folder = tmp_path_factory.mktemp("browser")
    data = shutil.copytree(sample_index, folder / "data")
    with serving(folder, data) as served:
        yield served


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture(scope="module")
def written(
    sample_index: Path, model: ModelServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A service whose answers a language model writes."""
    folder = tmp_path_factory.mktemp("written")
    data = shutil.copytree(sample_index, folder / "data")
    with serving(folder, data, DATELINE_LLM_BASE_URL=model.base_url) as served:
        yield served


@pytest.fixture
def opened(browser: Browser) -> Opened:
    """Open a page of an address in a browser that has kept nothing."""

    @contextmanager
    def open_page(address: str, *expected_errors: str, **options: object) -> Iterator[Page]:
        context = browser.new_context(**{"viewport": WIDE, **options})  # type: ignore[arg-type]
        context.set_default_timeout(TIMEOUT_MS)
        watch = Watch(context, address, expected_errors)
        try:
            page = context.new_page()
            page.goto(address)
            yield page
            watch.check()
        finally:
            context.close()

    return open_page


class Watch:
    """Notes what a page must not do: throw, complain, ask other machines, run what it was told."""

    def __init__(self, context: BrowserContext, address: str, expected: tuple[str, ...]) -> None:
        self._origin = urlsplit(address)[:2]
        self._expected = expected
        self.faults: list[str] = []
        context.on("weberror", lambda error: self.note(str(error.error)))
        context.on("console", lambda said: self.note(said.text) if said.type == "error" else None)
        context.on("request", lambda request: self._asked(request.url))
        context.on("dialog", lambda dialog: self.note(f"dialog {dialog.message}"))

    def note(self, fault: str) -> None:
        """Note a fault that no test expects."""
        if not any(words in fault for words in self._expected):
            self.faults.append(fault)

    def _asked(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("blob", "data") and address[:2] != self._origin:
            self.note(f"asked for {url}")

    def check(self) -> None:
        """Fail when something was noted."""
        assert self.faults == []


@pytest.fixture
def page(opened: Opened, served: Served) -> Iterator[Page]:
    """The start page of the shared service, wide."""
    with opened(served.address + "/") as page:
        yield page
