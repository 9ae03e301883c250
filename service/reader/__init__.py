"""Reads a question and a text together, and tells where in the text the answer stands.

MODEL_CARD.md says what it was trained on and how well it does.
"""
