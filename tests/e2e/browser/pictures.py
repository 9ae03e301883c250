"""Takes pictures of the page in its states, and the one that the README opens with.

python -m tests.e2e.browser.pictures README docs/page.png
python -m tests.e2e.browser.pictures all FOLDER
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browser.conftest import NAMES, NARROW, WIDE
from tests.e2e.browser.stages import staged
from tests.e2e.browser.states import STATES, Stage
from tests.e2e.conftest import ROOT

README_SIZE = {"width": 1280, "height": 800}


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["README", "all"])
    parser.add_argument("where", type=Path)
    given = parser.parse_args()
    found = next(filter(None, map(shutil.which, NAMES)), None)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        index = folder / "index"
        ingest = [sys.executable, str(ROOT / "dateline.py"), "ingest", str(ROOT / "ingest/samples")]
        environment = {**os.environ, "DATELINE_DATA_DIR": str(index)}
        subprocess.run(ingest, env=environment, check=True, stdout=subprocess.DEVNULL)
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        with staged(index, folder) as stage:
            if given.what == "README":
                take(browser, stage, "panel", given.where, README_SIZE)
            else:
                take_all(browser, stage, given.where)
        browser.close()


def take_all(browser: Browser, stage: Stage, folder: Path) -> None:
    """Take every state, wide and narrow, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    for state in STATES:
        for size in (WIDE, NARROW):
            for scheme in ("light", "dark"):
                path = folder / f"{state}-{size['width']}-{scheme}.png"
                take(browser, stage, state, path, size, scheme)


def take(  # noqa: PLR0913, PLR0917 - what makes a picture
    browser: Browser,
    stage: Stage,
    state: str,
    path: Path,
    size: dict[str, int],
    scheme: str = "light",
) -> None:
    """Take one picture of the page in a state."""
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    STATES[state](page, stage)
    page.wait_for_timeout(400)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main()
