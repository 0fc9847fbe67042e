"""`deskhand doctor`: what keeps this installation from its work, and what to do about it."""

from __future__ import annotations

import asyncio
import difflib
import json
import os
import platform
import sqlite3
import stat
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from api.cli import screen
from api.cli.failures import FAILED
from api.ledger import open_ledger
from api.readiness import Check, Facts, checks, look, silence, silent, worst
from api.settings import Settings, read_settings
from graph.desk.folder import read_desks
from graph.desk.model import Desk
from graph.desk.problems import DeskInvalid
from memory.faults import MemoryFault
from memory.sealing.keyring import SETTING
from memory.storage import kept_secrets
from memory.storage.database import Database
from memory.storage.queue import Queue
from memory.storage.readiness import check_usable, head_revision
from memory.storage.urls import is_sqlite
from memory.workers.contract import WorkerLocks
from memory.workers.locks import open_locks

PACKAGES = ("deskhand", "dbos", "langgraph", "chromadb", "sqlalchemy")
"""Whose versions are worth telling when something is asked."""
LEAST_YEAR = 2025
"""A clock before it was never set."""
MOST_LISTED = 5
PREFIX = "DESKHAND_"
NO_SETTINGS = frozenset({f"{PREFIX}{name}" for name in ("KEY", "URL", "DEBUG")})
"""Variables that commands read themselves."""
OTHERS_MAY_READ = stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH
MARKS = {"ok": "ok", "warn": "look", "fail": "FAIL"}
STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def run(
    as_json: Annotated[bool, typer.Option("--json", help="Print the checks as JSON.")] = False,
) -> None:
    """Look at versions, tables, disk, queue, workers, leases, clock, encryption, desks, models and file modes."""
    found = list(examined(read_settings()))
    if as_json:
        rows = [{"name": one.name, "state": one.state, "detail": one.words} for one in found]
        screen.out().print_json(json.dumps(rows))
    else:
        _show(found)
    if worst(found) == "fail":
        raise typer.Exit(FAILED)


def examined(settings: Settings) -> Iterator[Check]:
    """Every check, in the order in which they are shown."""
    yield Check("versions", "ok", _versions())
    yield from _unknown_settings(os.environ)
    read, told = _desks(settings)
    yield from asyncio.run(_ledger(settings, read))
    yield told
    yield _models(settings)
    yield _modes(settings.home)
    yield from _secrets(settings)


def _show(found: Sequence[Check]) -> None:
    screen.out().print(
        screen.table(
            ("Check", "", "What was found, and what to do"),
            [
                (one.name, f"[{STYLES[one.state]}]{MARKS[one.state]}[/]", one.words.replace("[", r"\["))
                for one in found
            ],
        )
    )  # fmt: skip


def _versions() -> str:
    known = [f"{name} {_version(name)}" for name in PACKAGES]
    plain = f"python {platform.python_version()}, sqlite {sqlite3.sqlite_version}"
    return f"{', '.join(known)}, {plain}, {platform.system()} {platform.release()}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "is missing"


