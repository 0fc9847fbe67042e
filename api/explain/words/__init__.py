"""The words of every code, one place for each code.

Each function matches on an enum and ends in `assert_never`: mypy finds a code without words.
"""
