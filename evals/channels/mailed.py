"""`python -m evals mailed`: conversations as mails, each beside its last question asked alone.

Every message of a customer is composed as a mail that quotes our last one below, read by the mail
channel's reader and taken in by its intake, and the desk answers as in production. Where the agent
hands over, a person sends what the data's own agent said, and the customer goes on.
"""

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from api.channels.contract import Received
from api.channels.intake import Intake
from api.channels.mail.reading import Reader
from evals.figures.datasets import read_rows
from evals.figures.metrics import Metric, exact, proportion
from evals.figures.options import CACHE, Cache, Report
from evals.figures.report import STDERR, describe, write_report
from evals.harness.desk_runtime import Driven, OpenDesk, open_desk
from evals.harness.setup import Setup
from evals.stack.chaotic import ARTICLE
from evals.stack.mail_servers import USER
from evals.stack.mailed import Customer
from graph.desk.channels import MAIL
from graph.text.mail.reading import own_words
from memory import handoffs
from memory.channels import outgoing
from memory.handoffs import Decision
from memory.tables import DecisionKind, TicketStatus

DESK = f"""
tenant: mailed
company: The company
autonomy:
  channels: {{mail: auto}}
channels:
  mail:
    address: {USER}
    imap: {{host: 127.0.0.1, port: 9, security: none}}
    smtp: {{host: 127.0.0.1, port: 9, security: none}}
"""
"""Nobody listens on the discard port: what would leave is a row, and is read there."""
PERSON = "Evi"
QUOTED_CHARS = 2_000


@dataclass(frozen=True)
class Said:
    """A conversation of the data."""

    id: str
    asked: tuple[str, ...]
    """What the customer wrote, in order; the last one is judged."""
    told: tuple[str, ...]
    """What the data's own agent said between."""
    gold: frozenset[str]
    """Articles of which any one is a right source; empty where there is none."""
    answerable: bool | None
    """None where the data does not say."""


@dataclass
class Held:
    """What became of a conversation."""

    replies: int = 0
    on_thread: int = 0
    """Replies that were taken in on their ticket."""
    words_kept: int = 0
    """Mails whose own words are what the customer wrote, without what they quote."""
    by_people: int = 0
    last: Driven | None = None
    mails: list[str] = field(default_factory=list)


def mailed(
    questions: Annotated[
        Path,
        typer.Option(help="Conversations: JSON lines with `question` and `history`, or `turns`."),
    ],
    out: Report,
    kb: Annotated[
        list[Path] | None, typer.Option(help="The articles; without them people answer.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Conversations at most.")] = None,
    cache: Cache = CACHE,
) -> None:
    """Hold conversations by mail, and ask the last question of each alone, as one mail."""
    found = list(conversations(questions))[:limit]
    pairs = asyncio.run(_all(found, tuple(kb or ()), cache))
    write_report(
        out,
        inputs={"questions": describe(questions), "kb": [describe(one) for one in kb or ()]},
        metrics=figures(found, pairs),
        cases=[_case(said, *pair) for said, pair in zip(found, pairs, strict=True)],
    )


def conversations(file: Path) -> Iterator[Said]:
    """The conversations of a file. Raises `DataError`."""
    for _, row in read_rows(file):
        turns = [(one["role"], one["text"]) for one in row.get("turns", ())]
        turns += [(_role(one["speaker"]), one["text"]) for one in row.get("history") or ()]
        turns += [("customer", row["question"])] if "question" in row else []
        asked = tuple(text for role, text in turns if role == "customer" and text.strip())
        told = tuple(text for role, text in turns if role != "customer" and text.strip())
        if asked:
            name = str(row.get("qid") or row.get("id"))
            gold = frozenset(row.get("gold_doc_ids") or ())
            yield Said(name, asked, told, gold, row.get("answerable"))


def _role(speaker: str) -> str:
    return "customer" if speaker == "user" else "agent"


async def _all(found: Sequence[Said], kb: tuple[Path, ...], cache: Path) -> list[tuple[Held, Held]]:
    with tempfile.TemporaryDirectory(prefix="deskhand-mailed-") as folder:
        file, article = Path(folder) / "desk.yaml", Path(folder) / "kb.jsonl"
        file.write_text(DESK, encoding="utf-8")
        article.write_text(ARTICLE, encoding="utf-8")
        async with open_desk(Setup(file, kb or (article,), cache)) as desk:
            counted = track(list(enumerate(found)), "by mail", console=STDERR, transient=True)
            return [
                (
                    await Correspondence(desk, f"c{n}", said).hold(said.asked),
                    await Correspondence(desk, f"s{n}", said).hold(said.asked[-1:]),
                )
                for n, said in counted
            ]


