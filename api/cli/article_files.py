"""What `deskhand kb add` reads from files, and what it says of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli import screen
from api.cli.failures import USAGE, CommandFault

if TYPE_CHECKING:
    from memory.knowledge.article_draft import ArticleDraft, Skipped
    from memory.knowledge.staging import Staged

SHOWN_SKIPPED = 20
"""Skipped sources named one by one; more are counted."""


def read(paths: list[Path]) -> tuple[list[ArticleDraft], list[Skipped]]:
    """The articles of these files, each id once, and what gave none."""
    from memory.knowledge.article_draft import Skipped

    drafts: dict[str, ArticleDraft] = {}
    skipped: list[Skipped] = []
    with screen.progress("reading") as bar:
        for one in _found(paths):
            if isinstance(one, Skipped):
                skipped.append(one)
            elif one.doc_id in drafts:
                why = f"doc_id {one.doc_id!r} was already read from {drafts[one.doc_id].source}"
                skipped.append(Skipped(one.source, why))
            else:
                drafts[one.doc_id] = one
            bar.advance(bar.task_ids[0])
        bar.update(bar.task_ids[0], total=len(drafts) + len(skipped))
    return list(drafts.values()), skipped


def _found(paths: list[Path]) -> Iterator[ArticleDraft | Skipped]:
    from api.cli.bounded_reading import BoundedReader
    from memory.knowledge.article_draft import Skipped
    from memory.knowledge.article_files import files_of

    with BoundedReader() as reader:
        for path in paths:
            try:
                files = files_of(path)
            except FileNotFoundError as error:
                raise CommandFault(str(error), USAGE) from error
            for one, root in files:
                if isinstance(one, Skipped):
                    yield one
                else:
                    yield from reader.read(one, root)


def report(tenant: str, staged: Staged, drafts: list[ArticleDraft], skipped: list[Skipped]) -> None:
    """Print what loading them came to."""
    counts = (staged.added, staged.changed, staged.unchanged, staged.removed, len(skipped))
    columns = ("Tenant", "Added", "Changed", "Unchanged", "Removed", "Skipped")
    screen.out().print(screen.table(columns, [(tenant, *counts)]))
    _report_notices(drafts)
    _report_held(staged)
    if not skipped:
        return
    out = screen.out()
    out.print()
    shown = [(one.source, one.why) for one in skipped[:SHOWN_SKIPPED]]
    out.print(screen.table(("Skipped", "Why"), shown))
    if len(skipped) > SHOWN_SKIPPED:
        out.print(f"... and {len(skipped) - SHOWN_SKIPPED} more")


def _report_notices(drafts: list[ArticleDraft]) -> None:
    """What a person should know of articles that were read, each notice once."""
    said: dict[str, list[str]] = {}
    for draft in drafts:
        for notice in draft.notices:
            said.setdefault(notice, []).append(draft.source)
    if not said:
        return
    out = screen.out()
    for notice, sources in list(said.items())[:SHOWN_SKIPPED]:
        where = sources[0] if len(sources) == 1 else f"{len(sources)} articles"
        out.print(f"Note on {where}: {notice}", markup=False, soft_wrap=True)
    if len(said) > SHOWN_SKIPPED:
        out.print(f"... and {len(said) - SHOWN_SKIPPED} more")


def _report_held(staged: Staged) -> None:
    """Articles that the agent does not see before a person has looked at them."""
    if not staged.held:
        return
    out = screen.out()
    out.print()
    rows = [(one, "contains what reads like instructions to the agent") for one in staged.held]
    out.print(screen.table(("Held back", "Because it"), rows[:SHOWN_SKIPPED]))
    if len(rows) > SHOWN_SKIPPED:
        out.print(f"... and {len(rows) - SHOWN_SKIPPED} more")
    screen.notes().print("See what they say and clear them with `deskhand kb clear ARTICLE`.")
