"""`deskhand case TICKET`: a ticket becomes a labelled case for the eval harness."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli import screen
from api.cli.failures import USAGE, CommandFault
from api.cli.remote import Json, Key, Remote, Url


def run(
    ticket: Annotated[str, typer.Argument(help="The ticket's id, tkt_...")],
    out: Annotated[
        Path | None, typer.Option(help="Add it to this file of cases, or replace it there.")
    ] = None,
    url: Url = None,
    key: Key = None,
) -> None:
    """Turn a ticket into a case: personal data masked, labelled by what a person decided."""
    case = Remote(url, key).get(f"/v1/tickets/{ticket}/case")
    line = json.dumps(case, ensure_ascii=False)
    if out is None:
        print(line)  # noqa: T201  the result
    else:
        kept(out, case, line)
    label = case["label"]
    wanted = label["outcome"] or "unlabelled"
    screen.notes().print(f"{case['id']}: {wanted}, since {label['reason']}.", markup=False)
    if label["outcome"] is None:
        screen.notes().print("Write label.outcome yourself: answer, clarify or person.")


def kept(path: Path, case: Json, line: str) -> None:
    """Write the case into a file of cases: the same ticket and turn stand there once.

    Raises `CommandFault` if the file holds something else than cases.
    """
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    others = [one for number, one in enumerate(lines, 1) if _id(path, number, one) != case["id"]]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*(one for one in others if one.strip()), line, ""]), "utf-8")


def _id(path: Path, number: int, line: str) -> str | None:
    if not line.strip():
        return None
    try:
        return str(json.loads(line)["id"])
    except (ValueError, TypeError, KeyError) as error:
        msg = f"{path}:{number} is not a case: name another file with --out"
        raise CommandFault(msg, USAGE) from error
