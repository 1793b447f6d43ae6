"""`musicvae images COMMAND`: a module for each."""
