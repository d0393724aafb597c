"""Who comes next, and which hashtags there are, of songs with very many covers."""
