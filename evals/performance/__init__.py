"""What things cost: seconds, memory and bytes, measured rather than guessed."""
