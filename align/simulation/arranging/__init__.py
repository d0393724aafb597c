"""From lead sheet and style to parts with notes, in beats."""
