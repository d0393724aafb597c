"""The demo library: songs that may be given away, built through the whole pipeline."""
