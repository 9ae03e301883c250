"""Numbers, amounts, days and names in a text, in one form however they are written."""
