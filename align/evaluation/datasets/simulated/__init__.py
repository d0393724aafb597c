"""Data sets made by the simulator from test tunes, held-out styles and held-out sounds.

`simulated-test` is frozen: its recipe is a file here, and whoever changes the simulator so that
its notes change has to give it a new name.
"""
