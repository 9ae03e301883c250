"""Who speaks in a sentence of an article, and whose words a statement carries."""
