"""The picture model: a picture <-> its code, on the same core."""
