"""What both `train` commands share: options, progress and what they say in the end."""
