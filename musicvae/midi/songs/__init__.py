"""What a song is: notes on a grid in measures and parts, and what can be made of them without a file."""