@dataclass
class Correspondence:
    """One customer and their mails."""

    desk: OpenDesk
    name: str
    said: Said
    held: Held = field(default_factory=Held)
    ticket_id: str = ""

    async def hold(self, asked: Sequence[str]) -> Held:
        """Write one mail after the other, each once the one before is answered."""
        for number, text in enumerate(asked):
            taken = await self._write(number, text)
            if number:
                self.held.replies += 1
                self.held.on_thread += taken.ticket_id == self.ticket_id
            self.ticket_id = self.ticket_id or str(taken.ticket_id)
            self.held.last = await self._answered()
            if self.held.last.ticket.status == TicketStatus.WAITING and number + 1 < len(asked):
                await self._by_person(self.held.last, number)
        return self.held

    async def _write(self, number: int, text: str) -> Received:
        last = await self._last()
        who = Customer(f"{self.name}@customer.example", "Ann Lee")
        mail = who.writes("x", "A question" if last is None else "Re: A question")
        mail.replace_header("Message-ID", f"<{self.name}-{number}@customer.example>")
        if last is not None:
            mail["In-Reply-To"] = mail["References"] = last.foreign_id
            quoted = "\n".join(f"> {line}" for line in last.body["text"][:QUOTED_CHARS].split("\n"))
            text = f"{text}\n\nOn Mon, Nov 2, 2026 at 9:14 AM Desk <{USER}> wrote:\n{quoted}\n"
        mail.set_content(text)
        read = Reader(USER).read(mail.as_bytes())
        own = own_words(read.text, read.subject)
        self.held.words_kept += own.split() == text.partition("\n\nOn Mon, Nov 2")[0].split()
        self.held.mails.append(own)
        return await self._intake().receive(read)

    def _intake(self) -> Intake:
        wiring = self.desk.wiring
        key = wiring.settings.hmac_key
        return Intake(wiring.database, wiring.queue, lambda: key, self.desk.desk.tenant, MAIL)

    async def _last(self) -> Any:
        """The last mail of ours; None before there is one."""
        if not self.ticket_id:
            return None
        async with self.desk.wiring.database.reading() as session:
            rows = await outgoing.of_ticket(session, self.ticket_id)
        return rows[-1] if rows else None

    async def _answered(self) -> Driven:
        since = 0 if self.held.last is None else self.held.last.last_seq
        return await self.desk.turn(self.ticket_id, since=since)

    async def _by_person(self, driven: Driven, number: int) -> None:
        """A person says what the data's agent said there."""
        told = self.said.told[number] if number < len(self.said.told) else "Please go on."
        ticket, wiring = driven.ticket, self.desk.wiring
        async with wiring.database.transaction() as session:
            handoff = await handoffs.newest(session, ticket.id, ticket.turn)
            assert handoff is not None
            await handoffs.decide(
                session,
                wiring.queue,
                tenant=ticket.tenant,
                handoff_id=handoff.id,
                who=PERSON,
                decision=Decision(DecisionKind.REPLY, text=told),
            )
        self.held.by_people += 1
        self.held.last = await self._answered()


def cited(held: Held) -> frozenset[str] | None:
    """The articles that the last answer names; None where the agent gave none."""
    driven = held.last
    if driven is None or driven.ticket.outcome != "delivered" or driven.reply is None:
        return None
    return frozenset(str(one["source"]) for one in driven.reply.citations)


def figures(found: Sequence[Said], pairs: Sequence[tuple[Held, Held]]) -> dict[str, Metric]:
    """What was kept, and the last answers beside those to the same question alone."""
    mails = [one for one, _ in pairs]
    replies = sum(one.replies for one in mails)
    written = sum(len(one.mails) for one in mails)
    metrics = {
        "conversations": exact(len(pairs), len(pairs)),
        "mails": exact(written, len(pairs)),
        "by_people": exact(sum(one.by_people for one in mails), written),
        "on_thread": exact(sum(one.on_thread for one in mails) / max(1, replies), replies),
        "words_kept": exact(sum(one.words_kept for one in mails) / max(1, written), written),
    }
    for name, side in (("mail", 0), ("single", 1)):
        ends = [(said, cited(pair[side])) for said, pair in zip(found, pairs, strict=True)]
        asked = [(said, one) for said, one in ends if said.gold]
        metrics[f"{name}.sent"] = proportion([one is not None for _, one in ends])
        metrics[f"{name}.right_source"] = proportion(
            [bool(one and one & s.gold) for s, one in asked]
        )
        sent = [(said, one) for said, one in asked if one is not None]
        metrics[f"{name}.wrong_source_of_sent"] = proportion([not one & s.gold for s, one in sent])
        metrics[f"{name}.sent_wrongly"] = proportion(
            [one is not None for said, one in ends if said.answerable is False]
        )
    return metrics


def _case(said: Said, mails: Held, single: Held) -> dict[str, Any]:
    def end(held: Held) -> dict[str, Any]:
        driven = held.last
        return {
            "outcome": None if driven is None else driven.ticket.outcome,
            "reason": None if driven is None else driven.ticket.reason,
            "cited": sorted(cited(held) or ()),
        }

    gold = {"gold": sorted(said.gold), "answerable": said.answerable, "turns": len(said.asked)}
    return {"id": said.id, **gold, "mail": end(mails), "single": end(single)}
