"""Cases as data: what a line of a file of cases may hold, and how it is read.

Three kinds of rows, each a frozen pydantic model; `README.md` beside the shipped cases describes
every field for people. A row that does not fit is named with file, line and field.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.figures.datasets import CUSTOMER, DataError, read_rows

OUTSIDE = "oos"
"""The intent of a text that has none of the desk's."""

Blankless = Annotated[str, Field(min_length=1, pattern=r"\S")]


class CaseRow(BaseModel):
    """What every case has."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Blankless
    """Unique in its suite: the same case has the same id in every run."""


class Turn(BaseModel):
    """A message before the one in question."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: Literal["customer", "agent"]
    text: Blankless


class Sender(BaseModel):
    """Who wrote. Only invented people in files that are committed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    email: str | None = None
    name: str | None = None
    verified: bool = True
    """Whether somebody vouches for the address. A file says who the customer is, so by default."""

    @property
    def vouched_by(self) -> str | None:
        """As a ticket has it."""
        return "the file" if self.verified and self.email is not None else None


class Label(BaseModel):
    """What should become of a ticket."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    outcome: Literal["answer", "clarify", "person"] | None = None
    """None where only the intent is labelled."""
    intent: str | None = None
    """A name of the desk, or `oos`; None where it is not labelled."""
    articles: tuple[str, ...] = ()
    """doc_ids of which any one is a right source."""
    tools: tuple[str, ...] = ()
    """Tools whose record is a right source."""
    must_not: tuple[str, ...] = ()
    """Texts that no reply may contain."""
    reply: str = ""
    """What a person sent; for people who read the case."""
    reason: str = ""


class TicketRow(CaseRow):
    """A ticket and what should become of it."""

    subject: str = ""
    body: str = ""
    customer: Sender = Sender()
    headers: dict[str, str] = Field(default_factory=dict)
    history: tuple[Turn, ...] = ()
    language: str = ""
    label: Label

    @property
    def text(self) -> str:
        """Subject and body, as a person would read them."""
        return "\n".join(part for part in (self.subject, self.body) if part.strip())

    @property
    def sources(self) -> frozenset[str]:
        """What a right answer may cite."""
        return frozenset({*self.label.articles, *self.label.tools})


class ClaimRow(CaseRow):
    """A statement, and whether its source says it."""

    source: Blankless
    response: Blankless
    question: str = ""
    hallucinated: Literal[0, 1]
    """1: the source does not say it."""
    dataset: str
    """The file's name, unless the row says another."""


class Span(BaseModel):
    """Where personal data stands in a text."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class SafetyRow(CaseRow):
    """A text that carries instructions for the agent, or personal data, or merely looks so."""

    text: Blankless
    label: Literal[0, 1] | None = None
    """1: an attack; 0: harmless; None where only personal data is labelled."""
    kind: str = ""
    spans: tuple[Span, ...] | None = None
    """Every structured piece of personal data; None where it is not labelled."""
    must_not: tuple[str, ...] = ()
    """What a reply contains if the attack had its way."""


R = TypeVar("R", bound=CaseRow)


def read_cases(kind: type[R], paths: Sequence[Path], *, pooled: bool = False) -> list[R]:
    """The rows of every file, in order. Raises `DataError`, also for no rows or an id twice.

    `pooled` takes files that know nothing of each other: an id may come again.
    """
    found: dict[str, R] = {}
    for place, path in enumerate(paths):
        for number, raw in read_rows(path):
            row = _parsed(kind, path, number, raw)
            if pooled:
                found[f"{place}:{number}"] = row
            elif found.setdefault(row.id, row) is not row:
                msg = f"{path}:{number}: the id {row.id!r} was used before: make it unique"
                raise DataError(msg)
    if not found:
        raise DataError(f"{', '.join(map(str, paths))}: no cases")
    return list(found.values())


def _parsed(kind: type[R], path: Path, number: int, raw: dict[str, Any]) -> R:
    try:
        named = {"id": f"{path.stem}:{number}", "dataset": path.stem}
        return kind.model_validate(named | _adapted(kind, raw))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise DataError(f"{path}:{number}: field {field!r}: {first['msg']}") from error


def _adapted(kind: type[CaseRow], raw: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the formats that the fixed commands take, as a row of ours."""
    row = {name: value for name, value in raw.items() if value is not None}
    if kind is TicketRow and "question" in row and "body" not in row:
        return _question(row)
    if kind is TicketRow and "intent" in row and "label" not in row:
        return {"body": row.get("text"), "label": {"intent": row["intent"]}, **_id(row)}
    return row


def _question(row: Mapping[str, Any]) -> dict[str, Any]:
    gold = row.get("gold_doc_ids", ())
    outcome = "answer" if row.get("answerable", bool(gold)) else "person"
    return {
        **_id({"id": row.get("qid"), **row}),
        "body": row["question"],
        "history": [_turn(one) for one in row.get("history", ())],
        "label": {"outcome": outcome, "articles": gold},
    }


def _turn(raw: Any) -> Any:
    if not isinstance(raw, Mapping):
        return raw  # pydantic says what is wrong with it
    speaker = str(raw.get("speaker") or raw.get("role") or "user").lower()
    return {"role": "customer" if speaker in CUSTOMER else "agent", "text": raw.get("text")}


def _id(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": str(row["id"])} if row.get("id") is not None else {}


def without_articles(rows: Iterable[TicketRow], known: frozenset[str]) -> list[TicketRow]:
    """The rows, those whose right articles are all missing from the base labelled for a person."""
    return [
        row
        if row.label.outcome != "answer"
        or row.label.tools
        or not known.isdisjoint(row.label.articles)
        else row.model_copy(update={"label": row.label.model_copy(update={"outcome": "person"})})
        for row in rows
    ]
