"""Songs -> measures on disk -> batches of tensors."""
