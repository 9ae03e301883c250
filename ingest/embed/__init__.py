"""Texts to vectors: the bundled MiniLM, or an OpenAI-compatible endpoint."""
