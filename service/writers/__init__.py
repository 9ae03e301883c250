"""What turns passages into an answer: sentences of the articles, or a language model."""
