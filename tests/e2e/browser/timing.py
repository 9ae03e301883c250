"""Says how fast the page is, by the browser's own clock; run it on a quiet machine.

python -m tests.e2e.browser.timing
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.browser.acts import DEAD, ask
from tests.e2e.browser.conftest import NAMES, WIDE
from tests.e2e.browser.stages import staged
from tests.e2e.browser.states import Stage
from tests.e2e.conftest import ROOT
from tests.model_server import Reply, whole

VISITS = 15
TURNS = 200
WORDS = 600
WORD_PAUSE_S = 0.01
OBSERVE = """() => {
  window.long = [];
  new PerformanceObserver((list) => window.long.push(...list.getEntries().map((e) => e.duration)))
    .observe({ type: "longtask", buffered: true });
}"""
TIMES = """() => {
  const named = (name) => performance.getEntriesByName(name)[0].startTime;
  const loaded = performance.getEntriesByType("resource");
  const page = performance.getEntriesByType("navigation")[0];
  return { paint: named("first-contentful-paint"), usable: named("usable"),
           bytes: [...loaded, page].reduce((sum, one) => sum + one.transferSize, 0) };
}"""
FILLED = "(count) => document.querySelectorAll('.turn-actions').length === count"
SETTLED_MS = 500
# One answer, kept many times.
REPEAT = """async (count) => {
  const opened = (request) =>
    new Promise((done) => { request.onsuccess = () => done(request.result); });
  const database = await opened(indexedDB.open(`dateline ${location.pathname}`));
  const kept = database.transaction("turns", "readwrite").objectStore("turns");
  const [first] = await opened(kept.getAll());
  for (let n = 1; n < count; n += 1) kept.put({ ...first, id: `n${n}`, at: first.at + n });
  await new Promise((done) => { kept.transaction.oncomplete = done; });
}"""


def main() -> None:
    """Measure, and print a line for each figure."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        index = folder / "index"
        subprocess.run(
            [sys.executable, str(ROOT / "dateline.py"), "ingest", str(ROOT / "ingest" / "samples")],
            env={**os.environ, "DATELINE_DATA_DIR": str(index)},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        with staged(index, folder) as stage:
            visits(browser, stage)
            long_conversation(browser, stage)
        browser.close()


def visits(browser: Browser, stage: Stage) -> None:
    """Print how long a first visit takes, with nothing cached."""
    times = [_visit(browser, stage) for _ in range(VISITS)]
    for name in ("paint", "usable"):
        values = sorted(time[name] for time in times)
        middle, worst = statistics.median(values), values[-1]
        say(f"{name}: median {middle:.0f} ms, slowest {worst:.0f} ms of {VISITS} first visits")
    say(f"over the network: {times[0]['bytes'] / 1000:.1f} KB")


def _visit(browser: Browser, stage: Stage) -> dict[str, float]:
    page = _open(browser, stage.extractive)
    page.locator(".examples").wait_for()
    times: dict[str, float] = page.evaluate(TIMES)
    page.context.close()
    return times


def long_conversation(browser: Browser, stage: Stage) -> None:
    """Print the longest tasks of a conversation of many answers: restored, then added to."""
    page = _open(browser, stage.written)
    stage.model.enqueue(Reply(("Nine people died in the flood at Lower Tessel [1]. " * 6,)))
    ask(page, DEAD)
    page.evaluate(REPEAT, TURNS)
    page.add_init_script(f"({OBSERVE})()")
    page.reload()
    # Playwright's own waiting lays out what it looks at, which would be timed too.
    page.wait_for_function(FILLED, arg=TURNS, polling=500)
    page.wait_for_timeout(SETTLED_MS)
    say(f"{TURNS} answers restored: {longest(page)}")
    page.evaluate("() => { window.long = []; }")
    words = ("word ",) * (WORDS - 1) + ("[1].",)
    # The first reply makes the question stand alone.
    alone = whole("What was it like in Lower Tessel?")
    stage.model.enqueue(Reply(body=alone, content_type="application/json"))
    stage.model.enqueue(Reply(words, pause_s=WORD_PAUSE_S))
    page.get_by_label("Your question").fill("And what was it like?")
    page.keyboard.press("Enter")
    page.wait_for_function(FILLED, arg=TURNS + 1, polling=500)
    page.wait_for_timeout(SETTLED_MS)
    say(f"{WORDS} words streamed under {TURNS} answers: {longest(page)}")
    page.context.close()


def longest(page: Page) -> str:
    """Return how many tasks took over 50 ms, which is what browsers call long, and the longest."""
    tasks: list[float] = page.evaluate("window.long")
    return f"{len(tasks)} long tasks, the longest {max(tasks, default=0):.0f} ms"


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
    page.goto(address)
    return page


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
