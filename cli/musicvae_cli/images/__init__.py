"""`musicvae images`: autoencoders of pictures."""
