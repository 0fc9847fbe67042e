"""The list of erased people beside the data: what a restored backup is erased of again.

One JSON object a line: the erasure's id, the tenant, the keyed digest of the address and the ids
of the tickets. It is no secret, and without the installation's key it names nobody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memory.tables import Erasure

FILE = "erased.jsonl"


@dataclass(frozen=True)
class Sidecar:
    """The file at `path`. Lines are only ever added; the last one of an erasure counts."""

    path: Path

    def add(self, erasure: Erasure) -> None:
        """Write it down, on disk before this returns; a line that stands there is enough."""
        line = {
            "erasure": erasure.id,
            "tenant": erasure.tenant,
            "person": erasure.person,
            "customer": erasure.customer,
            "tickets": erasure.tickets,
            "requested_at": erasure.requested_at.isoformat(),
        }
        if self.entries().get(erasure.id) == line:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            # Begun on a line of its own: a power cut may have broken the one before.
            file.write("\n" + json.dumps(line, sort_keys=True) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def entries(self) -> dict[str, dict[str, Any]]:
        """What is known of each erasure, by its id."""
        return {one["erasure"]: one for one in self._lines()}

    def _lines(self) -> Iterator[dict[str, Any]]:
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                with suppress(json.JSONDecodeError):  # its erasure has gone on and written it again
                    if line.strip():
                        yield json.loads(line)
