"""What songs are like, how well a music model says them back, and what a training leaves of that."""
