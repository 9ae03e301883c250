"""An answer as a chat completion: its text with a list of sources, and where each is cited."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from service.api.completions.request import MODEL, SOURCES_HEAD
from service.domain import Answer, Source
from service.plain import unlinked
from service.published import day_shown

WITHDRAWN = "\n\n(What stands above is withdrawn. In its place:)\n\n"
CUT = " …"
# All that an address may hold, and "%", which begins what is escaped already; no brackets.
_IN_ADDRESSES = ":/?#@!$&'*+,;=~%"
_MARKER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Completion:
    """One answer in the form of this protocol.

    Attributes:
        told: What the client has of the text already.
    """

    answer: Answer
    told: str = ""

    @property
    def _before(self) -> str:
        """What stands before the answer: another text that was told."""
        begun = self.answer.answer.startswith(self.told)
        return "" if begun or self._half_sentence else self.told + WITHDRAWN

    @property
    def _half_sentence(self) -> str:
        """What was told beyond an answer that ended in the middle of a sentence."""
        more = self.told.startswith(self.answer.answer)
        return self.told[len(self.answer.answer) :] if more else ""

    @property
    def content(self) -> str:
        """The whole text."""
        listed = "\n".join(_listed(source) for source in self._cited())
        half = self._half_sentence + CUT if self._half_sentence else ""
        sources = SOURCES_HEAD + listed if listed else ""
        return self._before + self.answer.answer + half + sources

    @property
    def rest(self) -> str:
        """What the client has not been told yet."""
        return self.content[len(self.told) :]

    def _cited(self) -> list[Source]:
        cited = {c.source for s in self.answer.statements for c in s.citations}
        return [source for source in self.answer.sources if source.n in cited]

    def annotations(self) -> list[dict[str, Any]]:
        """Return where in the text each source is cited, in order."""
        sources = {source.n: source for source in self._cited()}
        return [
            {
                "type": "url_citation",
                "url_citation": {
                    "start_index": len(self._before) + start,
                    "end_index": len(self._before) + end,
                    "url": _address(sources[n]),
                    "title": unlinked(sources[n].title),
                },
            }
            for n, start, end in self._markers()
            if n in sources
        ]

    def _markers(self) -> Iterator[tuple[int, int, int]]:
        """Yield number, start and end of each marker, in Unicode code points."""
        for statement in self.answer.statements:
            cited = {citation.source for citation in statement.citations}
            # A bracketed number of a quotation is no marker: those stand behind the sentence.
            start = statement.start + len(statement.text)
            for found in _MARKER.finditer(self.answer.answer, start, statement.end):
                if int(found[1]) in cited:
                    yield int(found[1]), found.start(), found.end()

    def usage(self) -> dict[str, int]:
        """Return the tokens that a language model counted, or none."""
        used = self.answer.usage
        prompt, completion = (used.prompt_tokens, used.completion_tokens) if used else (0, 0)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }

    def document(self) -> dict[str, Any]:
        """Return the reply of a request that does not stream."""
        message = {
            "role": "assistant",
            "content": self.content,
            "refusal": None,
            "annotations": self.annotations(),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {
            **head(self.answer.id, "chat.completion"),
            "choices": [choice],
            "usage": self.usage(),
            "dateline": self.answer.model_dump(),
        }


def head(identity: str, kind: str) -> dict[str, Any]:
    """Return the fields with which every reply and every chunk of one begins."""
    name = f"chatcmpl-{identity.removeprefix('ans_')}"
    return {"id": name, "object": kind, "created": int(time.time()), "model": MODEL}


def _listed(source: Source) -> str:
    parts = (unlinked(source.outlet or ""), unlinked(source.title), day_shown(source))
    said = ", ".join(part for part in parts if part)
    return f"[{source.n}] {said}{f' <{_safe(source.url)}>' if source.url else ''}"


def _safe(url: str) -> str:
    """Return an address in which nothing ends the brackets around it."""
    return quote(url, safe=_IN_ADDRESSES)


def _address(source: Source) -> str:
    """Return where the article was published, or where this service has it."""
    return _safe(source.url) if source.url else f"/v1/articles/{source.article_id}"
