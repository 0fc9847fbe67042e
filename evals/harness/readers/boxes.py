"""Tabs and notes of MkDocs, as its pages show them."""

import re

_BOX = re.compile(r'^(?:===|!!!|\?\?\?\+?) +(?:[\w-]+ *)?(?:"(?P<title>[^"\n]*)")? *$')
_INDENT = " " * 4


def unboxed(text: str) -> str:
    """The title of each box (`=== "Windows"`, `!!! note "Title"`) as a line, and below it what is indented in it."""
    kept, boxed = [], False
    for line in text.split("\n"):
        found = _BOX.match(line)
        boxed = bool(found) or (boxed and (not line.strip() or line.startswith(_INDENT)))
        inside = f"\n{found['title'] or ''}\n" if found else line.removeprefix(_INDENT)
        kept.append(inside if boxed else line)
    return "\n".join(kept)