def _unknown_settings(environment: Iterable[str]) -> Iterator[Check]:
    """A variable that looks like a setting of ours and sets nothing, as a misspelt one does."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | NO_SETTINGS
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
            advice = f"did you mean {close[0]}?" if close else "remove it."
            yield Check("settings", "warn", f"{name} sets nothing: {advice}")


async def _ledger(settings: Settings, desks: Collection[Desk]) -> list[Check]:
    head, database = await asyncio.to_thread(head_revision), open_ledger(settings)
    try:
        facts = await look(database, settings.home, head)
        async with database.reading() as session:
            own = await check_usable(session, head)
        others = [await _encryption(database), await _leases(settings, database)]
    except MemoryFault as error:
        return [Check("ledger", "fail", str(error))]
    finally:
        await database.close()
    apart = await asyncio.to_thread(_apart, settings, facts)
    found = [apart if apart and one.name == apart.name else one for one in checks(facts, desks)]
    if all(one.name != "clock" for one in found):
        found.append(_clock(datetime.now().astimezone()))
    return [_damage(settings) or _state(head, own=own), *found, *others]


def _damage(settings: Settings) -> Check | None:
    """Pages of a file can be damaged though it can be written; a server looks after its own."""
    from memory.backup.ledgers import Place, damage  # they bring the engine in

    path = Place(settings.home, settings.ledger_url).file
    said = None if path is None else damage(path)
    if said is None:
        return None
    words = f"{path} is damaged ({said}): stop everything, and bring a backup back (`deskhand restore`)."
    return Check("ledger", "fail", words)


def _state(head: str, *, own: bool) -> Check:
    if own:
        return Check("ledger", "ok", f"At this version's state ({head}), and can be written.")
    words = (
        f"A newer version has set the database up; this one ({head}) can use it. Customers are"
        " erased, and backups made, by the newer one: replace what still runs this one."
    )
    return Check("ledger", "warn", words)


async def _encryption(database: Database) -> Check:
    """Raises `EncryptionRefused`, as everything does that has not the right keys."""
    from memory.storage.stale_cells import planted, waits

    ring = database.ring
    if ring is None:
        words = "Texts are not encrypted at rest: see `deskhand encryption --help`."
        return Check("encryption", "ok", words)
    if found := await planted(database):
        words = (
            f"Everything was sealed before, and this is not: {', '.join(found[:MOST_LISTED])}. Either "
            "something other than Deskhand wrote it, or a process without the key: find out which, "
            "then run `deskhand encryption rekey`."
        )
        return Check("encryption", "fail", words)
    if await waits(database, ring):
        words = (
            f"Not every text is sealed with key {ring.current.id}: run `deskhand encryption rekey`."
        )
        return Check("encryption", "warn", words)
    return Check("encryption", "ok", f"Every text is sealed with key {ring.current.id}.")


def _clock(moment: datetime) -> Check:
    if moment.year < LEAST_YEAR:
        return Check("clock", "fail", f"It is not {moment.year}: set this machine's clock.")
    return Check("clock", "ok", f"{moment:%Y-%m-%d %H:%M:%S %Z}")


async def _leases(settings: Settings, database: Database) -> Check:
    """Whose lock is free although it has jobs: another worker takes them over, if one lives."""
    queue, locks = Queue(settings.ledger_url), open_locks(settings.ledger_url, settings.locks_path)
    owners = await database.units.read(queue.owners_in)
    dead, alive = await asyncio.to_thread(_looked_at, locks, sorted(owners))
    if not dead:
        held = "Each running worker holds its own." if alive else "None is held."
        return Check("leases", "ok", f"No dead worker has left a job behind. {held}")
    names = f"Dead workers have left jobs behind: {', '.join(dead[:MOST_LISTED])}. "
    if alive:
        return Check("leases", "warn", names + "A running one takes them over in a moment.")
    return Check(
        "leases", "warn", names + "No worker is running: start one, and it takes them over."
    )


def _looked_at(locks: WorkerLocks, owners: Sequence[str]) -> tuple[list[str], bool]:
    """Those that are dead, and whether any worker lives."""
    try:
        return [name for name in owners if _is_free(locks, name)], locks.any_held()
    finally:
        locks.give_back()


def _apart(settings: Settings, facts: Facts) -> Check | None:
    """Whoever holds its lock lives: if it is silent here all the same, it may write elsewhere."""
    if not is_sqlite(settings.ledger_url):
        return None  # a server's ledger is no file that could be replaced
    locks = open_locks(settings.ledger_url, settings.locks_path)
    try:
        living = [row for row in silent(facts) if not _is_free(locks, row.worker)]
    finally:
        locks.give_back()
    if not living:
        return None
    words = (
        f"{silence(living[0], facts.at)}, and its process lives. If the ledger's file was replaced"
        " while it ran, stop everything and start it again; if it hangs, `deskhand up` replaces it."
    )
    return Check("workers", "fail", words)


def _is_free(locks: WorkerLocks, name: str) -> bool:
    with locks.trying(name) as free:
        return free


def _desks(settings: Settings) -> tuple[Collection[Desk], Check]:
    """A broken file is its tenant's alone: it goes on with the desk that was read well last."""
    try:
        found = read_desks(settings.desk, settings.variables)
    except (DeskInvalid, OSError) as error:
        return (), Check("desks", "fail", str(error))
    read = found.desks.values()
    if found.problems:
        words = str(found.error).replace("\n", "; ")
        return read, Check("desks", "fail", f"Changes in desk files that do not count: {words}")
    return read, Check("desks", "ok", f"{len(found.desks)} can be read.")


def _models(settings: Settings) -> Check:
    if settings.minds == "scripted":
        return Check("models", "warn", "Scripted minds answer: they are only for tests.")
    from memory.encoder.export import made

    if settings.encoder is not None:
        return Check("models", "ok", f"The encoder is in {settings.encoder}.")
    found = made(settings.cache)
    if not found:
        words = (
            f"No encoder in {settings.cache.resolve()}, where this command looks: the first worker makes"
            " it, which takes a minute. One that was started with another DESKHAND_CACHE has its own."
        )
        return Check("models", "warn", words)
    return Check("models", "ok", f"The encoder is in {found[0]}.")


def _secrets(settings: Settings) -> Iterator[Check]:
    """Of channels that other machines do not have, because no key seals them in the database."""
    names = [Path(one).name for one, _ in kept_secrets.stamps(settings.home)]
    if settings.database_url is None or is_sqlite(settings.ledger_url) or not names:
        return
    if settings.encryption_key is None and settings.encryption_key_file is None:
        words = (
            f"Only this machine has {', '.join(names[:MOST_LISTED])}: set {SETTING} for every process, and"
            " start them anew, or give them to every process as variables."
        )
        yield Check("secrets", "warn", words)


def _modes(home: Path) -> Check:
    if not home.is_dir():
        return Check("modes", "fail", f"There is no folder {home}: run `deskhand migrate`.")
    if not os.access(home, os.W_OK):
        return Check(
            "modes",
            "fail",
            f"{home} cannot be written: `chown` it to this user, or have its disk mounted for writing.",
        )
    found = [home, *sorted(home.glob("*"))]
    open_ones = [path.name or str(path) for path in found if _others_may(path)]
    if open_ones and _others_may(home):
        names = ", ".join(open_ones[:MOST_LISTED])
        words = f"Other users of this machine can read {names}: run `chmod -R go= {home}`."
        return Check("modes", "warn", words)
    return Check("modes", "ok", f"{home} is readable by this user only.")


def _others_may(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & OTHERS_MAY_READ)
    except OSError:
        return False
