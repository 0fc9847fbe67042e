"""`deskhand replay TICKET`: a finished ticket again, offline, perhaps with another desk."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import screen
from api.cli.database import open_database
from api.cli.failures import USAGE, CommandFault
from api.settings import Settings, read_settings

if TYPE_CHECKING:
    from api.rerun.path import Moment
    from api.rerun.run import Replay
    from graph.desk.model import Desk
    from graph.minds.contract import Minds


def run(
    ticket: Annotated[str, typer.Argument(help="The ticket's id, tkt_...")],
    *,
    desk: Annotated[
        Path | None, typer.Option("--with-desk", "--desk", help="Another desk.yaml.")
    ] = None,
    threshold: Annotated[
        float | None, typer.Option(min=0, max=1, help="Another confidence to answer from.")
    ] = None,
) -> None:
    """Run a finished ticket's last turn again on what was answered then, and compare the paths.

    Nothing is sent, called or written. Where the path differs, the local minds decide again. A tool
    that was not called then has no answer, and fails.
    """
    found = asyncio.run(_replayed(read_settings(), ticket, desk, threshold))
    out = screen.out()
    rows = [("" if pair.same else "≠", _shown(pair.then), _shown(pair.now)) for pair in found.pairs]
    out.print(screen.table(("", "then", "now"), rows))
    out.print()
    for line in ending(found):
        out.print(line, markup=False)


def ending(found: Replay) -> list[str]:
    """Why the paths part, what comes of it, and what had to be decided anew."""
    from api.explain.words.phrases import count
    from api.explain.words.reasons import reason_words
    from api.rerun.run import parting
    from memory.journal.codes import Reason

    lines = list(parting(found))
    if found.rest.state == "waiting":
        lines.append(
            f"It would be with a person, since {reason_words(Reason(found.rest.reason or Reason.NODE_FAILED))}."
        )
    elif found.rest.delivered == "clarification":
        lines.append("It would ask the customer a question.")
    else:
        named = f" from {', '.join(found.sources)}" if found.sources else ""
        lines.append(f"It would be answered{named}. Nothing was sent.")
    if found.unknown:
        lines.append(
            f"What {' and '.join(found.unknown)} would have answered is not known, since it was never"
            " asked: from there on the path is a guess."
        )
    if found.decided_anew:
        anew = ", ".join(f"{count(n, 'time')} {name}" for name, n in found.decided_anew.items())
        lines.append(f"Decided again by the local minds, since nothing was recorded: {anew}.")
    return lines


def _shown(moment: Moment | None) -> str:
    return "-" if moment is None else moment.words


async def _replayed(
    settings: Settings, ticket_id: str, path: Path | None, threshold: float | None
) -> Replay:
    from api.rerun.recording import NotReplayable, read_state, recording
    from api.rerun.run import replay
    from memory.journal import codec, journal
    from memory.storage.opening import open_checkpoints
    from memory.tables import TicketStatus
    from memory.tickets import tickets

    async with open_database(settings) as database:
        async with database.reading() as session:
            ticket = await tickets.get(session, None, ticket_id)
            records = codec.records(await journal.of_ticket(session, ticket_id))
        if ticket.status not in {TicketStatus.WAITING, TicketStatus.SETTLED}:
            msg = (
                f"{ticket_id} is {ticket.status}: replay it once it has ended or waits for a person"
            )
            raise CommandFault(msg, USAGE)
        desk = _desk(settings, path, ticket.tenant)
        checkpoints = open_checkpoints(database)
        try:
            kept = recording(await read_state(checkpoints, ticket_id), records)
        except NotReplayable as error:
            raise CommandFault(str(error), USAGE) from error
    return await replay(ticket, kept, desk, LiveMinds(settings, desk), threshold)


def _desk(settings: Settings, path: Path | None, tenant: str) -> Desk:
    from graph.desk.folder import load_desks

    chosen = path or settings.desk
    found = load_desks(chosen, settings.variables).get(tenant)
    if found is None:
        msg = f"{chosen} is not the desk of {tenant}: pass one that is, with --desk"
        raise CommandFault(msg, USAGE)
    return found


class LiveMinds:
    """The desk's local minds, opened at the first question that nobody has answered."""

    def __init__(self, settings: Settings, desk: Desk) -> None:
        self._settings = settings
        self._desk = desk
        self._minds: Minds | None = None

    def __call__(self) -> Minds | None:
        """The minds; None if the encoder was never set up on this machine."""
        from api.wiring import encoder_for, minds_for, multilingual_encoder
        from memory.encoder.faults import EncoderUnavailable

        if self._minds is None:
            try:
                encoder = encoder_for(self._settings)
            except EncoderUnavailable:
                return None
            family = minds_for(self._settings, multilingual_encoder(self._settings))
            self._minds = family(self._desk, encoder)
        return self._minds
