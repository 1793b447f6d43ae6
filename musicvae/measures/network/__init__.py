"""The networks: an encoder of piano rolls, decoders of notes and of rolls, and their autoencoder."""
