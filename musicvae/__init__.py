"""musicvae: learns a latent space over the measures of songs, and writes new music from it.

Dimensions
----------
One letter means one thing everywhere: ``B`` batch or windows, ``N`` measures of a song, ``T`` steps of
a measure, ``S`` steps of a window, ``P`` pitches, ``V`` (part, pitch) pairs, ``H`` hidden, ``F``
features of a measure, ``Z`` latent.
"""
