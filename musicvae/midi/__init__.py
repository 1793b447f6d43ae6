"""Music without torch: songs as they are read, kept on a grid, compared and written."""
