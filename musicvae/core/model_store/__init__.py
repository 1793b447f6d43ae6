"""A model on disk and on the hub: config, weights and card, and which model it is."""
