"""Which repairs of a song with wrong notes are likeliest."""
