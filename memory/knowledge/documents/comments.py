"""Comments of MDX (`{/* ... */}`; Docusaurus reads .md files so, too) and of Obsidian (`%% ... %%`)."""

from __future__ import annotations

from collections.abc import Sequence

_ENDS = {"{/*": "*/}", "%%": "%%"}
"""By what the first line of a comment begins, and its last one ends."""


class Comments:
    """Which lines of a text no reader sees; each is asked about once, in order."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._open = ""
        """What ends the comment that the next line stands in."""
        self._last = {
            ends: max((n for n, one in enumerate(lines) if one.rstrip().endswith(ends)), default=-1)
            for ends in _ENDS.values()
        }
        """The last line that ends a comment, of each kind."""

    def hold(self, at: int, bare: str) -> bool:
        """Whether the line at that place, without blanks around it, is of a comment; one that never ends is none."""
        if self._open:
            self._open = "" if bare.endswith(self._open) else self._open
            return True
        begins = next((one for one in _ENDS if bare.startswith(one)), "")
        ends = _ENDS.get(begins, "")
        closed = bool(ends) and ends in bare[len(begins) :]
        if not ends or (closed and not bare.endswith(ends)):  # the rest of the line is read
            return False
        if not closed and self._last[ends] <= at:
            return False
        self._open = "" if closed else ends
        return True
