"""Plain texts whose headings are lines in capitals: "CAUSE", "RESOLVING THE PROBLEM"."""

FEWEST = 2
"""Such lines from which on they are the text's headings, and no cry or name."""
LONGEST = 60
"""Characters of such a line."""
SHORTEST = 4


def with_headings(text: str) -> str:
    r"""The text with each of them marked as in Markdown; as it is where it marks its headings itself.

    >>> with_headings("CAUSE\nIt is full.\n\nWHAT TO DO\nEmpty it.")
    '## CAUSE\n\nIt is full.\n\n## WHAT TO DO\n\nEmpty it.'
    """
    lines = text.split("\n")
    if any(line.startswith("#") for line in lines):
        return text
    found = {n for n in range(len(lines) - 1) if _is_heading(lines, n)}
    if len(found) < FEWEST:
        return text
    title = _title(lines, found)
    return "\n".join(
        f"{'#' if n == title else '##'} {one.strip()}\n" if n in found else one
        for n, one in enumerate(lines)
        if not (n - 1 in found and _is_rule(one))
    )


def _is_rule(line: str) -> bool:
    """Whether it merely underlines the heading above it."""
    return bool(line.strip()) and set(line.strip()) <= set("=-~_*")


def _title(lines: list[str], found: set[int]) -> int | None:
    """The line that is the text's title: the first one, with the first heading right below it."""
    said = [n for n, one in enumerate(lines) if one.strip()][:2]
    return said[0] if len(said) > 1 and set(said) <= found else None


def _is_heading(lines: list[str], at: int) -> bool:
    """Whether a line of capitals alone stands there, with nothing above it."""
    line, above = lines[at].strip(), lines[at - 1].strip() if at else ""
    words = line.rstrip(":").split()
    return (
        not above
        and SHORTEST <= len(line) <= LONGEST
        and line.isupper()
        and words[0][:1].isalpha()
        and all(word.strip("()&/-,'’").isalnum() or not word.strip("&/-–") for word in words)
        and not lines[at].startswith((" ", "\t"))
    )
