"""Training the networks: recordings with truth -> lessons -> batches -> weights.

Everything that the networks see comes from `align.network.inputs`, as when they are used.
"""
