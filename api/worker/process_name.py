"""How a worker gets its name from whoever starts it."""

from __future__ import annotations

import os
import uuid

NAME = "DESKHAND_WORKER_NAME"
"""Environment: the name that the supervisor has given to this start of the worker."""


def own_name() -> str:
    """The name given, or a new one. What this process starts does not get it."""
    return os.environ.pop(NAME, "") or f"worker-{uuid.uuid4().hex[:12]}"
