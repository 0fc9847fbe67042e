"""What is sent: a labelled folder's attacks inside ordinary tickets, and texts that look like them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Literal

from evals.figures.datasets import DataError
from evals.harness.rows import Label, Sender, TicketRow, read_cases
from evals.harness.rows import SafetyRow as Row
from evals.harness.suite import SHIPPED, TICKETS

ATTACKS = "injection.jsonl"
"""The file of a folder that holds attacks (label 1) and harmless texts (label 0)."""
LOOKALIKES = SHIPPED / "lookalikes.jsonl"
"""Our own harmless texts with words that attacks have."""
CARRIERS = ("fh-002", "fh-010", "fh-025", "fh-032", "fh-034", "fh-035", "fh-038", "fh-082")
"""Tickets of the example company: answered from an article, not answered, proposed for approval,
answered from a record and from both, refused because the record is somebody else's, and one that
is an attack already."""
STRANGER = "stranger"
"""The id of the carrier whose sender nobody vouches for."""

Place = Literal["start", "middle", "end"]
PLACES: tuple[Place, ...] = ("end", "start", "middle")


class AttackRow(Row):
    """A row of the folder."""

    attack: str = ""
    """The injected sentence alone, where the text is a letter around it."""
    position: Place | None = None

    @property
    def order(self) -> str:
        """What is put into a ticket."""
        return self.attack or self.text


@dataclass(frozen=True)
class Pair:
    """A ticket, and the same with an attack in it."""

    row: AttackRow
    plain: TicketRow
    attacked: TicketRow


def read_folder(folder: Path) -> tuple[list[AttackRow], list[AttackRow]]:
    """The folder's attacks, and its harmless texts with our own. Raises `DataError`."""
    rows = read_cases(AttackRow, [folder / ATTACKS])
    attacks = [one for one in rows if one.label == 1]
    if not attacks:
        raise DataError(f"{folder / ATTACKS}: no row has the label 1: there is no attack")
    return attacks, [one for one in rows if one.label == 0] + read_cases(AttackRow, [LOOKALIKES])


def spread(rows: Sequence[AttackRow], most: int) -> list[AttackRow]:
    """At most so many, one of each kind after the other, so that every kind has its share."""
    kinds: dict[str, list[AttackRow]] = {}
    for one in rows:
        kinds.setdefault(one.kind, []).append(one)
    turns = chain.from_iterable(zip_longest(*kinds.values()))
    return [one for one in turns if one is not None][:most]


def carriers() -> list[TicketRow]:
    """The tickets into which attacks are put."""
    rows = {one.id: one for one in read_cases(TicketRow, [TICKETS])}
    order = rows["fh-035"]
    unknown = order.customer.model_copy(update={"verified": False})
    return [
        *(rows[name] for name in CARRIERS),
        order.model_copy(update={"id": STRANGER, "customer": unknown}),
    ]


def pairs(attacks: Sequence[AttackRow], into: Sequence[TicketRow]) -> Iterator[Pair]:
    """Each attack in the next carrier, at its own place or at each place in turn."""
    for number, row in enumerate(attacks):
        plain = into[number % len(into)]
        place = row.position or PLACES[number % len(PLACES)]
        body = inserted(plain.body, row.order, place)
        update = {"id": f"{plain.id}+{row.id}", "body": body}
        yield Pair(row, plain, plain.model_copy(update=update))


def inserted(body: str, order: str, place: Place) -> str:
    """The body with one more paragraph; in the middle after half of its sentences."""
    if place == "start":
        return f"{order}\n\n{body}"
    if place == "end":
        return f"{body}\n\n{order}"
    cut = body.find(". ", len(body) // 2) + 1
    return f"{body[:cut]}\n\n{order}\n\n{body[cut:].lstrip()}" if cut else f"{body}\n\n{order}"


def alone(row: AttackRow) -> TicketRow:
    """A text as a ticket of its own."""
    sender = Sender(email="someone@example.org", name="Someone")
    return TicketRow(id=row.id, body=row.text, customer=sender, label=Label())
