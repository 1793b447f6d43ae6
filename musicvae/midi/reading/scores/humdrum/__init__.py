"""Humdrum **kern -> the walk of its spines."""
