"""No path of the page's files, and no article's id, leads outside."""

from __future__ import annotations

import asyncio
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.api.app import create_app
from service.api.routes.page import SWAGGER, VIEWER, VIEWER_FILES, WEB
from service.settings import ServiceSettings
from tests.unit.service.api.fake_backend import ARTICLE_ID, FakeBackend

_BROUGHT = Path(str(files(SWAGGER[0]))) / SWAGGER[1]
SWAGGER_FILES = [_BROUGHT / name for name in VIEWER_FILES if (_BROUGHT / name).is_file()]
FILES = {
    "/web/": {path.read_bytes() for path in WEB.iterdir() if path.is_file()},
    "/docs/": {path.read_bytes() for path in (*VIEWER.iterdir(), *SWAGGER_FILES)},
}
PARTS = st.sampled_from(
    [
        *("..", ".", "", "...", "%2e%2e", "%252e%252e", "..%2f", "..\\", "%5c..", "\\", "C:", "~"),
        *("\x00", "%00", "\u2025", "\uff0e\uff0e", "\u2215", "web", "service", "settings.py"),
        *(
            "api",
            "etc",
            "passwd",
            "index.html",
            "main.js",
            "a" * 300,
            " ",
            "proc",
            "self",
        ),
    ]
)
PATHS = st.one_of(
    st.lists(PARTS, min_size=1, max_size=8).map("/".join), st.text(max_size=40), PARTS
)
APP = create_app(FakeBackend(), ServiceSettings(_env_file=None))


async def got(path: str) -> tuple[int, bytes]:
    """Return what the application answers to a path, as a server hands it on."""
    sent: list[Any] = []

    waiting = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": quote(path, errors="replace").encode(),
        "query_string": b"", "root_path": "", "headers": [],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await APP(scope, receive, send)
    return int(sent[0]["status"]), b"".join(part.get("body", b"") for part in sent[1:])


@settings(max_examples=500)
@given(st.sampled_from(sorted(FILES)), PATHS)
@example("/web/", "../settings.py")
@example("/web/", "/etc/passwd")
@example("/web/", "../web/../settings.py")
@example("/docs/", "../settings.py")
@example("/docs/", "viewer.js")
@example("/docs/", "redoc.standalone.js")
def test_a_path_of_a_page_gives_one_of_its_files_or_none(folder: str, path: str) -> None:
    status, body = asyncio.run(got(f"{folder}{path}"))

    assert status in (200, 404)
    assert status == 404 or body in FILES[folder]
    assert (status == 200) == (path == "viewer.js") or folder == "/web/"


@settings(max_examples=300)
@given(PATHS)
def test_an_article_is_found_by_its_id_alone(path: str) -> None:
    status, body = asyncio.run(got(f"/v1/articles/{path}"))

    assert status in (200, 404)
    assert status == 404 or ARTICLE_ID.encode() in body
