"""Folders of songs -> measures to train on, read once and kept."""
