"""`fit`: how an autoencoder learns, on what device and how precisely."""
