"""Training material for the aligner: a simulator of covers with exact truth.

A ladder, each rung usable alone: `tune` (lead sheet) -> `form` (which bars, in which order) ->
`arrangement` (parts with notes, in beats) -> `performance` (notes in seconds) -> `sound` and `mix`
(stereo audio) -> `truth` (what is where). `simulator.simulate` climbs it. `demo` renders the
committed demo library, `pictures` its videos.
"""
