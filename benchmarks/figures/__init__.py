"""The figures of a released model, each a function of a `Bench`."""
