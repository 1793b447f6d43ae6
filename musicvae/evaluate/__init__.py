"""What music and models are like: numbers and pictures. Knows nothing of the command line."""
