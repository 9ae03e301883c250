"""How well sentences are chosen, apart from how well passages are found."""
