"""Songs put right: repairs of a measure, what the noisy channel says of them, and the best of them."""
