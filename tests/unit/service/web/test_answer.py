"""The page's view of an answer, run by Node where it is installed, on a document that is a list."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from service.writers.fallback import NOTICE
from tests.unit.service.api.fake_backend import ANSWER

MODULE = (Path(__file__).parents[4] / "service" / "web" / "answer.js").as_uri()
NODE = shutil.which("node")
DOCUMENT = """
class Element {
  children = [];
  append(...more) { this.children.push(...more); }
  setAttribute() {}
  addEventListener() {}
  get text() { return this.children.map((child) => child.text ?? child).join(""); }
}
globalThis.document = { createElement: () => new Element() };
"""

pytestmark = pytest.mark.skipif(NODE is None, reason="needs Node")


def shown(**changes: object) -> list[str]:
    """Return the text of each part of the view of an answer."""
    answer = ANSWER.model_copy(update=changes).model_dump(mode="json")
    script = f"""{DOCUMENT}
    const {{ answerView }} = await import({MODULE!r});
    const parts = answerView({json.dumps(answer)}, () => null);
    console.log(JSON.stringify(parts.map((part) => part.text)));
    """
    command = [NODE or "", "--input-type=module", "--eval", script]
    texts = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert isinstance(texts, list)
    return texts


def test_what_is_degraded_is_shown_as_the_service_says_it() -> None:
    entry = "index: re-made with text_embedding_3"

    assert f"Answered with reduced means: {entry}; {NOTICE}." in shown(degraded=[entry, NOTICE])


def test_an_answer_that_is_not_degraded_says_nothing_of_it() -> None:
    assert not any("reduced means" in text for text in shown())
