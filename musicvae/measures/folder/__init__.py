"""The folder of a music model: the model itself, and what is kept of the songs it learned from."""
