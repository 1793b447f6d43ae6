"""A song <-> a small file: as codes of its measures, or note for note."""
