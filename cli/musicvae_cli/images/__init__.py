"""What the commands of `musicvae images` share."""
