"""From an understood question to the passages that matter."""
