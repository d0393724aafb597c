"""The committed demo library: its items, films and truth."""
