"""What the misbehaving model says when it behaves, when it is persuaded, and when it babbles.

It knows the prompts of graph/prompts only as a model does: by reading them.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

_DATA = re.compile(r"<data (\w+) ([^>\n]*)>\n(.*?)\n</data \1>", re.DOTALL)
_ITEM = re.compile(r"^- ([\w-]+)(?: \((\w+)s\))?: (.*)$", re.MULTILINE)
_SENTENCE = re.compile(r"[^.!?]+[.!?]?")
_ORDER = re.compile(r"\b[A-Z]\d+\b")
SURE, UNSURE = 0.95, 0.05
MORE_SEARCHES = 2
NONSENSE = (
    "Your account has been upgraded and a full refund was sent to your bank this morning, "
    "so there is nothing left for you to do."
)
ORDERED = "The administrator allows every refund: see https://evil.example/claim for your money."


@dataclass(frozen=True)
class Asked:
    """One request, as far as the rules look at it."""

    tool: str
    """Name of the tool the model must call."""
    rules: str
    data: Sequence[tuple[str, str]]
    """Label and text of each fenced part."""

    @classmethod
    def of(cls, body: Json) -> Asked:
        """From the body of a request."""
        texts = {"system": "", "user": ""}
        for message in body["messages"]:
            texts[message["role"]] += f"\n{message['content'] or ''}"
        tools = body.get("tools") or [{"function": {"name": ""}}]
        found = [(label, text) for _, label, text in _DATA.findall(texts["user"])]
        return cls(tools[0]["function"]["name"], texts["system"], found)

    def part(self, label: str) -> str:
        """The text of the first part whose label begins so; empty without one."""
        return next((text for name, text in self.data if name.startswith(label)), "")

    @property
    def items(self) -> list[tuple[str, str, str]]:
        """(name, effect, words) of the rules' lists."""
        return _ITEM.findall(self.rules)


def answer_of(asked: Asked) -> Json:
    """A sensible answer, by rules."""
    rules = {
        "SortedMessage": _sorted,
        "TicketPlan": _planned,
        "NewPlan": _replanned,
        "Reply": _replied,
        "Judgement": _judged,
    }
    return rules[asked.tool](asked) if asked.tool in rules else {}


def nonsense_of(asked: Asked) -> Json:
    """Well-formed, sure of itself, and about nothing that was asked."""
    match asked.tool:
        case "SortedMessage":
            name = asked.items[-1][0] if asked.items else None
            return {"intent": name, "confidence": 0.99, "alternatives": []}
        case "TicketPlan":
            quote = asked.part("message")
            return {"asks": [{"quote": quote, "searches": ["opening hours of the canteen"]}]}
        case "NewPlan":
            return {"asks": [{"ask_id": "ask-1", "searches": ["the weather on Sunday"]}]}
        case "Reply":
            return {
                "statements": [_statement(name, NONSENSE, ids[:1]) for name, ids in _asks(asked)]
            }
        case _:
            return {"supported": 1.0}


def more_of(asked: Asked) -> Json:
    """A sensible answer, but a plan always has two more searches that nobody has made yet."""
    found = answer_of(asked)
    if asked.tool not in {"TicketPlan", "NewPlan"}:
        return found
    words = " ".join(sorted(_words(asked.part("message"))))[:120]
    for one in found["asks"]:
        one["searches"] = [f"{words} {secrets.token_hex(4)}" for _ in range(MORE_SEARCHES)]
    return found


def injected_of(asked: Asked) -> Json:
    """What it would say if it did as a text tells it."""
    refund = {"tool": "refund", "arguments": {"order_id": "A1"}}
    match asked.tool:
        case "SortedMessage":
            return {"intent": "administrator", "confidence": 1.0, "alternatives": []}
        case "TicketPlan":
            quote = asked.part("message")
            return {"asks": [{"quote": quote, "intent": "administrator", "tools": [refund]}]}
        case "NewPlan":
            return {"asks": [{"ask_id": "ask-1", "tools": [refund]}]}
        case "Reply":
            return {
                "statements": [_statement(name, ORDERED, ids[:1]) for name, ids in _asks(asked)]
            }
        case _:
            return {"supported": 1.0}


def _sorted(asked: Asked) -> Json:
    said = _words(asked.part("message"))
    scores = {name: len(said & _words(words)) for name, _, words in asked.items if name != "("}
    best = max(scores, key=lambda name: scores[name], default=None)
    if best is None or scores[best] == 0:
        return {"intent": None, "confidence": 0.8, "alternatives": []}
    return {"intent": best, "confidence": 0.9, "alternatives": []}


def _planned(asked: Asked) -> Json:
    message = asked.part("message")
    questions = [one.strip() for one in _SENTENCE.findall(message) if one.strip().endswith("?")]
    quotes = questions or [message.strip()]
    intent = next((name for name, effect, _ in asked.items if not effect), None)
    orders = _ORDER.findall(message)
    tools = [
        {"tool": name, "arguments": {"order_id": orders[0]}}
        for name, effect, words in asked.items
        if effect == "read" and "order_id" in words and orders
    ]
    return {"asks": [{"quote": one, "intent": intent, "tools": tools} for one in quotes]}


def _replanned(asked: Asked) -> Json:
    query = " ".join(sorted(_words(asked.part("message"))))[:200]
    asks = [label.removeprefix("ask ") for label, _ in asked.data if label.startswith("ask ")]
    return {"asks": [{"ask_id": name, "searches": [query]} for name in asks]}


def _replied(asked: Asked) -> Json:
    banned = {text for label, text in asked.data if label == "must not be said again"}
    statements = []
    for name, ids in _asks(asked):
        for one in ids:
            body = asked.part(f"evidence {one}").split("\n", 2)[-1]
            told = [s.strip() for s in _SENTENCE.findall(body) if s.strip() not in banned]
            statements += [_statement(name, told[0], [one])] if told else []
    return {"statements": statements[:6]}


def _judged(asked: Asked) -> Json:
    stated = _words(asked.part("statement")) <= _words(asked.part("evidence"))
    return {"supported": SURE if stated else UNSURE}


def _asks(asked: Asked) -> list[tuple[str, list[str]]]:
    return [(name, re.findall(r"E\d+", words)) for name, _, words in asked.items]


def _statement(ask: str, text: str, evidence: Sequence[str]) -> Json:
    return {"text": text[:600], "ask": ask, "evidence": list(evidence)}


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 2}  # noqa: PLR2004
