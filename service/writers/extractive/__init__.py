"""Answers without a language model: sentences of the passages, verbatim, each with its citation.

`candidates` are scored by vectors and words; the `plain` selector shows the best of them. The
`reading` selector has a reader read what surrounds them, tells from `features` how likely each one
answers, and finds the short answer. `context` and `composing` make a text of what was chosen.
"""

from service.writers.extractive.writer import ExtractiveWriter

__all__ = ["ExtractiveWriter"]
