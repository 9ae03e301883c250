"""From a file to a searchable index: read, clean, describe, chunk, embed, publish."""
