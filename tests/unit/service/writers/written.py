"""What a model is shown, and what it writes, in tests of the writer over it."""

from __future__ import annotations

from collections.abc import Callable

from service.writers.chat_writer import ChatWriter, Manner
from tests.model_server import Reply
from tests.unit.service.articles import evidence, passage

EVIDENCE = evidence(passage("The harbour is 12 metres deep. Captain Lund praised it."))
GOOD = Reply(("The harbour is ", "12 metres", " deep [1]."))
WRONG = Reply(("The harbour is 12 metres deep [1]. It is 40 years old [1].",))
Make = Callable[[Manner], ChatWriter]
