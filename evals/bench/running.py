"""The stack that most of the measurements run on, with minds that cost nothing."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evals.bench.bare import TENANT, TEXT
from evals.bench.figure import Unmeasured
from evals.stack.sending import Outgoing, Sent, follow
from evals.stack.stack import Stack, scratch

ARTICLE = {"doc_id": "a", "title": "Passwords", "text": "Reset a password under Settings."}
DRAIN_SECONDS = 300.0


@contextmanager
def bench_stack(
    folder: Path, tenants: Sequence[str] = (TENANT,), **settings: str
) -> Iterator[Stack]:
    """Migrated, each tenant with a desk and an article; nothing is started yet."""
    desks, articles = folder / "desks", folder / "kb.jsonl"
    desks.mkdir(parents=True)
    articles.write_text(json.dumps(ARTICLE) + "\n", encoding="utf-8")
    for tenant in tenants:
        desk = f"tenant: {tenant}\ncompany: Bench\n"
        (desks / f"{tenant}.yaml").write_text(desk, encoding="utf-8")
    extra = {"DESKHAND_MINDS": "scripted", "DESKHAND_TENANT_CONCURRENCY": "4", **settings}
    with scratch(folder / "data", desks, fresh=True, **extra) as stack:
        for tenant in tenants:
            stack.run("kb", "add", str(articles), "--tenant", tenant)
        yield stack


def questions(name: str, count: int) -> list[Outgoing]:
    """So many equal tickets with keys of their own."""
    return [Outgoing(f"{name}-{n}", {"text": TEXT}) for n in range(count)]


def await_all(stack: Stack, key: str, sent: Sequence[Sent]) -> dict[str, dict[str, Any]]:
    """How each has ended, by ticket id. Raises `Unmeasured`."""
    with stack.client(key) as client:
        ended = follow(client, sent, DRAIN_SECONDS)
    if len(ended) < len(sent):
        msg = f"only {len(ended)} of {len(sent)} tickets ended within {DRAIN_SECONDS:.0f} s"
        raise Unmeasured(msg)
    return ended
