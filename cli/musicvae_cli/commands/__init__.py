"""`musicvae COMMAND`: a module for each."""
