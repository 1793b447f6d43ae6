"""Songs made audible: MIDI files -> sound in files, in notebooks and by loudspeakers, or on instruments."""
