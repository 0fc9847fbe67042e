"""Threads of an earlier release come into the ledger, whole and once."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.checkpoint.sqlite import SqliteSaver
from sqlalchemy import text

from memory.storage.checkpoints import strict_serializer
from memory.storage.database import Database
from memory.storage.migrate import migrate, opened
from memory.storage.opening import open_checkpoints
from memory.storage.urls import plain_url
from tests.memory.storage.test_checkpoints import blank, where
from tests.postgres import copy_of


def earlier(saver: Any) -> None:
    """What an earlier release left: two checkpoints and a write that waits."""
    for name in ("1", "2"):
        made = blank(name, part={"of": name})
        made["channel_versions"] = {"part": f"{int(name):032}.0123"}
        made["versions_seen"] = {"triage": made["channel_versions"]}
        saver.put(where("t"), made, {"step": int(name)}, made["channel_versions"])
    saver.put_writes(where("t", checkpoint_id="2"), [("x", [1])], "task")


async def arrived(url: str) -> None:
    """The newest is there as it was, under its fence, with numbers for versions."""
    async with Database(url) as database:
        found = await open_checkpoints(database).newest("t")
        fence = await database.units.read(lambda do: do.row("SELECT epoch FROM threads"))
    assert found is not None
    assert found.checkpoint["channel_values"] == {"part": {"of": "2"}}
    assert found.checkpoint["channel_versions"] == {"part": 2}
    assert found.checkpoint["versions_seen"] == {"triage": {"part": 2}}
    assert found.metadata["step"] == 2
    assert found.pending_writes == [("task", "x", [1])]
    assert fence == (3,)


async def test_from_the_file_beside_the_ledger(tmp_path: Path, sqlite_template: Path) -> None:
    """The file goes, since what it holds is erased in the ledger from now on."""
    url = copy_of(sqlite_template, tmp_path)
    file = tmp_path / "checkpoints.db"
    with closing(sqlite3.connect(file, check_same_thread=False)) as connection:
        earlier(SqliteSaver(connection, serde=strict_serializer()))
        connection.execute("CREATE TABLE fences (thread_id TEXT PRIMARY KEY, epoch INTEGER)")
        connection.execute("INSERT INTO fences VALUES ('t', 3)")
        connection.commit()
    migrate(url)
    migrate(url)
    await arrived(url)
    assert not file.exists()


async def test_from_langgraphs_tables(tmp_path: Path, postgres_template: Path) -> None:
    """They are left empty."""
    url = copy_of(postgres_template, tmp_path)
    with PostgresSaver.from_conn_string(plain_url(url)) as saver:
        saver.setup()
        saver.serde = strict_serializer()
        earlier(saver)
    with psycopg.connect(plain_url(url)) as connection:
        connection.execute("INSERT INTO checkpoint_fences VALUES ('t', 3)")
    migrate(url)
    migrate(url)
    await arrived(url)
    with opened(url) as looking:
        assert looking.scalar(text("SELECT count(*) FROM checkpoint_blobs")) == 0
