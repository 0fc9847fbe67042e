"""`deskhand init`: a desk to start from."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Annotated

import typer

from api.cli import screen
from api.cli.failures import USAGE, CommandFault

MAX_SLUG_CHARS = 40
STARTER = Path(__file__).parent / "starter"


def run(
    folder: Annotated[Path, typer.Argument(help="Where to write it.")] = Path(),
    company: Annotated[
        str, typer.Option(help="Your company's name, as customers know it.")
    ] = "Example Company",
    tenant: Annotated[
        str | None, typer.Option(help="Short name for keys and data (default: from --company).")
    ] = None,
) -> None:
    """Write a commented desk.yaml and a first article; never overwrites anything."""
    name = tenant or _slug(company)
    written = {
        folder / source.relative_to(STARTER): _filled(source, company, name)
        for source in sorted(STARTER.rglob("*"))
        if source.is_file()
    }
    if there := [str(path) for path in written if path.exists()]:
        msg = f"{', '.join(there)} exists already: choose another folder, or move it away"
        raise CommandFault(msg, USAGE)
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _check(folder / "desk.yaml")
    screen.out().print(_next_steps(list(written), name, folder), markup=False)


def _filled(source: Path, company: str, tenant: str) -> str:
    text = source.read_text(encoding="utf-8")
    quoted = company.replace("\\", "\\\\").replace('"', '\\"')
    return text.replace("@COMPANY@", quoted).replace("@TENANT@", tenant)


def _slug(company: str) -> str:
    plain = unicodedata.normalize("NFKD", company).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG_CHARS].strip("-") or "company"


def _check(path: Path) -> None:
    from graph.desk.file import load_desk
    from graph.desk.problems import DeskInvalid

    try:
        load_desk(path)
    except DeskInvalid as error:
        path.unlink()
        msg = f"{error}: choose another --tenant or --company"
        raise CommandFault(msg, USAGE) from error


def _next_steps(written: list[Path], tenant: str, folder: Path) -> str:
    paths = "\n".join(f"  {path}" for path in written)
    there = "" if folder == Path() else f"  cd {folder}\n"
    return f"""Written:
{paths}

Next:
{there}  deskhand migrate                          set the database up
  deskhand kb add articles                  load your articles
  export DESKHAND_KEY=$(deskhand key create --name me --scope admin --vouch --tenant {tenant})
  deskhand account create --name "Ann" --email ann@example.com --role admin --tenant {tenant}
  deskhand up                               start the API and a worker; people log in at /console
  deskhand ticket send "How do I reset my password?" --follow"""
