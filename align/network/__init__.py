"""The tracker's networks: what they are given, what they are, and where their weights lie.

`place` says where in a song each moment is, `pulse` where its beats are and which attacks they
have. Both are recurrent, small, and run on one core.
"""
