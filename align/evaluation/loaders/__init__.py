"""Annotations in published layouts -> data sets; recordings stay where they are."""
