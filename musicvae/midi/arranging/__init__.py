"""Which note of a song goes to which part of a model, whatever tracks it came in."""
