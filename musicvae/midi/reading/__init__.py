"""Any file of music -> a song on the grid, and a report of how that went."""
