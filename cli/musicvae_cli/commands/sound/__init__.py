"""`musicvae render` and `musicvae play`: songs to be heard."""
