"""What commands leave: files that overwrite nobody's work, and what is said about them."""
