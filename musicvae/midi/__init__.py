"""Songs <-> piano rolls: reading, the grid, parts, rolls and writing. Knows nothing of torch."""
