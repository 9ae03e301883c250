"""Writes the questions of a SQuAD 2.0 file that no reader was trained on, by part.

`choice.jsonl` has the articles that were looked at while training, `test.jsonl` the others.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from evals.reader.questions import read_squad2


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad2", type=Path, help="SQuAD 2.0, JSON Lines")
    parser.add_argument("folder", type=Path, help="where the parts are written")
    given = parser.parse_args()
    split(given.squad2, given.folder)


def split(squad2: Path, folder: Path) -> None:
    """Copy the lines of each part, one of each id."""
    parts = read_squad2(squad2)
    folder.mkdir(parents=True, exist_ok=True)
    lines = {
        json.loads(line)["id"]: line for line in squad2.read_text("utf-8").splitlines() if line
    }
    for name, asked in (("choice", parts.choice), ("test", parts.test)):
        ids = dict.fromkeys(one.id for one in asked)
        text = "".join(f"{lines[one]}\n" for one in ids)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
