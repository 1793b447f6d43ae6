"""What commands are given: songs, models and compressed files, found and read."""
