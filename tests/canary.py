"""A key and a question that no log and no error of the whole test run may show."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx

KEY = "dl_c4n4ry-k3y-0f-th3-wh0l3-t3st-run"
QUESTION = "Who keeps the canary-of-Kelham in which harbour?"
_WORDS = (KEY, "canary-of-Kelham")
_PATIENCE_S = 1.0
_BODIES: tuple[str, ...] = (
    f'{{"question": "{QUESTION}"}}',
    f'{{"question": "{QUESTION}", "stream": true}}',
    f'{{"question": "{QUESTION}", "k": 0}}',
    f'{{"question": "{QUESTION}"',
)


def shown_in(text: str) -> bool:
    """Tell whether a text has one of them in it."""
    return any(word in text for word in _WORDS)


def ask_around(address: str) -> list[httpx.Response]:
    """Ask a service in good ways and bad, all at once; return what it replied to the questions."""
    with ThreadPoolExecutor(len(_BODIES) + 1) as clients:
        # Here the error names the address that was asked for; the log must not.
        clients.submit(_asked, "GET", f"{address}/v1/articles/{KEY}")
        replies = [
            clients.submit(_asked, "POST", f"{address}/v1/ask", content=body) for body in _BODIES
        ]
        return [found for reply in replies for found in reply.result()]


def _asked(method: str, url: str, content: str | None = None) -> list[httpx.Response]:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    # A service whose model stalls, or that was stopped, is one of those that are tested.
    with suppress(httpx.HTTPError):
        return [httpx.request(method, url, headers=headers, timeout=_PATIENCE_S, content=content)]
    return []
