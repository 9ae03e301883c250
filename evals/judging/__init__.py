"""A language model's opinion of answers, beside the metrics that need none."""
