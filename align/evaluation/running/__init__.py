"""Running methods over recordings: what is to be done, in which processes, at what cost."""
