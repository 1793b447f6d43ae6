"""AE, DAE and VAE of any tensor: the mathematics. Knows nothing of music or pictures."""
