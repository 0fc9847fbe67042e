"""Starts the misbehaving model in a process of its own, and tells it what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from evals.faults.process import serving


@dataclass(frozen=True)
class FaultyModel:
    """A running server."""

    url: str
    client: httpx2.Client

    @property
    def base_url(self) -> str:
        """What an OpenAI client is given."""
        return f"{self.url}/v1"

    def plan(self, *faults: dict[str, Any], tool: str = "*", forever: bool = False) -> None:
        """What the next calls meet; see `evals.faults.model_server.ModelFault`."""
        body = {"tool": tool, "faults": list(faults), "forever": forever}
        self.client.post(f"{self.url}/_control/plan", json=body).raise_for_status()

    def reset(self) -> None:
        """Forget plans and calls."""
        self.client.post(f"{self.url}/_control/reset").raise_for_status()

    def stats(self) -> dict[str, Any]:
        """{"calls": {tool: n}, "prompts": [...], "cancelled": n, "most_at_once": n}."""
        found: dict[str, Any] = self.client.get(f"{self.url}/_control/stats").json()
        return found

    @property
    def calls(self) -> int:
        """Calls that have arrived."""
        return sum(self.stats()["calls"].values())

    @property
    def most_at_once(self) -> int:
        """The most calls that hung or were slow at the same moment."""
        return int(self.stats()["most_at_once"])


@contextmanager
def serving_model(script: Path | None = None) -> Iterator[FaultyModel]:
    """A server on a free port of loopback, ended at the end; it follows the script, or rules."""
    arguments = () if script is None else ("--script", str(script))
    with serving("evals.faults.model_server", *arguments) as service:
        yield FaultyModel(service.base_url, service.client)
