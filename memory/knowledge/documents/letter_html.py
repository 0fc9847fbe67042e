"""A reply as HTML beside its plain text: paragraphs, lists, tables, code and links, and nothing that can act.

The plain text is the message; this is the same words with their form shown. Replies are put together
of articles' blocks as plain text, so lists and code are as CommonMark writes them, and marks that
mean nothing in a letter (`#`, `_`, `*`, `<`) are shown as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from memory.patterns import linear

MOST_CHARS = 100_000
"""Of a text; a reply has 50,000 at most."""
_MEANT = linear(r"[\\*_~#<>&`\[\]|!^$=+:]")
_LINK = linear(r"https?://[^\s<>\"'`()\[\]{}|\\^]+")
_LINK_END = ".,;:!?"
_FENCE = "```"
MOST_WIDTH = 76
"""Characters of a line of a plain table; a wider one is told cell by cell."""
_RULE = frozenset("|-: ")
_ESCAPED_BAR = "\x00"
MOST_INDENT = 3
"""Spaces before a line: with four it would be code."""


def letter_html(text: str) -> str:
    r"""The text as a fragment of HTML. Raises `ValueError` if it is longer than `MOST_CHARS`.

    No tag, attribute or scheme in it comes from the text but `http` and `https` links, which are
    written out, so that a reader sees where they lead.

    >>> letter_html("1. Open <Menu>.")
    '<ol>\n<li>Open &lt;Menu&gt;.</li>\n</ol>\n'
    """
    if len(text) > MOST_CHARS:
        raise ValueError(f"the text has {len(text)} characters, at most {MOST_CHARS} become HTML")
    import comrak

    rendering, extensions = comrak.RenderOptions(), comrak.ExtensionOptions()
    rendering.escape = rendering.hardbreaks = extensions.table = True
    return comrak.render_markdown(
        _plain_marks(text), extension_options=extensions, render_options=rendering
    )


def plain_tables(text: str) -> str:
    r"""The text with its tables in columns instead of bars; a wide one as a line for each cell.

    >>> print(plain_tables("| Size | Price |\n| --- | --- |\n| Small | 4 |"))
    Size   Price
    Small  4
    """
    parts = []
    for lines, rows in _tables(text):
        parts.append(_columns(rows) if rows else "\n".join(lines))
    return "\n".join(parts)


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) + 2 for column in zip(*rows, strict=True)]
    if sum(widths) - 2 <= MOST_WIDTH:
        padded = ("".join(map(str.ljust, row, widths)) for row in rows if any(row))
        return "\n".join(row.rstrip() for row in padded)
    header, *body = rows
    told = (
        "\n".join(
            f"{name}: {cell}" if name else cell for name, cell in zip(header, row, strict=True)
        )
        for row in body
    )
    return "\n\n".join(told)


def _tables(text: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Runs of lines, each with the cells of its rows where it is a table outside of code."""
    plain: list[str] = []
    lines, at, fenced = text.split("\n"), 0, False
    while at < len(lines):
        rows = [] if fenced else _rows(lines, at)
        if not rows:
            fenced ^= lines[at].strip() == _FENCE
            plain.append(lines[at])
            at += 1
            continue
        if plain:
            yield plain, []
        yield lines[at : at + len(rows) + 1], rows
        plain, at = [], at + len(rows) + 1
    if plain or not lines:
        yield plain, []


def _rows(lines: Sequence[str], at: int) -> list[list[str]]:
    """The cells of the header and the rows of a table that begins there; none where none does."""
    rule = lines[at + 1].strip() if at + 1 < len(lines) else ""
    header = _cells(lines[at])
    if (
        not header
        or "---" not in rule
        or not set(rule) <= _RULE
        or len(_cells(rule)) != len(header)
    ):
        return []
    rows = [header]
    for line in lines[at + 2 :]:
        cells = _cells(line)
        if len(cells) != len(header):
            break
        rows.append(cells)
    return rows


def _cells(line: str) -> list[str]:
    bare = line.strip().replace("\\|", _ESCAPED_BAR)
    if len(bare) < len("| |") or not (bare.startswith("|") and bare.endswith("|")):
        return []
    return [cell.strip().replace(_ESCAPED_BAR, "|") for cell in bare[1:-1].split("|")]


def _plain_marks(text: str) -> str:
    """The text as Markdown that renders as it reads; code between fences stays as it is."""
    parts = [_marked_rows(rows) if rows else _marked(lines) for lines, rows in _tables(text)]
    return "\n".join(parts)


def _marked_rows(rows: Sequence[Sequence[str]]) -> str:
    head, *body = ["| " + " | ".join(map(_linked, row)) + " |" for row in rows]
    return "\n".join(["", head, "|" + " --- |" * len(rows[0]), *body, ""])


def _marked(text: Sequence[str]) -> str:
    lines, fenced = [], False
    for line in text:
        is_fence = line.strip() == _FENCE
        lines.append(_FENCE if is_fence else line if fenced else _line(line))
        fenced ^= is_fence
    return "\n".join(lines)


def _line(line: str) -> str:
    words = line.lstrip()
    if not words.strip("- \t"):
        return words.replace("-", "\\-")  # else a rule, or the line above it a heading
    return _linked(" " * min(len(line) - len(words), MOST_INDENT) + words)


def _linked(line: str) -> str:
    parts, end = [], 0
    for match in _LINK.finditer(line):
        address = match.group().rstrip(_LINK_END)
        parts += [_escaped(line[end : match.start()]), f"<{address}>"]
        end = match.start() + len(address)
    return "".join([*parts, _escaped(line[end:])])


def _escaped(words: str) -> str:
    return _MEANT.sub(lambda match: f"\\{match.group()}", words)
