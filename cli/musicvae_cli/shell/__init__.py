"""What every command has: errors as sentences, progress, JSON, chance and shared options."""
