"""Measures as piano rolls: read into features, and sketched from codes."""
