"""Patterns for text that others wrote."""

from memory.patterns import compiled


def test_a_pattern_is_compiled_once() -> None:
    """A desk's own patterns are asked for with each message, and compiling costs more than looking."""
    assert compiled(r"FH-\d{6}") is compiled(r"FH-\d{6}")
    assert compiled(r"FH-\d{6}") is not compiled(r"FH-\d{6}", ignore_case=True)
