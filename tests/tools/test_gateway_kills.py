"""A process is killed around its write; whoever comes next does it once, or tells a person."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from evals.faults.process import FaultyService
from memory.storage.database import Database
from memory.tables import metadata
from tests.tools.dies import PLACES, refund


@pytest.mark.parametrize("path", ["/refunds", "/unkeyed/refunds"])
@pytest.mark.parametrize("place", PLACES)
async def test_killed_around_an_effect(
    service: FaultyService, tmp_path: Path, place: str, path: str
) -> None:
    """Whoever lives does it once, or says that nobody can tell and leaves it alone."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    async with Database(url) as database, database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    command = [sys.executable, "-m", "tests.tools.dies", url, service.base_url, path, place]
    died = await asyncio.to_thread(subprocess.run, command, check=False)
    assert died.returncode == -9
    outcome = await refund(url, service.base_url, path, "nowhere")
    performed = service.performed(path.strip("/").split("/")[0])
    in_doubt = path.startswith("/unkeyed") and place in {"after_intent", "after_effect"}
    assert outcome["status"] == ("unknown" if in_doubt else "ok")
    assert performed == (0 if in_doubt and place == "after_intent" else 1)
