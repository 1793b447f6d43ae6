"""Humdrum **kern -> what the score says: spines followed, tokens read, times found line by line."""
