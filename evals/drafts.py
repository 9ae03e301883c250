"""Answers that readers found wrong, as gold lines to edit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from service.feedback import Feedback


def draft(found: Feedback) -> str:
    """Return a line of a suite that still lacks what only a person knows.

    The question and its conversation are filled in, and as evidence what the answer cites: to be
    kept where it is right. `answers` is empty, which no suite may have, so that a line that nobody
    edited is refused by its number.
    """
    answer = found.answer
    titles = {source.n: source.title for source in answer.sources}
    cited = [citation for said in answer.statements for citation in said.citations]
    evidence = {c.quote: titles.get(c.source, c.article_id) for c in cited}
    line = {
        "id": answer.id,
        "question": answer.question,
        "history": [{"role": turn.role, "content": turn.content} for turn in found.history],
        "type": "multi_turn" if found.history else "factoid",
        "as_of": answer.as_of,
        "answerable": True,
        "answers": [],
        "forbidden": [],
        "positions": [],
        "evidence": [{"article": title, "quote": quote} for quote, title in evidence.items()],
    }
    return json.dumps(line, ensure_ascii=False) + "\n"


def add_drafts(found: Sequence[Feedback], suite: Path) -> None:
    """Append the drafts that a suite does not have yet.

    Raises:
        OSError: The file cannot be read or written.
    """
    before = suite.read_text("utf-8") if suite.exists() else ""
    new = [one for one in found if json.dumps(one.answer.id) not in before]
    with suite.open("a", encoding="utf-8") as file:
        file.write("\n" if before and not before.endswith("\n") else "")
        file.writelines(map(draft, new))
