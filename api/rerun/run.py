"""Runs a finished ticket again through the real graph, on its recording, and compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from langgraph.checkpoint.memory import InMemorySaver

from api.rerun.minds import Live, Recorded
from api.rerun.parts import KeptLedger, RecordedBook, RecordedGateway, repeating
from api.rerun.path import Pair, compared, path_of
from api.rerun.recording import Recording
from graph.build import build
from graph.context import Drive, Sender, TicketContext
from graph.desk.model import Desk
from graph.run import drive
from graph.run_result import RunResult
from graph.thresholds import DEFAULT_ANSWER_THRESHOLD
from memory.journal.codes import Cause
from memory.storage.checkpoints import strict_serializer
from memory.tables import Ticket


@dataclass(frozen=True)
class Replay:
    """What came of it."""

    pairs: list[Pair]
    rest: RunResult
    threshold: float
    """The confidence that an ask needed this time."""
    sources: list[str]
    """Articles and tools that the reply would name; empty where none would be sent."""
    decided_anew: dict[str, int] = field(default_factory=dict)
    """Decisions that nobody had taken then, by mind."""
    unknown: tuple[str, ...] = ()
    """Tools that the new path asks something they were never asked: what follows is a guess."""

    @property
    def same(self) -> bool:
        """Whether the path is the one it was."""
        return all(pair.same for pair in self.pairs)

    @property
    def first(self) -> Pair | None:
        """Where the paths part."""
        return next((pair for pair in self.pairs if not pair.same), None)


async def replay(
    ticket: Ticket, recording: Recording, desk: Desk, live: Live, threshold: float | None = None
) -> Replay:
    """Run the newest turn again with `desk`. Nothing leaves the process, nothing is written.

    `threshold` stands before the desk's; where neither states one, it is the recorded one, so that
    the same desk gives the same path.
    """
    needed = _threshold(recording, desk, threshold)
    ledger, recorded = KeptLedger(), Recorded(recording, desk, live)
    words = repeating(desk)
    gateway = RecordedGateway(recording, words)
    context = TicketContext(
        ticket_id=ticket.id,
        tenant=ticket.tenant,
        turn=recording.state["turn"],
        epoch=1,
        desk=words,
        minds=recorded.minds(),
        gateway=gateway,
        ledger=ledger,
        sender=Sender.of(ticket),
        drive=Drive(cause=Cause.ACCEPTED, resumed=False),
        answer_threshold=needed,
    )
    saver = InMemorySaver(serde=strict_serializer())
    rest = await drive(build(desk.limits), saver, context, RecordedBook(recording))
    pairs = compared(path_of(recording.events), path_of(ledger.events))
    sources, unknown = dict.fromkeys(ledger.citations), dict.fromkeys(gateway.unknown)
    return Replay(pairs, rest, needed, list(sources), recorded.new, tuple(unknown))


def _threshold(recording: Recording, desk: Desk, wanted: float | None) -> float:
    choices = (wanted, desk.thresholds.answer, recording.threshold, DEFAULT_ANSWER_THRESHOLD)
    return next(one for one in choices if one is not None)


def parting(replay: Replay) -> Sequence[str]:
    """Why the paths part, in sentences: what was decided then, and what is decided now."""
    pair = replay.first
    if pair is None:
        return ["The path is the same as it was."]
    lines = []
    for when, moment in (("Then", pair.then), ("Now", pair.now)):
        told = " ".join(moment.told) if moment is not None else "nothing more happened."
        lines.append(f"{when}: {told or _bare(moment.words if moment else '')}")
    return lines


def _bare(words: str) -> str:
    return f"{words}."
