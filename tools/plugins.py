"""What other packages bring: kinds of adapter, and families of minds, by their entry points.

Nothing is loaded before a desk names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol

from tools.contract import Tool, ToolSpec

ADAPTERS = "deskhand.adapters"
"""Entry points that lead to an `AdapterFactory`; desk.yaml names one by `services.*.adapter`."""
MINDS = "deskhand.minds"
"""Entry points that lead to a family of minds; desk.yaml names one by `minds.family`."""


class PluginFault(ValueError):
    """A desk names something that no installed package brings, or that cannot be loaded."""


@dataclass(frozen=True)
class AdapterService:
    """What an adapter is told of its service, as desk.yaml states it."""

    base_url: str = ""
    token: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    """The adapter's own settings."""


class AdapterFactory(Protocol):
    """Makes one declared tool of a service."""

    def __call__(self, spec: ToolSpec, service: AdapterService, /) -> Tool:
        """The tool. Raises `ValueError` if the declaration cannot work, saying what to change."""
        ...


def names(group: str) -> list[str]:
    """What the installed packages bring, in order."""
    return sorted({one.name for one in entry_points(group=group)})


def missing(group: str, name: str) -> str | None:
    """Why `name` cannot be used, in words; None if one package brings it."""
    found = _found(group, name)
    if len(found) == 1:
        return None
    if found:
        owners = " and ".join(sorted(_owner(one) for one in found))
        return f"{name!r} is brought by {owners}: uninstall all but one"
    known = ", ".join(names(group)) or "none"
    return (
        f"no installed package brings {name!r} as an entry point of {group} (known: {known}): "
        "install the package that does, or correct the name"
    )


def load(group: str, name: str) -> Any:
    """What the entry point leads to, a callable. Raises `PluginFault`."""
    if (why := missing(group, name)) is not None:
        raise PluginFault(why)
    (point,) = _found(group, name)
    place = f"{point.value} of {_owner(point)}, the entry point {name!r} of {group},"
    try:
        loaded = point.load()
    except Exception as error:  # whatever a package of others raises while it is imported
        raise PluginFault(f"{place} cannot be loaded: {type(error).__name__}: {error}") from error
    if not callable(loaded):
        raise PluginFault(f"{place} is not a function or class: it must make what is asked for")
    return loaded


def _found(group: str, name: str) -> list[EntryPoint]:
    """Each package once: a checkout and its wheel may both be on the path."""
    by_owner = {_owner(one): one for one in entry_points(group=group, name=name)}
    return list(by_owner.values())


def _owner(point: EntryPoint) -> str:
    return "an unnamed package" if point.dist is None else str(point.dist.name)
