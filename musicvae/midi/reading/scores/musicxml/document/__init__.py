"""A MusicXML file as a tree: bytes, archives, the part list, measures in columns."""
