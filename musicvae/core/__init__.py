"""AE, DAE and VAE of any tensor. Knows nothing of music or pictures."""
