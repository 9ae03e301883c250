from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.kills import prove
from tests.e2e.many_articles import write_articles

KILLS = 50
ARTICLES = 600
"""Their passages fill one shard and begin another."""

pytestmark = [pytest.mark.e2e, pytest.mark.faults]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("aimed", [False, True], ids=["random", "aimed"])
def test_fifty_kills_leave_a_whole_index_and_end_like_an_undisturbed_one(
    tmp_path: Path, aimed: bool
) -> None:
    articles = write_articles(tmp_path / "some.jsonl", ARTICLES)
    seen = prove(articles, tmp_path, KILLS, aimed)
    sys.stdout.write(f"\n{'aimed' if aimed else 'random'}: {seen}\n")
    assert seen.killed == KILLS
    assert seen.checked > 0
