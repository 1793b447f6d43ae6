"""`musicvae continue`, `infill` and `accompany`: the file that was given, with new music in it."""
