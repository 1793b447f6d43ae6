"""Songs, and whatever files say -> MIDI and MusicXML; songs <-> PrettyMIDI."""
