"""Measures: the same code as production, on labelled cases."""
