"""`deskhand calibration`: the threshold of answers, where it comes from, and a better one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import screen
from api.cli.database import open_database, tenant_of
from api.cli.failures import FAILED, USAGE, CommandFault
from api.settings import Settings, read_settings
from memory.regular_files import read_regular

if TYPE_CHECKING:
    from api.worker.decided_threshold import Decided
    from graph.desk.model import Desk
    from graph.thresholds import AnswerThreshold, Threshold
    from memory.tables import Calibration

app = typer.Typer(
    help="The confidence from which the agent answers, and the cases behind it.",
    no_args_is_help=True,
)
Tenant = Annotated[str | None, typer.Option(help="Whose (default: the only tenant there is).")]
MOST_BYTES = 10_000_000
"""Of a calibration's file; one of 10,000 cases takes a few hundred kB."""
COLUMNS = ("Date", "Error", "Threshold", "Cases", "Answered", "Wrong", "From", "State")


@app.command()
def show(tenant: Tenant = None) -> None:
    """Show the threshold in force, and every calibration with its state."""
    settings = read_settings()
    desk = _desk(settings, tenant)
    found, rows, digest = asyncio.run(_shown(settings, desk))
    out = screen.out()
    out.print(f"Answers from {found.value:.2f} on: {found.why}.", markup=False)
    if rows:
        encoder, model = _versions(settings)
        lines = [_line(row, encoder, model, digest) for row in rows]
        out.print(screen.table(COLUMNS, lines))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="What `python -m evals calibrate` wrote.")],
    tenant: Tenant = None,
) -> None:
    """Store a calibration. It is in force from the next ticket on, without a restart."""
    settings = read_settings()
    desk = _desk(settings, tenant)
    threshold = _read(file)
    stored, found = asyncio.run(_stored(settings, desk, threshold, "import"))
    screen.notes().print("Stored." if stored else "This calibration was stored before.")
    _say(threshold, found)


@app.command()
def refit(tenant: Tenant = None) -> None:
    """Lower the threshold as far as what people decided on handoffs supports it."""
    from api.worker.decided_threshold import fitted
    from graph.thresholds import tied_to

    settings = read_settings()
    desk = _desk(settings, tenant)
    found, cases, digest = asyncio.run(_decisions(settings, desk))
    chosen = fitted(cases, desk.goal.max_wrong_answers, found.value)
    if not chosen.sufficient:
        msg = f"nothing was changed, answers go out from {found.value:.2f} on: {chosen.note}"
        raise CommandFault(msg, FAILED)
    encoder, model = _versions(settings)
    tied = tied_to(chosen, encoder=encoder, model=model, kb_digest=digest)
    _, found = asyncio.run(_stored(settings, desk, tied, "decisions"))
    _say(tied, found)


def _say(threshold: Threshold, found: AnswerThreshold) -> None:
    screen.out().print(threshold.note, markup=False)
    screen.out().print(f"Answers from {found.value:.2f} on: {found.why}.", markup=False)


def _read(file: Path) -> Threshold:
    from graph.thresholds import read

    try:
        found = read(read_regular(file, MOST_BYTES))
    except ValueError as error:
        msg = f"{file}: not a calibration that `python -m evals calibrate` wrote ({error})"
        raise CommandFault(msg, USAGE) from error
    if not found.model:
        msg = f"{file} does not say which model it is for: make it again with `evals calibrate`"
        raise CommandFault(msg, USAGE)
    return found


def _desk(settings: Settings, tenant: str | None) -> Desk:
    from graph.desk.folder import load_desks

    return load_desks(settings.desk, settings.variables)[tenant_of(settings, tenant)]


def _versions(settings: Settings) -> tuple[str, str]:
    """Of the encoder and of the confidence model that this installation uses."""
    from graph.minds.local.confidence.assessor import model_version
    from memory.encoder.encoder import HashEncoder
    from memory.encoder.opening import revision_of

    if settings.minds == "scripted":
        return HashEncoder.revision, model_version()
    return revision_of(settings.encoder), model_version()


async def _shown(settings: Settings, desk: Desk) -> tuple[AnswerThreshold, list[Calibration], str]:
    from api.worker.thresholds import threshold_of
    from memory.knowledge import calibrations

    async with open_database(settings) as database:
        found = await threshold_of(desk, database, _versions(settings)[0])
        async with database.reading() as session:
            rows = await calibrations.listed(session, desk.tenant)
            return found, rows, await calibrations.base_digest(session, desk.tenant)


async def _stored(
    settings: Settings, desk: Desk, threshold: Threshold, source: str
) -> tuple[bool, AnswerThreshold]:
    from api.worker.thresholds import row_of, threshold_of
    from memory.knowledge import calibrations

    async with open_database(settings) as database:
        async with database.transaction() as session:
            new = await calibrations.add(session, row_of(desk.tenant, threshold, source))
        return new, await threshold_of(desk, database, _versions(settings)[0])


async def _decisions(settings: Settings, desk: Desk) -> tuple[AnswerThreshold, list[Decided], str]:
    from api.worker.decided_threshold import cases
    from api.worker.thresholds import threshold_of
    from memory.knowledge import calibrations

    async with open_database(settings) as database:
        found = await threshold_of(desk, database, _versions(settings)[0])
        async with database.reading() as session:
            handoffs = await calibrations.decided(session, desk.tenant)
            return found, cases(handoffs), await calibrations.base_digest(session, desk.tenant)


def _line(row: Calibration, encoder: str, model: str, digest: str) -> tuple[object, ...]:
    wrong = None if row.realised_error is None else f"{row.realised_error:.1%}"
    return (
        row.calibrated_at,
        f"{row.max_error:.0%}",
        f"{row.threshold:.3f}",
        row.n,
        f"{row.coverage:.0%}",
        wrong,
        row.source,
        _state(row, encoder, model, digest),
    )


def _state(row: Calibration, encoder: str, model: str, digest: str) -> str:
    from api.worker.thresholds import stored

    if row.encoder != encoder:
        return "not valid: made with another encoder; calibrate again"
    if row.model != model:
        return "not valid: made with another confidence model; calibrate again"
    if stored(row).too_few:
        return "not valid: too few cases"
    return "holds" if row.kb_digest == digest else "valid; the articles have changed since"
