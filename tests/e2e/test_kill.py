from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.kills import prove
from tests.e2e.many_articles import write_articles


@pytest.mark.e2e
@pytest.mark.timeout(400)
@pytest.mark.parametrize("aimed", [False, True], ids=["random", "aimed"])
def test_killed_ingests_leave_a_whole_index_and_end_like_an_undisturbed_one(
    tmp_path: Path, aimed: bool
) -> None:
    articles = write_articles(tmp_path / "many.jsonl", 600)
    assert prove(articles, tmp_path, 2, aimed).killed == 2
