"""Data sets that are built on the spot: what they are made of, and how."""
