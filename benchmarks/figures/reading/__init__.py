"""How rightly scores are read: the notes that musicvae finds, beside those of other readers."""
