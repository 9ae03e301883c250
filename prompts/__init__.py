"""What a language model is asked, one Markdown file per role."""
