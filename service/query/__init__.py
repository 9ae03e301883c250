"""What is asked: follow-ups, outlets, days, parts."""
