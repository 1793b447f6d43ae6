"""AE, DAE and VAE of pictures: the same `core/` that the measures of songs are built on."""
