"""Codes and symbols <-> few bytes: range coding, and the file of something compressed."""
