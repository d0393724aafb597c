"""From sound to a time map: the only package that knows torch, librosa and madmom.

A ladder, each rung usable alone and replaceable by a learned one:

    audio -> features -> descriptors -> activations -> beats, downbeats, sections   (analysis)
                             |-> matching -> path -> refinement -> time map         (alignment)

Importing the package imports nothing heavy.
"""
