"""Figures of songs, of trainings and of pictures."""
