"""Music in, music out: one module for each thing that can be done."""
