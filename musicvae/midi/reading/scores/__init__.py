"""MusicXML, ABC and Humdrum -> what the score says, in ticks: a walk over each format, and one Source for all."""
