"""The list of erased people beside the data: what a restored backup is erased of again.

One JSON object a line: the erasure's id, the tenant, the keyed digest of the address and the ids
of the tickets. It is no secret, and without the installation's key it names nobody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memory.tables import Erasure

FILE = "erased.jsonl"
Entry = dict[str, Any]
"""A line: what is known of one erasure."""


@dataclass(frozen=True)
class Sidecar:
    """The file at `path`. Lines are only ever added; what all lines of an erasure say counts."""

    path: Path

    def add(self, *erasures: Erasure, known: Mapping[str, Entry] | None = None) -> None:
        """Write them down, on disk before this returns; what stands there is not written again.

        `known`: what stands there, where the caller has just read it.
        """
        if known is None:
            known = self.entries()
        lines = [
            line
            for one in erasures
            if _joined(known.get(one.id), line := _line(one)) != known.get(one.id)
        ]
        if not lines:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            # Begun on a line of its own: a power cut may have broken the one before.
            file.write("".join(f"\n{json.dumps(line, sort_keys=True)}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())

    def entries(self) -> dict[str, Entry]:
        """What is known of each erasure, by its id."""
        found: dict[str, Entry] = {}
        for line in self._lines():
            found[line["erasure"]] = _joined(found.get(line["erasure"]), line)
        return found

    def _lines(self) -> Iterator[Entry]:
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                with suppress(json.JSONDecodeError):  # its erasure has gone on and written it again
                    if line.strip():
                        yield json.loads(line)


def _line(erasure: Erasure) -> Entry:
    return {
        "erasure": erasure.id,
        "tenant": erasure.tenant,
        "person": erasure.person,
        "customer": erasure.customer,
        "tickets": sorted(erasure.tickets),
        "requested_at": erasure.requested_at.isoformat(),
    }


def _joined(before: Entry | None, line: Entry) -> Entry:
    """Two processes write beside each other, so a later line may know less than an earlier one."""
    if before is None:
        return line
    tickets = sorted({*before["tickets"], *line["tickets"]})
    return {**line, "customer": line.get("customer") or before.get("customer"), "tickets": tickets}
