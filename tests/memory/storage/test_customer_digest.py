"""Digests of customers: keyed, found again, and worked out anew in older ledgers."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from memory import handoffs
from memory.handoffs import Filter
from memory.storage.customer_digest import customer_digest, digest
from memory.storage.database import Database
from memory.storage.hmac_key import FILE
from memory.storage.migrate import migrate

OLD = Path(__file__).with_name("ledger_at_0007.sql")
ADDRESS = "Ann@Example.COM"
KEY = b"another installation's key"


def _plain(tenant: str) -> str:
    return hashlib.sha256(f"{tenant}\nann@example.com".encode()).hexdigest()


def _old(folder: Path) -> Path:
    """A ledger of the first release; one customer is known by plain digests."""
    path = folder / "deskhand.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(OLD.read_text(encoding="utf-8"))
        connection.execute("UPDATE tickets SET customer_email = ?", (ADDRESS,))
        connection.execute("UPDATE handoffs SET customer = ?", (_plain("acme"),))
    return path


def _stored(path: Path) -> set[str | None]:
    with closing(sqlite3.connect(path)) as connection:
        return {one for (one,) in connection.execute("SELECT customer FROM handoffs")}


def test_an_older_ledger_gets_keyed_digests(tmp_path: Path) -> None:
    """With the key beside it, under which the address is found again."""
    path = _old(tmp_path)
    migrate(f"sqlite:///{path}")
    key = (tmp_path / FILE).read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        (tenant,) = connection.execute("SELECT tenant FROM handoffs LIMIT 1").fetchone()
    assert _stored(path) == {digest(key, tenant, "ann@example.com")}


def test_a_key_that_was_given_is_used(tmp_path: Path) -> None:
    """And none is made beside the data."""
    path = _old(tmp_path)
    migrate(f"sqlite:///{path}", lambda: KEY)
    assert not (tmp_path / FILE).exists()
    with closing(sqlite3.connect(path)) as connection:
        (tenant,) = connection.execute("SELECT tenant FROM handoffs LIMIT 1").fetchone()
    assert _stored(path) == {digest(KEY, tenant, ADDRESS)}


def test_of_whom_no_address_is_left_no_digest_is(tmp_path: Path) -> None:
    """A plain digest that cannot be keyed is not kept."""
    path = _old(tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE tickets SET customer_email = NULL")
    migrate(f"sqlite:///{path}")
    assert _stored(path) == {None}


async def test_the_queue_finds_a_customer_by_the_keyed_digest(tmp_path: Path) -> None:
    """Whatever the address's case; with another key there is nobody."""
    path = _old(tmp_path)
    migrate(f"sqlite:///{path}", lambda: KEY)
    right, wrong = Database(f"sqlite:///{path}", lambda: KEY), Database(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        (tenant,) = connection.execute("SELECT tenant FROM handoffs LIMIT 1").fetchone()
    async with right.reading() as session:
        mine = customer_digest(session, tenant, "ann@example.com")
        assert mine not in {_plain(tenant), customer_digest(session, "other", ADDRESS)}
        found = await handoffs.listed(session, tenant, Filter(customer=ADDRESS))
    async with wrong.reading() as session:
        nobody = await handoffs.listed(session, tenant, Filter(customer=ADDRESS))
    assert found
    assert not nobody
    await right.close()
    await wrong.close()
