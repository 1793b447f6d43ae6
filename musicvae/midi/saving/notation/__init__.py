"""Songs as notation: note values, voices, spelling and staves -> MusicXML."""
