"""From notes in beats to notes in seconds, as people play."""
