"""A chat model that says again what was written down for it once.

A script holds, for each message of a company, what a good model would decide: the intent, the
words that ask, what else to search for, which tools to use, and which sentences of the evidence to
tell. Nothing of it says how a ticket ends: what is found, whether it is enough, what the checks
let pass and who may act is decided by the product. A sentence is told only if it stands in the
evidence that the prompt shows; a decision that the script does not hold is made by the rules of
`model_answers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from evals.faults.model_answers import SURE, Asked, answer_of

Json = dict[str, Any]

_MARKS = re.compile(r"[*`]")
_ITEM = re.compile(r"^(?:\d+\. |- )")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z€<(])")
_AMOUNT = re.compile(r"\bis for ([\d.]+) EUR\b")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Told(_Part):
    """A statement in the model's own words."""

    say: str
    source: str = Field(alias="from")
    """Words of the evidence that states it."""


class ScriptedAsk(_Part):
    """What the model makes of one thing that is asked."""

    quote: str
    context: str = ""
    intent: str | None = None
    searches: tuple[str, ...] = ()
    tools: tuple[Json, ...] = ()
    tell: tuple[str | Told, ...] = ()
    """Words of sentences of the evidence that are told whole, or statements of its own."""


class ScriptedTicket(_Part):
    """What the model makes of one message."""

    id: str
    intent: str | None
    asks: tuple[ScriptedAsk, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Script:
    """All messages that it knows."""

    tickets: Sequence[ScriptedTicket] = ()

    @classmethod
    def read(cls, path: Path) -> Script:
        """From a file of JSON lines. Raises `ValueError`."""
        lines = path.read_text(encoding="utf-8").splitlines()
        return cls([TypeAdapter(ScriptedTicket).validate_json(line) for line in lines])

    def answer(self, asked: Asked) -> Json:
        """What it says to a request."""
        rules = {
            "SortedMessage": self._sorted,
            "TicketPlan": self._planned,
            "NewPlan": self._replanned,
            "Reply": self._replied,
            "Judgement": self._judged,
        }
        said = rules[asked.tool](asked) if asked.tool in rules else None
        return answer_of(asked) if said is None else said

    def _of(self, message: str) -> ScriptedTicket | None:
        """The ticket that has this message: the one with the longest words of it."""
        text = _plain(message)
        known = [one for one in self.tickets if all(_plain(a.quote) in text for a in one.asks)]
        return max(known, key=lambda one: sum(len(a.quote) for a in one.asks), default=None)

    def _sorted(self, asked: Asked) -> Json | None:
        ticket = self._of(asked.part("message"))
        if ticket is None:
            return None
        others = dict.fromkeys(one.intent for one in ticket.asks if one.intent)
        return {
            "intent": ticket.intent,
            "confidence": SURE,
            "alternatives": [name for name in others if name != ticket.intent],
        }

    def _planned(self, asked: Asked) -> Json | None:
        ticket = self._of(asked.part("message"))
        if ticket is None:
            whole = asked.part("message").strip()
            return {"asks": [{"quote": whole}]} if len(whole) > 1 else None
        return {
            "asks": [
                {
                    "quote": one.quote,
                    "context": one.context,
                    "intent": one.intent or ticket.intent,
                    "searches": list(one.searches),
                    "tools": list(one.tools),
                }
                for one in ticket.asks
            ]
        }

    def _replanned(self, asked: Asked) -> Json | None:
        """What waited for an amount is asked for again, with the amount of the record."""
        ticket = self._of(asked.part("message"))
        if ticket is None:
            return {"asks": []}
        return {
            "asks": [
                {"ask_id": f"ask-{place}", "tools": tools}
                for place, one in enumerate(ticket.asks, start=1)
                if (tools := list(_with_amounts(one.tools, asked.data)))
            ]
        }

    def _replied(self, asked: Asked) -> Json | None:
        banned = {text for label, text in asked.data if label == "must not be said again"}
        shown = {
            label.removeprefix("evidence "): text
            for label, text in asked.data
            if label.startswith("evidence ")
        }
        statements = [
            {"text": text, "ask": name, "evidence": [source]}
            for name, _, words in asked.items
            for text, source in self._told(
                asked.part(f"ask {name}"),
                {one: shown[one] for one in re.findall(r"E\d+", words) if one in shown},
            )
            if text not in banned
        ]
        return {"statements": statements} if statements else None

    def _told(self, quote: str, shown: dict[str, str]) -> Iterator[tuple[str, str]]:
        ask = next(
            (a for one in self.tickets for a in one.asks if _plain(a.quote) == _plain(quote)), None
        )
        for wanted in () if ask is None else ask.tell:
            words = wanted if isinstance(wanted, str) else wanted.source
            for name, text in shown.items():
                found = next((one for one in _units(text) if words in one), None)
                if found is not None:
                    yield (found if isinstance(wanted, str) else wanted.say), name
                    break

    def _judged(self, asked: Asked) -> Json | None:
        """It stands by its own words where their source is shown; the rest goes by the rules."""
        statement, evidence = asked.part("statement"), _bare(asked.part("evidence"))
        own = (
            told
            for one in self.tickets
            for ask in one.asks
            for told in ask.tell
            if isinstance(told, Told)
        )
        said = any(one.say == statement and one.source in evidence for one in own)
        return {"supported": SURE} if said else None


def _with_amounts(tools: Sequence[Json], data: Sequence[tuple[str, str]]) -> Iterator[Json]:
    for one in tools:
        number = one["arguments"].get("invoice_id")
        records = [
            text for label, text in data if label.startswith("done:") and str(number) in text
        ]
        amounts = _AMOUNT.findall("\n".join(records))
        if one["tool"].startswith("refund") and "amount" not in one["arguments"] and amounts:
            yield {**one, "arguments": {**one["arguments"], "amount": float(amounts[0])}}


def _units(evidence: str) -> Iterator[str]:
    """Sentences, steps, items and rows, as one would say them."""
    for line in _bare(evidence).splitlines():
        said = _ITEM.sub("", line.strip()).rstrip(";,")
        if said.startswith("|"):
            yield said
        else:
            yield from _SENTENCE_END.split(said)


def _bare(text: str) -> str:
    return _MARKS.sub("", text)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
