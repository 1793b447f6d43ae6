"""Scripts of what is to be written, and their performance by a model: what every command stands on."""
