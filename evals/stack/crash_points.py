"""Places at which a worker of the chaos runs ends itself, once a ticket: no warning, no clean-up.

Production code knows nothing of them: they are wrapped around it in the worker that is to die.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from graph.build import NODES
from graph.steps import Node
from memory.tool_names import DELIVER, NOTIFY

MARKS = "crashes"
"""Folder in the data folder: one file for each place and ticket at which a worker died."""

Method = Callable[..., Awaitable[Any]]


def places() -> list[str]:
    """Every place there is."""
    nodes = [f"{when} {name}" for name in NODES for when in ("before", "after", "recorded")]
    effects = [f"{when} {tool}" for tool in (DELIVER, NOTIFY) for when in EFFECT]
    return ["begun", *nodes, *effects, "settling", "settled"]


EFFECT = ("intended", "made", "done")
"""Between an effect's intention and its call; its call and its record; its record and the rest."""


def arm(place: str) -> None:
    """Make this process end at `place`; nothing if it is empty."""
    if not place:
        return
    what, _, name = place.partition(" ")
    if what in {"before", "after"}:
        _arm_node(what, name, place)
    elif what == "recorded":
        _arm_record(name, place)
    elif what in EFFECT:
        _arm_effect(what, name, place)
    else:
        _arm_driver(what, place)


def _arm_node(when: str, name: str, place: str) -> None:
    from graph import build

    node = NODES[name]

    async def dying(state: Any, context: Any) -> Any:
        if when == "before":
            _die(place, context.ticket_id)
        result = await node(state, context)
        _die(place, context.ticket_id)
        return result

    changed: dict[str, Node] = {**build.NODES, name: dying}
    build.NODES = changed


def _arm_record(name: str, place: str) -> None:
    from graph.ledger import TicketLedger

    record: Method = TicketLedger.record

    async def dying(self: Any, events: Any) -> None:
        await record(self, events)
        if any(one.kind == "step" and one.name == name for one in events):
            _die(place, self.ticket_id)

    TicketLedger.record = dying  # type: ignore[method-assign]


def _arm_effect(when: str, tool: str, place: str) -> None:
    from memory.effects import EffectLedger, Intent

    begin: Method = EffectLedger.begin
    done: Method = EffectLedger.done
    intents: dict[str, Intent] = {}

    async def beginning(self: Any, intent: Intent) -> Any:
        begun = await begin(self, intent)
        if intent.tool == tool:
            intents[intent.key] = intent
            if when == "intended":
                _die(place, intent.ticket_id)
        return begun

    async def ending(self: Any, key: str, result: Any) -> None:
        if key in intents and when == "made":
            _die(place, intents[key].ticket_id)
        await done(self, key, result)
        if key in intents and when == "done":
            _die(place, intents[key].ticket_id)

    EffectLedger.begin = beginning  # type: ignore[method-assign]
    EffectLedger.done = ending  # type: ignore[method-assign]


def _arm_driver(what: str, place: str) -> None:
    from api.worker.ticket_driver import TicketDriver

    begin: Method = TicketDriver._begin  # noqa: SLF001 - there is no other way between the two
    settle: Method = TicketDriver.settle
    one_at_a_time = asyncio.Lock()

    async def beginning(self: Any, ticket_id: str, number: int, stated: str | None) -> Any:
        begun = await begin(self, ticket_id, number, stated)
        if what == "begun":
            _die(place, ticket_id)
        return begun

    async def settling(self: Any, ticket_id: str, rested: Any, **more: Any) -> None:
        if what == "settling":
            _die(place, ticket_id)
        # Nothing comes by again after its settle: the death of one must not hide another's.
        async with one_at_a_time:
            await settle(self, ticket_id, rested, **more)
            if what == "settled":
                _die(place, ticket_id)

    TicketDriver._begin = beginning  # type: ignore[method-assign] # noqa: SLF001
    TicketDriver.settle = settling  # type: ignore[method-assign, assignment]


def _die(place: str, ticket_id: str) -> None:
    folder = Path(os.environ["DESKHAND_HOME"]) / MARKS
    folder.mkdir(exist_ok=True)
    mark = folder / f"{place.replace(' ', '-')}-{ticket_id}"
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return  # it has died here for this ticket
    os.kill(os.getpid(), signal.SIGKILL)
