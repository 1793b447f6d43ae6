"""How well a picture model says pictures back, and what a training leaves of that."""
