from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.kills import Bench, check, contents, kill_many

SUBJECTS = ("wheat", "rail", "ports", "gas", "steel", "ferries", "grain", "tea")
PLACES = ("Ankara", "Baku", "Minsk", "Astana", "Tehran", "Kazan", "Muscat", "Doha", "Tbilisi")


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles whose 2,400 passages make Chroma write its vector files twice."""
    path = tmp_path_factory.mktemp("articles") / "many.jsonl"
    with path.open("w") as file:
        for number in range(1200):
            subject, place = SUBJECTS[number % 8], PLACES[number % 9]
            body = " ".join(
                f"Report {number} says that trade in {subject} through {place} rose by {line} "
                f"percent in week {line} of the year, an official said on Monday."
                for line in range(14)
            )
            record = {"title": f"{subject} in {place}, part {number}", "body": body}
            file.write(json.dumps(record) + "\n")
    return path


@pytest.mark.e2e
@pytest.mark.timeout(400)
@pytest.mark.parametrize("aimed", [False, True], ids=["random", "aimed"])
def test_killed_ingests_leave_a_whole_index_and_end_like_an_undisturbed_one(
    articles: Path, tmp_path: Path, aimed: bool
) -> None:
    plain, killed = (Bench(articles, tmp_path / name, True) for name in ("plain", "killed"))
    plain.finish()
    seen = kill_many(killed, 4, aimed, seed=7)
    killed.finish()
    assert (seen.broken, seen.embedded_again) == ([], 0)
    assert seen.lost_by_kills <= 64
    assert contents(killed.data_dir) == contents(plain.data_dir)
    assert check(killed.data_dir).returncode == 0
