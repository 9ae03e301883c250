"""What each part of retrieval is worth: the same questions with it switched off."""
