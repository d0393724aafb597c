"""Moving pictures of renditions: one look per kind of cover, drawn from its notes and beats.

`canvas` draws anti-aliased light, `show` prepares what a scene needs to know, every `scene_*`
module holds looks, `video` writes the film.
"""
