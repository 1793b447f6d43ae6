"""How songs repeat themselves: plans of repetition, learned from songs and drawn for new ones."""
