"""`python -m evals capacity`: what one machine carries, what ten carry, and what gives way first."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from evals.capacity.model import Costs, Engine, Load, Site, carried, load
from evals.figures.datasets import DataError
from evals.figures.options import BUILD, FiguresFile
from evals.figures.report import write_json

MEASURED = Path(__file__).parent / "measured.json"
"""Costs as `docs/capacity.md` tells where they come from."""
RATES = (1.0, 100.0, 10_000.0)
TICKETS = 20_000
"""Played through a site at each rate."""
FROM_BENCH = {
    "worker_ms": ("{engine}_ticket_cpu_ms",),
    "minds_ms": ("local_cpu_ms",),
    "server_ms": ("postgres_server_cpu_ms",),
    "mb_per_1000": ("mb_per_1000_tickets",),
}
"""Which figures of a bench report are costs."""


def capacity(
    bench: Annotated[
        Path | None, typer.Option(help="Take what it has from this report of `evals bench`.")
    ] = None,
    cores: Annotated[int, typer.Option(min=1, help="Of each machine.")] = 8,
    out: FiguresFile = BUILD / "capacity.json",
    *,
    local_minds: Annotated[
        bool, typer.Option("--local-minds", help="The local minds decide, not a chat model.")
    ] = False,
) -> None:
    """Work out from measured costs what a deployment carries, and what gives way first."""
    rows = [(site, costs_of(site.engine, bench, local_minds=local_minds)) for site in _sites(cores)]
    report = []
    for site, costs in rows:
        most, first = carried(costs, site)
        loads = [load(costs, site, rate, TICKETS) for rate in RATES]
        report.append(
            {
                "site": asdict(site),
                "costs": asdict(costs),
                "carries_per_second": most,
                "gives_way_first": first.name,
                "loads": [asdict(one) for one in loads],
            }
        )
        typer.echo(f"{named(site)}: {most:,.0f} tickets/s, then {first.name} are full")
        for one in loads:
            typer.echo(f"  {_told(one)}")
    write_json(out, report)


def costs_of(engine: Engine, bench: Path | None, *, local_minds: bool) -> Costs:
    """The measured costs on one engine, with what a newer report has. Raises `DataError`."""
    known = json.loads(MEASURED.read_text(encoding="utf-8"))
    costs = Costs(**{**known["both"], **known[engine]})
    found = {} if bench is None else _figures(bench)
    for name, sources in FROM_BENCH.items():
        for source in sources:
            value = found.get(source.format(engine=engine))
            if value is not None and not (engine == "sqlite" and name == "server_ms"):
                costs = replace(costs, **{name: value})
    return costs if local_minds else replace(costs, minds_ms=0.0)


def named(site: Site) -> str:
    """For a table."""
    machines = "1 machine" if site.machines == 1 else f"{site.machines} machines"
    return f"{machines} of {site.cores} cores, {site.engine}"


def _sites(cores: int) -> list[Site]:
    return [Site(1, cores, "sqlite"), Site(1, cores, "postgres"), Site(10, cores, "postgres")]


def _figures(bench: Path) -> dict[str, float | None]:
    try:
        body: dict[str, Any] = json.loads(bench.read_text(encoding="utf-8"))
        return {name: one["value"] for name, one in body["metrics"].items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{bench} is no report of `python -m evals bench --out`: {type(error).__name__}"
        raise DataError(msg) from error


def _told(one: Load) -> str:
    station = f"{one.busiest.name} {one.busy:.0%} busy"
    if one.p50_seconds is None or one.p95_seconds is None:
        return f"at {one.rate:,.0f}/s: the queue only grows ({station})"
    return f"at {one.rate:,.0f}/s: {one.p50_seconds:.2f} s, p95 {one.p95_seconds:.2f} s ({station})"
