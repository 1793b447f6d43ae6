"""MusicXML, plain or compressed -> the walk of its parts."""
