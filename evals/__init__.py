"""Gold questions and what they measure; asks through the same use case as the service."""
