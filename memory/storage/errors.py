"""The errors of this room, and what to do about those of the database, in sentences."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, OperationalError

from memory.faults import MemoryFault


class Fenced(MemoryFault):
    """A newer drive of the ticket has begun: this one is a zombie and may do nothing."""


class StorageUnavailable(MemoryFault):
    """The disk is full, read-only or locked; nothing of the transaction was kept."""


class CommitUnknown(StorageUnavailable):
    """The server was lost in a COMMIT, and whether it was made could not be asked yet."""

    def __init__(self, words: str, transaction: str) -> None:
        """`transaction`: what the server calls it, so that it can be asked later."""
        super().__init__(words)
        self.transaction = transaction


@dataclass
class Damage:
    """What a process has met of it: other pages can be read and written as before, and look well."""

    words: str = ""

    def told(self, words: str) -> StorageUnavailable:
        """The error for the words, which are kept where they tell of damage."""
        if words in DAMAGES:
            self.words = words
        return StorageUnavailable(words)


def unavailable(error: DBAPIError) -> bool:
    """Whether the database's state is to blame, and not the statement."""
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return True
    if type(error.orig) is sqlite3.DatabaseError:  # the file itself: its children are the statement
        return True
    return getattr(error.orig, "sqlstate", None) in _NOT_OPERATIONAL


def advice(error: DBAPIError) -> str:
    """What to do about an error of the database, in a sentence."""
    origin = error.orig
    return advice_for(origin) if isinstance(origin, sqlite3.DatabaseError) else advice_of(origin)


def advice_of(origin: BaseException | None) -> str:
    """What to do about an error of Postgres's driver, in a sentence."""
    state = getattr(origin, "sqlstate", None) or _of_no_connection(str(origin))
    found = next((words for sign, words in _STATES.items() if state.startswith(sign)), None)
    return found or (_UNREACHABLE if not state else f"the database answered: {state}")


def _of_no_connection(text: str) -> str:
    """The code that the driver leaves out where no connection came about; empty without a known one."""
    return next((state for sign, state in _REFUSALS.items() if sign in text), "")


def advice_for(error: sqlite3.DatabaseError) -> str:
    """What to do about an error of SQLite, in a sentence."""
    text = str(error)
    found = next((words for sign, words in _REMEDIES.items() if sign in text), None)
    return found or f"the database answered: {text}"


_FULL = "the disk is full: free some space, then repeat the request"
_UNWRITTEN = (
    "the disk of the data folder does not take what is written: look at the disk, at quotas and at the"
    " largest size of a file (`ulimit -f`), then repeat the request"
)
LOCKED = "the database stayed locked for too long: repeat the request"
_NO_TABLES = "the database has no tables yet: run `deskhand migrate`"
_UNREACHABLE = "the database cannot be reached: check that it runs, then repeat the request"
AWAY = "the database takes connections and does not answer: look at its server, then repeat the request"
_DAMAGED = "the database's file is damaged: bring a backup back (`deskhand restore`)"
_DAMAGED_PAGES = (
    "the database's server has met damaged pages: repair them or bring a backup back"
    " (`deskhand restore`), then start Deskhand anew"
)
DAMAGES = (_DAMAGED, _DAMAGED_PAGES)
"""The sentences that tell of damage."""
_REMEDIES = {
    "full": _FULL,
    "readonly": "the data folder is read-only: make it writable, then repeat the request",
    "unable to open": "the data folder cannot be opened: check that it exists and its permissions",
    "locked": LOCKED,
    "disk I/O": _UNWRITTEN,
    "no such table": _NO_TABLES,
    "not a database": "the database's file holds no database: move it away, or name another data folder",
    "malformed": _DAMAGED,
}
_STATES = {
    "53100": _FULL,
    "53": "the database has no connections or memory left: repeat the request later",
    "25006": "the database is read-only: make it writable, then repeat the request",
    "55P03": LOCKED,
    "40": LOCKED,
    "42P01": _NO_TABLES,
    "08": _UNREACHABLE,
    "57": _UNREACHABLE,
    "28": "the database refuses the name or password in DESKHAND_DATABASE_URL: correct it",
    "XX001": _DAMAGED_PAGES,
    "XX002": _DAMAGED_PAGES,
    "3D000": "the database named in DESKHAND_DATABASE_URL does not exist: create it",
    "host": "the server in DESKHAND_DATABASE_URL has a name that nobody knows: correct it",
    "ssl": "the database and `sslmode` in DESKHAND_DATABASE_URL disagree on TLS: change one of them",
}
"""By the beginnings of Postgres's error codes, the longer ones first; the last two are our own."""
_REFUSALS = {
    "password authentication failed": "28P01",
    "no password supplied": "28P01",
    "no pg_hba.conf entry": "28000",
    'role "': "28000",
    'database "': "3D000",
    "too many clients": "53300",
    "connection slots": "53300",
    "resolve host": "host",
    "translate host name": "host",
    "SSL": "ssl",
}
"""How servers and libpq say so in English; in another language it reads as a server out of reach."""
_NOT_OPERATIONAL = frozenset({"42P01", "25006", "XX001", "XX002"})
"""No such table, read-only, damaged: Postgres does not call these operational, SQLite does."""
