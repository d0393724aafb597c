"""The format of data sets on disk: reading, writing and checking it, and what truth is."""
