"""The index: immutable generations of a catalog and its two projections."""
