"""Many clients that stream answers at once from a slow language model, measured."""
