"""A reply as HTML beside its plain text: paragraphs, lists, code and links, and nothing that can act.

The plain text is the message; this is the same words with their form shown. Replies are put together
of articles' blocks as plain text, so lists and code are as CommonMark writes them, and marks that
mean nothing in a letter (`#`, `_`, `*`, `<`) are shown as they are.
"""

from __future__ import annotations

from memory.patterns import linear

MOST_CHARS = 100_000
"""Of a text; a reply has 50,000 at most."""
_MEANT = linear(r"[\\*_~#<>&`\[\]|!^$=+:]")
_LINK = linear(r"https?://[^\s<>\"'`()\[\]{}|\\^]+")
_LINK_END = ".,;:!?"
_FENCE = "```"
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

    rendering = comrak.RenderOptions()
    rendering.escape = rendering.hardbreaks = True
    return comrak.render_markdown(_plain_marks(text), render_options=rendering)


def _plain_marks(text: str) -> str:
    """The text as Markdown that renders as it reads; code between fences stays as it is."""
    lines, fenced = [], False
    for line in text.split("\n"):
        is_fence = line.strip() == _FENCE
        lines.append(_FENCE if is_fence else line if fenced else _line(line))
        fenced ^= is_fence
    return "\n".join(lines)


def _line(line: str) -> str:
    words = line.lstrip()
    if not words.strip("- \t"):
        return words.replace("-", "\\-")  # else a rule, or the line above it a heading
    line = " " * min(len(line) - len(words), MOST_INDENT) + words
    parts, end = [], 0
    for match in _LINK.finditer(line):
        address = match.group().rstrip(_LINK_END)
        parts += [_escaped(line[end : match.start()]), f"<{address}>"]
        end = match.start() + len(address)
    return "".join([*parts, _escaped(line[end:])])


def _escaped(words: str) -> str:
    return _MEANT.sub(lambda match: f"\\{match.group()}", words)
