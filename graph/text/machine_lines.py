"""Lines that machines wrote and people pasted: logs, settings, the edges of code blocks."""

from __future__ import annotations

from memory.patterns import linear

_LOG = (
    r"^\W{0,4}(?:\d{4}-\d\d-\d\d|\d\d:\d\d(?::\d\d|[\])])|\w{3} +\d{1,2} \d\d:\d\d|\[?(?:ERROR|WARN|WARNING|INFO|DEBUG|TRACE|FATAL|CRITICAL)\]?[:\s]|\[SYSTEM\][:\s])"
    r"|^\s*at [\w$.<>/]+ ?\([^()]{0,120}\)$|^\s*File \".{1,200}\", line \d+|^\s*(?:raise|throw|return) \w[\w.]*\(.{0,200}\);?$|^[\w.]*\w(?:Error|Exception)(?::.*)?$|^Traceback \(most recent|^(?:Caused by|Exception in thread)\b"
)
LOG_LINE = linear(_LOG)
"""It begins with a moment or with how grave it is, or is a step of a stack trace."""
_MACHINE = linear(
    _LOG
    + r"|^\W{0,4}(?:[\w.-]+ ?){1,3}\s*[:=]\s*[\"']?(?P<value>[\w./@+-]*)[\"']?[,;]?$|^(?:`{3}|~{3})(?P<language>[\w-]*)$"
)
_LONGEST = {"value": 40, "language": 20}
"""Characters of the parts. Counted here: in the pattern the letters of every script take 14 MB forty times."""


def by_a_machine(line: str) -> bool:
    """Whether it is of a log, a setting with one word for its value, or the edge of a code block."""
    found = _MACHINE.search(line)
    return found is not None and all(
        len(found[one] or "") <= most for one, most in _LONGEST.items()
    )


def written_by_people(text: str) -> str:
    """The text without the lines of logs; all of it where nothing else is left."""
    kept = "\n".join(line for line in text.splitlines() if not LOG_LINE.search(line))
    return kept if kept.strip() else text
