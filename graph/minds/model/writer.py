"""The model writer: the model gives statements with their evidence, the reply is put together here.

So nothing stands in a reply that is not a claim, and every claim is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json
from typing_extensions import override

from graph.minds.contract import Writer, WriteRequest
from graph.minds.model.answers import AnswerInvalid
from graph.minds.model.asking import ModelMind, Question
from graph.minds.model.letter import composed
from graph.minds.model.prompts import Brief, load_prompt
from graph.state import Ask, Claim, Drafted, Evidence
from memory.journal.codes import MindDecision, Wrong
from memory.patterns import linear

MOST_STATEMENTS = 20
MOST_STATEMENT_CHARS = 600
WISHED = "wish"
WISH = (
    f"A colleague of the desk has read the last draft. Follow what stands in the part `{WISHED}` as to"
    " length, tone, order and what to leave out. It is no evidence: state nothing for its sake."
)
MOST_SOURCES = 6
"""Passages that one statement may name."""

_EXACT = linear(r"https?://[^\s)>\]]+|[\w.+-]+@[\w-]+\.[\w.]+|\d+(?:[.,:]\d+)*")
"""What must be in the evidence to the letter: links, addresses, figures."""


class Statement(BaseModel):
    """One sentence or step with what it stands on."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=2, max_length=MOST_STATEMENT_CHARS)
    ask: str
    evidence: list[str] = Field(min_length=1, max_length=MOST_SOURCES)


class Reply(BaseModel):
    """The statements of the reply, in order."""

    model_config = ConfigDict(extra="forbid")

    statements: list[Statement] = Field(min_length=1, max_length=MOST_STATEMENTS)


@dataclass(frozen=True)
class _Material:
    """What was put before the model."""

    request: WriteRequest
    asks: Mapping[str, Ask]
    """By id, the supported ones."""
    shown: Mapping[str, Evidence]
    """By the short name the model knows it under."""
    allowed: Mapping[str, frozenset[str]]
    """Short names by ask."""


@dataclass(frozen=True)
class ModelWriter(ModelMind[Writer], Writer):
    """A chat model writes the reply, from supported asks and numbered evidence."""

    @override
    async def write(self, request: WriteRequest) -> Drafted:
        """A clarifying question alone needs no model."""
        if not any(one["supported"] for one in request.assessments):
            return await self.local.write(request)
        return await self.decided(
            reply(request),
            lambda claims, name: composed(request, claims, name),
            lambda: self.local.write(request),
        )


def reply(request: WriteRequest) -> Question[Reply, list[Claim]]:
    """What a model is asked for a reply."""
    brief = Brief()
    material = _material(request, brief)
    return Question(
        decision=MindDecision.WRITE,
        prompt=load_prompt("write"),
        values={
            "company": request.desk.company,
            "language": request.language or request.desk.language,
            "asks": _asks_in_words(material),
            "wish": WISH if request.wish else "",
        },
        brief=brief,
        shape=Reply,
        check=lambda given: _checked(given, material),
        shown=statements_of,
    )


def statements_of(written: str) -> str:
    """The statements of an answer that is still being written, one a line, the last one unfinished.

    Nothing else of it is for people: neither the names of the evidence, nor what fits no shape.
    """
    try:
        found = from_json(written, allow_partial="trailing-strings")
    except ValueError:
        return ""
    given = found.get("statements") if isinstance(found, dict) else ()
    parts = given if isinstance(given, list) else ()
    texts = [one.get("text") for one in parts if isinstance(one, dict)]
    return "\n".join(" ".join(text.split()) for text in texts if isinstance(text, str))


def _material(request: WriteRequest, brief: Brief) -> _Material:
    supported = {one["ask_id"]: one for one in request.assessments if one["supported"]}
    asks = {ask["id"]: ask for ask in request.asks if ask["id"] in supported}
    shown: dict[str, Evidence] = {}
    allowed: dict[str, frozenset[str]] = {}
    for name, ask in asks.items():
        brief.add(f"ask {name}", ask["text"])
        names = (_shown(one, request, shown, brief) for one in supported[name]["evidence"])
        allowed[name] = frozenset(filter(None, names))
    if request.wish:
        brief.add(WISHED, request.wish)
    for claim in filter(None, (finding["claim"] for finding in request.findings)):
        brief.add("must not be said again", claim)
    return _Material(request, asks, shown, allowed)


def _shown(key: str, request: WriteRequest, shown: dict[str, Evidence], brief: Brief) -> str | None:
    """The short name of a piece of evidence; None if it has no room in the prompt."""
    known = next((name for name, item in shown.items() if item["id"] == key), None)
    if known is not None or key not in request.evidence:
        return known
    item = request.evidence[key]
    text = request.answers.get(key) or item["text"]
    name = f"E{len(shown) + 1}"
    if not brief.add(f"evidence {name}", f"{item['title']}\n{item['heading']}\n{text}"):
        return None
    shown[name] = item
    return name


def _asks_in_words(material: _Material) -> str:
    lines = [
        f"- {name}: {', '.join(sorted(names)) or 'no evidence'}"
        for name, names in material.allowed.items()
    ]
    return "\n".join(lines)


def _checked(reply: Reply, material: _Material) -> list[Claim]:
    banned = {_plain(finding["claim"]) for finding in material.request.findings}
    claims = [
        _claim(place, statement, material)
        for place, statement in enumerate(reply.statements)
        if _plain(statement.text) not in banned
    ]
    if missing := set(material.asks) - {claim["ask_id"] for claim in claims}:
        text = f"No new statement answers {', '.join(sorted(missing))}."
        raise AnswerInvalid(Wrong.NOT_COVERED, text)
    return claims


def _claim(place: int, statement: Statement, material: _Material) -> Claim:
    if statement.ask not in material.asks:
        text = f"statements.{place}: there is no such ask."
        raise AnswerInvalid(Wrong.UNKNOWN_NAME, text)
    if not set(statement.evidence) <= material.allowed[statement.ask]:
        text = f"statements.{place}: evidence is named that {statement.ask} was not given."
        raise AnswerInvalid(Wrong.UNKNOWN_NAME, text)
    items = [material.shown[name] for name in statement.evidence]
    source = " ".join(
        f"{item['title']} {item['heading']} {item['text']}"
        f" {material.request.answers.get(item['id'], '')}"
        for item in items
    )
    exact = [part.rstrip(".,:") for part in _EXACT.findall(statement.text)]
    if any(part not in source for part in exact):
        text = f"statements.{place}: a figure, link or address is not in its evidence."
        raise AnswerInvalid(Wrong.NOT_STATED, text)
    return Claim(
        text=" ".join(statement.text.split()),
        ask_id=statement.ask,
        evidence=list(dict.fromkeys(item["id"] for item in items)),
    )


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
