"""How songs are compressed where nothing else is said. Apart from what does it, which loads torch."""

STEP = 1.0  # to whose multiples codes are rounded
