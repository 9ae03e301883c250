"""The page holds to its own security policy and asks for nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from service.api.app import create_app
from service.settings import ServiceSettings
from tests.unit.service.api.fake_backend import FakeBackend

WEB = Path(__file__).parents[4] / "service" / "web"
SCRIPTS = sorted(WEB.glob("*.js"))
SINKS = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc"


class Page(HTMLParser):
    """Collects what the page refers to and what it should not have."""

    def __init__(self) -> None:
        """Read the page."""
        super().__init__()
        self.addresses: list[str] = []
        self.labelled: set[str] = set()
        self.fields: set[str] = set()
        self.inline: list[str] = []
        self.feed((WEB / "index.html").read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note addresses, labels, fields, and inline styles and scripts."""
        values = {name: value or "" for name, value in attrs}
        self.addresses += [values[name] for name in ("src", "href") if name in values]
        self.inline += [n for n in values if n == "style" or n.startswith("on")]
        self.inline += [tag] * (tag == "style" or (tag == "script" and "src" not in values))
        self.labelled |= {values["for"]} if tag == "label" else set()
        self.fields |= {values["id"]} if tag in ("textarea", "input", "select") else set()


def test_nothing_is_inline() -> None:
    assert Page().inline == []


def test_every_field_has_a_label() -> None:
    page = Page()

    assert page.fields
    assert page.fields <= page.labelled


@pytest.mark.asyncio
async def test_every_file_of_the_page_is_served() -> None:
    transport = httpx.ASGITransport(app=create_app(FakeBackend(), ServiceSettings(_env_file=None)))
    local = [address for address in Page().addresses if not address.startswith("#")]
    local += [f"web/{script.name}" for script in SCRIPTS]
    async with httpx.AsyncClient(transport=transport, base_url="http://test/") as client:
        replies = [await client.get(address) for address in ["", *local]]

    assert len(replies) > 5
    assert {reply.status_code for reply in replies} == {200}


@pytest.mark.parametrize("path", sorted(WEB.iterdir()), ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    addresses = re.findall(r"(?:https?:)?//[a-z0-9][^\s\"')]*", path.read_text())

    assert [address for address in addresses if "www.w3.org" not in address] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_text_is_never_read_as_markup(script: Path) -> None:
    assert re.findall(SINKS, script.read_text()) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_addresses_of_the_service_are_relative(script: Path) -> None:
    assert re.findall(r"[\"'`]/(?:v1|web)", script.read_text()) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_import_is_a_file_of_the_page(script: Path) -> None:
    imported = re.findall(r'from "\./([^"]+)"', script.read_text())

    assert all((WEB / name).is_file() for name in imported)
    assert len(imported) == script.read_text().count("import ")


def test_the_script_finds_every_element_it_asks_for() -> None:
    asked = set(re.findall(r'byId\("([^"]+)"\)', (WEB / "main.js").read_text()))
    there = set(re.findall(r'id="([^"]+)"', (WEB / "index.html").read_text()))

    assert asked
    assert asked <= there
