"""Measuring alignment on data sets with human or exact truth.

`annotation` is the truth, `estimate` is ours or a baseline's, as in mir_eval.
"""
