"""Renditions: a cover's sound warped onto the Reference's timeline, to be played at rate 1."""
