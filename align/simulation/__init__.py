"""A simulator of covers with exact truth.

A ladder, each rung usable alone: `score` (lead sheets) -> `arranging` (which bars in which order,
and parts with notes, in beats) -> `playing` (notes in seconds) -> `sound` (audio) -> `truth` (what
is where). `simulator.simulate` climbs it. `demo` renders the committed demo library.
"""
