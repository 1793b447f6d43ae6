"""MusicXML, ABC and Humdrum -> what a score says, in ticks: a walk over each format, one Source for all."""
