"""From notes in seconds to a recording."""
