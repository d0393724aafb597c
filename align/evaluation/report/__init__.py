"""Metrics for people: one self-contained page, its figures, sounds to listen to, comparisons.

Everything is made of what `align.evaluation.results` describes and of the recordings themselves.
"""
