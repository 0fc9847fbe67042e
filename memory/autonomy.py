"""How far the agent may go by itself: off, suggest, or auto, by channel and by intent. Never commits.

The lower of a channel's and an intent's level counts. What a person chose comes before desk.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from memory.storage.columns import Columns
from memory.storage.engines import insert
from memory.storage.units import Statements
from memory.storage.units_session import within
from memory.tables import API_CHANNEL, AutonomyLevel, AutonomyRow, now

Kind = Literal["channel", "intent"]
Levels = Mapping[str, AutonomyLevel]
DESK = "desk.yaml"
"""Who changed a level that stands in the file."""
ROWS = Columns(AutonomyRow)
OF_TENANT = f"SELECT {ROWS.listed} FROM autonomy WHERE tenant = ?"  # noqa: S608 - our own names
_ORDER = tuple(AutonomyLevel)


@dataclass(frozen=True)
class Autonomy:
    """The levels that hold for the tickets of one channel."""

    channel: AutonomyLevel = AutonomyLevel.AUTO
    intents: Levels = field(default_factory=dict)

    def of(self, *intents: str | None) -> AutonomyLevel:
        """The lowest level of the channel and of these intents."""
        named = [self.intents[one] for one in intents if one is not None and one in self.intents]
        return min([self.channel, *named], key=_ORDER.index)


BY_ITSELF = Autonomy()
"""Nothing is held back."""


@dataclass(frozen=True)
class Standing:
    """The level in force of one channel or intent, and who set it."""

    kind: Kind
    name: str
    level: AutonomyLevel
    source: Literal["person", "desk.yaml", "default"]
    row: AutonomyRow | None = None


@dataclass(frozen=True)
class Changed:
    """One level that is another than before."""

    kind: Kind
    name: str
    before: AutonomyLevel | None
    after: AutonomyLevel | None

    @override
    def __str__(self) -> str:
        """As the audit has it."""
        return f"autonomy {self.kind} {self.name}: {_said(self.before)} before, now {_said(self.after)}"


def _default_of(kind: Kind, name: str) -> AutonomyLevel:
    """Where nobody has said anything: new channels suggest only, an intent takes its channel's."""
    auto = kind == "intent" or name == API_CHANNEL
    return AutonomyLevel.AUTO if auto else AutonomyLevel.SUGGEST


async def in_force(
    session: AsyncSession, tenant: str, channel: str, declared: Mapping[Kind, Levels]
) -> Autonomy:
    """The levels for tickets of `channel`; `declared` is what the desk at hand says."""
    return await within(session, lambda do: in_force_in(do, tenant, channel, declared))


def in_force_in(
    do: Statements, tenant: str, channel: str, declared: Mapping[Kind, Levels]
) -> Autonomy:
    """The same in plain SQL, for every drive asks for it."""
    found = [AutonomyRow(**ROWS.read(do, row)) for row in do.rows(OF_TENANT, (tenant,))]
    rows: dict[tuple[Kind, str], AutonomyRow] = {(one.kind, one.name): one for one in found}  # type: ignore[misc]
    names = {*declared["intent"], *(name for kind, name in rows if kind == "intent")}
    return Autonomy(
        _standing("channel", channel, rows, declared).level,
        {name: _standing("intent", name, rows, declared).level for name in names},
    )


async def listed(
    session: AsyncSession,
    tenant: str,
    declared: Mapping[Kind, Levels],
    known: Mapping[Kind, Iterable[str]],
) -> list[Standing]:
    """Every channel and intent that anybody knows, with the level in force."""
    rows = await _rows(session, tenant)
    kinds: tuple[Kind, ...] = ("channel", "intent")
    return [
        _standing(kind, name, rows, declared)
        for kind in kinds
        for name in dict.fromkeys(
            [*known[kind], *declared[kind], *(name for of, name in rows if of == kind)]
        )
    ]


async def choose(
    session: AsyncSession,
    tenant: str,
    kind: Kind,
    name: str,
    level: AutonomyLevel | None,
    *,
    by: str,
) -> Changed | None:
    """Let a person's level come before desk.yaml; None takes it back. Nothing if it stood so."""
    return await _write(session, tenant, (kind, name), "chosen", level, by)


async def declare(
    session: AsyncSession, tenant: str, declared: Mapping[Kind, Levels]
) -> list[Changed]:
    """Note what desk.yaml says now; what differs from what it said before."""
    rows, changed = await _rows(session, tenant), []
    said: dict[tuple[Kind, str], AutonomyLevel] = {
        (kind, name): level for kind, of in declared.items() for name, level in of.items()
    }
    for kind, name in sorted({*said, *rows}):
        done = await _write(session, tenant, (kind, name), "declared", said.get((kind, name)), DESK)
        if done is not None:
            changed.append(done)
    return changed


def _standing(
    kind: Kind,
    name: str,
    rows: Mapping[tuple[Kind, str], AutonomyRow],
    declared: Mapping[Kind, Levels],
) -> Standing:
    row = rows.get((kind, name))
    if row is not None and row.chosen is not None:
        return Standing(kind, name, AutonomyLevel(row.chosen), "person", row)
    if (level := declared[kind].get(name)) is not None:
        return Standing(kind, name, level, "desk.yaml", row)
    return Standing(kind, name, _default_of(kind, name), "default", row)


async def _rows(session: AsyncSession, tenant: str) -> dict[tuple[Kind, str], AutonomyRow]:
    found = await session.exec(select(AutonomyRow).where(AutonomyRow.tenant == tenant))
    return {(row.kind, row.name): row for row in found}  # type: ignore[misc]


async def _write(  # noqa: PLR0917
    session: AsyncSession,
    tenant: str,
    what: tuple[Kind, str],
    column: Literal["declared", "chosen"],
    level: AutonomyLevel | None,
    by: str,
) -> Changed | None:
    key = {"tenant": tenant, "kind": what[0], "name": what[1]}
    by_whom: dict[str, Any] = {"changed_by": by, "changed_at": now()}
    new = insert(session, AutonomyRow).values(**key, **by_whom).on_conflict_do_nothing()
    await session.execute(new)
    query = select(AutonomyRow).where(*(col(getattr(AutonomyRow, n)) == v for n, v in key.items()))
    locked = query.with_for_update().execution_options(populate_existing=True)
    row = (await session.exec(locked)).one()
    before = getattr(row, column)
    if before == level:
        return None
    setattr(row, column, None if level is None else level.value)
    row.changed_by, row.changed_at = by, by_whom["changed_at"]
    session.add(row)
    await session.flush()
    return Changed(*what, None if before is None else AutonomyLevel(before), level)


def _said(level: AutonomyLevel | None) -> str:
    return "nothing" if level is None else level.value
