"""Privacy models: which classes of a candidate may not leave.

size: how many persons. diversity, closeness: their sensitive values. whole: the table as a whole. What
they look at stands in `classes`.
"""
