"""Keeps answering when the language model does not."""

from __future__ import annotations

import logging
from dataclasses import replace

from service.domain import WriterInfo
from service.errors import WriterUnavailable
from service.writers.chat import ChatState, Tell
from service.writers.writer import Draft, Evidence, Writer

NOTICE = "writer: the language model is unavailable, sentences of the articles are shown instead"

# Unlike structlog when nobody set it up, this leaves standard output to the answer.
log = logging.getLogger("service.writers")


class FallbackWriter:
    """Asks one writer, and another when the first is unavailable; the draft says so."""

    def __init__(self, preferred: Writer, stand_in: Writer) -> None:
        """Take the writer to ask first, and one that is always available."""
        self._preferred = preferred
        self._stand_in = stand_in

    @property
    def info(self) -> WriterInfo:
        """What the preferred writer is; a draft of the other says so itself."""
        return self._preferred.info

    @property
    def chat_state(self) -> ChatState | None:
        """See Writer.chat_state: that of the preferred one."""
        return self._preferred.chat_state

    def fitting(self, evidence: Evidence) -> Evidence:
        """See Writer.fitting: what the preferred writer can read."""
        return self._preferred.fitting(evidence)

    async def write(self, evidence: Evidence, tell: Tell | None = None) -> Draft:
        """Return the draft of the first writer that is available.

        What was told before the preferred one failed is no part of it.

        Raises:
            WriterBusy: Too many are asking the preferred one; that passes.
        """
        try:
            return await self._preferred.write(evidence, tell)
        except WriterUnavailable as error:
            log.warning("%s", error)
        draft = await self._stand_in.write(evidence)
        return replace(draft, degraded=(NOTICE, *draft.degraded), writer=self._stand_in.info)

    def warm(self) -> None:
        """Load what the preferred one needs; the other does so when it is asked."""
        self._preferred.warm()

    async def aclose(self) -> None:
        """Release what both hold."""
        await self._preferred.aclose()
        await self._stand_in.aclose()
