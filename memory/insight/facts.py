"""Reads what the figures know of some tickets: narrow rows in plain SQL, a few statements for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from memory.insight.cells import Call, Confidence, Facts
from memory.insight.lives import Happening, Life
from memory.insight.suggestions import Suggested
from memory.journal.codes import Reason
from memory.sealing.keyring import SealBroken
from memory.storage.columns import Columns, json_of, moment_of
from memory.storage.units import Row, Statements, marks
from memory.tables import CorrectionKind, Handoff, Outcome

UNDELIVERED = "undelivered"
KINDS = {
    ("run", "drive"): "begun",
    ("ticket", "settle"): "ended",
    ("wait", "person"): "person",
    ("ticket", "message"): "wrote",
    ("ticket", "undelivered"): UNDELIVERED,
}
"""Events of a ticket's life, as `Happening` calls them."""
SPENDING = "call"
"""Kind of the journal rows that carry a cost; attempts repeat their call's."""
JOURNAL = (
    "SELECT ticket_id, at, turn, kind, name, outcome, tokens_in + tokens_out, cost_micros, numbers"
    " FROM journal WHERE ticket_id IN ({}) AND (kind IN ('call', 'wait', 'run', 'ticket')"
    " OR (kind = 'decision' AND name = 'confidence')) ORDER BY ticket_id, seq"
)
RESPONSES = (
    "SELECT ticket_id, min(created_at) FROM messages"
    " WHERE ticket_id IN ({}) AND kind IN ('reply', 'clarification') GROUP BY ticket_id"
)
LAST = "SELECT ticket_id, max(seq) FROM journal WHERE ticket_id IN ({}) GROUP BY ticket_id"
FEEDBACK = "SELECT ticket_id, turn, solved FROM feedback WHERE ticket_id IN ({})"
WRONG = (
    "SELECT ticket_id, turn FROM corrections"  # noqa: S608 - our own words
    f" WHERE ticket_id IN ({{}}) AND kind = '{CorrectionKind.ANSWER_WRONG}' AND undone_at IS NULL"
)
HANDOFF = Columns(Handoff, only=("id", "tenant", "ticket_id", "intent", "reason", "decision"))
_DRAFTS_ALONE = f"CASE WHEN reason = '{Reason.SUGGEST_ONLY}' THEN decision END"
HANDOFFS = (
    "SELECT "  # noqa: S608 - our own words
    + HANDOFF.listed.replace('"decision"', _DRAFTS_ALONE)
    + " FROM handoffs WHERE ticket_id IN ({})"
)
HELD = "id, tenant, channel, intent, turn, outcome, created_at, ended_at"
"""Columns of a ticket, as `Held` has them."""


class Held(NamedTuple):
    """A ticket, as far as the figures know it by itself; its moments as the engine gives them."""

    id: str
    tenant: str
    channel: str
    intent: str | None
    turn: int
    outcome: str | None
    created_at: Any
    ended_at: Any

    @property
    def end(self) -> list[Happening]:
        """What is known of one whose journal was kept long enough."""
        if self.ended_at is None or self.outcome is None:
            return []
        return [Happening(moment(self.ended_at), self.turn, "ended", self.outcome)]


@dataclass
class _Told:
    """What the journal has of one ticket."""

    happened: list[Happening] = field(default_factory=list)
    asks: dict[tuple[int, str], Confidence] = field(default_factory=dict)
    """By turn and ask, the last one."""
    calls: list[Call] = field(default_factory=list)


def facts_of(do: Statements, tickets: Sequence[Held]) -> dict[str, Facts]:
    """What the figures know of these tickets."""
    ids = [one.id for one in tickets]
    told: dict[str, _Told] = defaultdict(_Told)
    for row in _rows(do, JOURNAL, ids):
        _tell(told[row[0]], row)
    responses: dict[str, Any] = dict(_rows(do, RESPONSES, ids))
    last: dict[str, int] = dict(_rows(do, LAST, ids))
    feedback: dict[str, dict[int, bool]] = defaultdict(dict)
    for ticket, turn, solved in _rows(do, FEEDBACK, ids):
        feedback[ticket][turn] = bool(solved)
    wrong: dict[str, set[int]] = defaultdict(set)
    for ticket, turn in _rows(do, WRONG, ids):
        wrong[ticket].add(turn)
    suggested = _suggested(do, {one.id: one.channel for one in tickets})
    found = {}
    for one in tickets:
        known = told[one.id]
        life = Life(
            one.id,
            one.intent,
            moment(one.created_at),
            _arrived(known.happened) or one.end,
            moment_of(responses.get(one.id)),
            feedback[one.id],
        )
        asks = list(known.asks.values())
        found[one.id] = Facts(
            life,
            frozenset(wrong[one.id]),
            asks,
            known.calls,
            suggested[one.id],
            last.get(one.id, 0),
        )
    return found


def moment(stored: Any) -> datetime:
    """A moment that a row must have."""
    at = moment_of(stored)
    assert at is not None
    return at


def _rows(do: Statements, query: str, ids: Sequence[str]) -> list[Row]:
    return do.rows(query.format(marks(ids)), ids) if ids else []


def _tell(told: _Told, row: Row) -> None:
    _, at, turn, kind, name, outcome, tokens, cost, numbers = row
    if kind == SPENDING:
        told.calls.append(Call(name, json_of(numbers).get("model"), int(tokens), int(cost)))
    elif kind == "decision":
        _weigh(told, moment(at), turn, json_of(numbers))
    elif (kind, name) in KINDS:
        told.happened.append(Happening(moment(at), turn, KINDS[kind, name], outcome))


def _weigh(told: _Told, at: datetime, turn: int, numbers: Mapping[str, Any]) -> None:
    if numbers.get("threshold") is not None:
        ask = (turn, str(numbers.get("ask")))
        told.asks[ask] = Confidence(at, float(numbers["confidence"]), float(numbers["threshold"]))


def _arrived(happened: Sequence[Happening]) -> list[Happening]:
    """The same where an answer that did not arrive ended nothing as an answer."""
    lost = {one.turn for one in happened if one.kind == UNDELIVERED}
    by_agent = (Outcome.DELIVERED, Outcome.CLARIFYING)
    return [
        replace(one, what=UNDELIVERED) if one.turn in lost and one.what in by_agent else one
        for one in happened
        if one.kind != UNDELIVERED
    ]


def _suggested(do: Statements, channels: Mapping[str, str]) -> dict[str, list[Suggested]]:
    found: dict[str, list[Suggested]] = defaultdict(list)
    for row in _rows(do, HANDOFFS, list(channels)):
        one = _opened(do, row)
        ticket, intent = one["ticket_id"], one["intent"] or ""
        found[ticket].append(Suggested(channels[ticket], intent, one["reason"], one["decision"]))
    return found


def _opened(do: Statements, row: Row) -> dict[str, Any]:
    """A handoff; its decision counts as none where it cannot be opened."""
    try:
        return HANDOFF.read(do, row)
    except SealBroken:
        return dict(zip(HANDOFF.names, row, strict=True)) | {"decision": None}
