"""How alike songs are: what they have in common, and which of many is the nearest."""
