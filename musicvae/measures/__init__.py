"""The music model: a measure <-> its code, and the song that goes on from there."""
