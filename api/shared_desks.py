"""Texts of desk files as they were read well last, where machines that share no folder find them.

A machine that is new, or whose folder was lost, starts with them while a file is broken.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import structlog

from api.settings import Settings
from memory.faults import MemoryFault
from memory.storage.private_files import written

log = structlog.get_logger()

DESKS = "desk"
"""The kind under which they are kept."""


def fetch(settings: Settings, names: Collection[str]) -> bool:
    """Put what is shared of these files where this machine keeps its own; whether there was anything."""
    shared, folder = settings.shared, settings.kept_desks_path
    if shared is None or folder.resolve() == settings.desk.resolve():
        return False
    try:
        known = shared.texts(DESKS)
        found = {name: known[name] for name in names if name in known}
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, text in found.items():
            written(folder / name, text)
    except (OSError, MemoryFault) as error:
        log.warning("desk_not_fetched", error=type(error).__name__)
        return False
    return bool(found)


def keep(settings: Settings, texts: Mapping[str, str], present: Collection[str]) -> None:
    """Share these texts, and no more those of files that are gone. Raises `MemoryFault`."""
    shared = settings.shared
    if shared is None:
        return
    known = shared.texts(DESKS)
    for name in known.keys() - set(present):
        shared.remove(DESKS, name)
    for name, text in texts.items():
        if known.get(name) != text:
            shared.put(DESKS, name, text)
