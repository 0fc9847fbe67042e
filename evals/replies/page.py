"""The first replies of a measurement as a page to be read: unselected, in the order of the tickets."""

from collections.abc import Sequence

from evals.replies.sets import Case, Reply

HEAD = """# Replies, as they are sent

The first {count} replies of the local minds to the tickets of the example companies, in the order
of the tickets and unselected; {left} tickets before the last of them went to people or were asked
back. Made by `python -m evals replies --out R.json --page docs/replies.md --print {wanted}`.
"""


def page(told: Sequence[tuple[Case, Reply | None]], wanted: int) -> str:
    """Markdown: each ticket as a quotation, the reply as it left."""
    parts, left, count = [], 0, 0
    for case, reply in told:
        if count == wanted:
            break
        if reply is None:
            left += 1
            continue
        count += 1
        parts.append(_entry(count, case, reply))
    return "\n".join([HEAD.format(count=count, left=left, wanted=wanted), *parts])


def _entry(number: int, case: Case, reply: Reply) -> str:
    row = case.row
    asked = "\n".join(f"> {line}".rstrip() for line in f"{row.subject}\n\n{row.body}".split("\n"))
    fence = "````" if "```" in reply.text else "```"
    return f"## {number}. {row.id}\n\n{asked}\n\n{fence}text\n{reply.text}\n{fence}\n"
