"""Songs -> MIDI files, and songs <-> PrettyMIDI."""
