"""Music in, music out: what a trained model can do with songs."""
