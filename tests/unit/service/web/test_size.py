"""How much of the page goes over the network at the first visit."""

from __future__ import annotations

import gzip

from tests.unit.service.web.test_page import WEB

MOST = 60_000


def test_the_whole_page_is_small() -> None:
    files = [path for path in WEB.iterdir() if path.suffix in (".html", ".css", ".js", ".svg")]
    compressed = sum(len(gzip.compress(path.read_bytes(), mtime=0)) for path in files)

    assert len(files) > 20
    assert compressed < MOST
