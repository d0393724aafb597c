"""What was measured: kept runs of `covers evaluate` as pages for people and JSON for programs."""
