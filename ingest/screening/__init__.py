"""Screening by metadata: what a source says of a recording, before anything of it is fetched."""
