"""From sound to a time map: the only package that knows torch, librosa and madmom.

A ladder, each rung usable alone:

    audio -> features -> networks -> beats, downbeats, sections                       (analysis)
                             |-> likeness -> matching -> path -> refinement -> time map  (alignment)

Importing the package imports nothing heavy.
"""
