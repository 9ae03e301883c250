"""Articles enough to kill an ingest in the middle of."""

from __future__ import annotations

import json
from pathlib import Path

SUBJECTS = ("wheat", "rail", "ports", "gas", "steel", "ferries", "grain", "tea")
PLACES = ("Ankara", "Baku", "Minsk", "Astana", "Tehran", "Kazan", "Muscat", "Doha", "Tbilisi")


def write_articles(path: Path, count: int) -> Path:
    """Write articles of two passages each; Chroma writes its vector files after every 1,000."""
    with path.open("w") as file:
        for number in range(count):
            subject, place = SUBJECTS[number % 8], PLACES[number % 9]
            body = " ".join(
                f"Report {number} says that trade in {subject} through {place} rose by {line} "
                f"percent in week {line} of the year, an official said on Monday."
                for line in range(14)
            )
            record = {"title": f"{subject} in {place}, part {number}", "body": body}
            file.write(json.dumps(record) + "\n")
    return path
