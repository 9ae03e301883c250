"""The OpenAI-compatible entrance: its requests, and answers in its form."""
