"""A MIDI file with new notes in it; all that was there stays as it was."""
