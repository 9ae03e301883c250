"""The chat page, the viewer of the OpenAPI document, and their files."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

WEB = Path(__file__).parents[2] / "web"
VIEWER = Path(__file__).parents[2] / "viewer"
# The package that brings the viewer along; without it a browser would load it from elsewhere.
SWAGGER = ("fastapi_offline", "static")
VIEWER_FILES = frozenset({"viewer.js", "swagger-ui.css", "swagger-ui-bundle.js"})
# Without it a browser may run yesterday's scripts against today's page.
REVALIDATE = {"Cache-Control": "no-cache"}

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page() -> FileResponse:
    """Return the chat page."""
    return FileResponse(WEB / "index.html", headers=REVALIDATE)


@router.get("/docs")
async def viewer() -> FileResponse:
    """Return the viewer of the OpenAPI document."""
    return FileResponse(VIEWER / "index.html", headers=REVALIDATE)


class PageFiles(StaticFiles):
    """A page's scripts and styles, checked for changes at each visit."""

    def __init__(
        self,
        directory: Path,
        packages: Sequence[tuple[str, str]] = (),
        only: Collection[str] | None = None,
    ) -> None:
        """Take where the files are.

        Args:
            directory: A folder with files of this program.
            packages: Folders of installed packages that have more.
            only: The files that are served; None for all.
        """
        super().__init__(directory=directory, packages=list(packages))
        self._only = only

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Return a file, or none."""
        if self._only is not None and path not in self._only:
            return "", None
        return super().lookup_path(path)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return the file, or that it has not changed."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(REVALIDATE)
        return response
