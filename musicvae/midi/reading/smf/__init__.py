"""The bytes of a Standard MIDI File -> what it says, in ticks; whatever bytes they are."""
