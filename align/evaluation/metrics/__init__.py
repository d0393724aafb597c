"""How far estimates are from annotations: one module per question, plain functions of arrays.

`annotation` is the truth and `estimate` is what a method found, as in mir_eval. Shares lie in
0..1. Everything that averages takes weights, one per cover, so that a bootstrap is the same
function on other weights.
"""
