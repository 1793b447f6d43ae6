"""ABC text -> the walk of each of its tunes."""
