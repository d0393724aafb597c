"""Looking for covers: what a search asks, what it found, and what of that is new."""
