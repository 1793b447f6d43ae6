"""The public-domain music inside the package music21, exported as MIDI files."""
