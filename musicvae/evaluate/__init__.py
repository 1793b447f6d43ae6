"""What music and models are worth: tables and pictures."""
