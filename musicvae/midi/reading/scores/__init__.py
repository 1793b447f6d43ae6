"""MusicXML, ABC and Humdrum -> what the score says, in ticks."""
