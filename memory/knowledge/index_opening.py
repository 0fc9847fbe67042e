"""Opens the vector index: Chroma on a folder for one process, or behind HTTP for many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from memory.knowledge.index import ChromaIndex, IndexInUse, unavailable

LIMITS = (3.0, 20.0, 20.0, 20.0)
"""Seconds to connect, read, write and get a connection: the client would wait for ever, in its turn."""


def hold(path: Path, seconds: float = 0.0) -> FileLock:
    """The lock of a vector folder, taken within so long. Raises `IndexInUse` if another process has it."""
    path.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path / "index.lock")
    try:
        lock.acquire(timeout=seconds)
    except Timeout as error:
        msg = (
            f"{path} is open in another process (lock {lock.lock_file}): stop that one, or run "
            f"`chroma run --path {path}` and give every process its address"
        )
        raise IndexInUse(msg) from error
    return lock


def open_local(path: Path, revision: str, seconds: float = 0.0) -> ChromaIndex:
    """Chroma on a folder, for one process; another one is waited for so long.

    Raises `IndexInUse` and `IndexUnavailable`, and `OtherModel` on first use.
    """
    import chromadb

    lock = hold(path, seconds)
    try:
        client = chromadb.PersistentClient(str(path), _settings())
    except BaseException as error:  # a damaged file is a panic of its other half
        lock.release()
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise unavailable(str(path), error, folder=True) from error
    return ChromaIndex(client, revision, lock, str(path))


def open_http(place: str, revision: str) -> ChromaIndex:
    """Chroma behind `chroma run` at host:port, for many processes. Raises `IndexUnavailable`."""
    import chromadb

    host, _, port = place.rpartition(":")
    try:
        client: Any = chromadb.HttpClient(host=host, port=int(port), settings=_settings())
        client._server._session.timeout = LIMITS  # noqa: SLF001 - it offers no other way
    except Exception as error:  # the client's errors have no family
        raise unavailable(place, error, folder=False) from error
    return ChromaIndex(client, revision, place=place)


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)
