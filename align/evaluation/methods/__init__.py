"""Our tracker and everything it is measured against, each behind one registry."""
