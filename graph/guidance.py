"""What a person told the agent on giving a ticket back, and what became of it.

All of it steers the search. What stands in quotation marks is a colleague's statement: evidence
that may be quoted to the customer. Nothing else of it is, since hints are meant for the agent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.state import Ask, AskAssessment, Decided, StepResult, TicketState
from graph.text.words import words
from memory.fingerprints import fingerprint
from memory.journal.events import GuidanceFollowed

TOOL = "guidance"
FEWEST_WORDS = 3
"""Words without which a quotation is a name, not a statement."""
MOST_STATEMENTS = 5
MOST_ARTICLES = 10
"""Articles that the journal names."""
_QUOTES = frozenset('"“”„«»')
_CLOSES = frozenset('"”“»')
_FEWEST_CHARS, _MOST_CHARS = 8, 2000
_SHORTEST_WORD = 3


def returned(state: TicketState) -> Decided | None:
    """The decision by which this stretch began, None if nobody gave the ticket back."""
    decided = state.get("decided")
    return decided if decided is not None and decided["kind"] == "return" else None


def wish_of(state: TicketState) -> str:
    """What the person said on giving it back, for whoever can follow it as to tone and length."""
    decided = returned(state)
    return "" if decided is None else decided["guidance"].strip()


def statements(guidance: str) -> list[str]:
    """What a colleague put in quotation marks, each at least a few words long."""
    found = (piece.strip() for piece in _quoted(guidance))
    return [text for text in found if len(text.split()) >= FEWEST_WORDS][:MOST_STATEMENTS]


def _quoted(text: str) -> Iterator[str]:
    """What stands between two quotation marks without a third between them."""
    opened: int | None = None
    for place in [place for place, sign in enumerate(text) if sign in _QUOTES]:
        size = 0 if opened is None or text[place] not in _CLOSES else place - opened - 1
        if opened is not None and _FEWEST_CHARS <= size <= _MOST_CHARS:
            yield text[opened + 1 : place]
            opened = None
            continue
        opened = place


def evidence(decided: Decided, asks: Sequence[Ask]) -> dict[str, StepResult]:
    """The statements as results, each for the ask whose words it shares most."""
    results = {}
    for number, text in enumerate(statements(decided["guidance"]) if asks else []):
        name = f"guidance:{decided['handoff_id']}:{number}"
        results[name] = _result(name, text, _nearest(text, asks), decided["handoff_id"])
    return results


def _nearest(text: str, asks: Sequence[Ask]) -> Ask:
    said = _words(text)
    return max(asks, key=lambda ask: len(said & _words(f"{ask['text']} {ask['query']}")))


def _words(text: str) -> set[str]:
    return {word for word in words(text) if len(word) >= _SHORTEST_WORD}


def _result(name: str, text: str, ask: Ask, handoff_id: str) -> StepResult:
    return {
        "step_id": name,
        "ask_id": ask["id"],
        "kind": "search",
        "tool": TOOL,
        "arguments": {"handoff": handoff_id},
        "status": "ok",
        "evidence": [
            {
                "id": name,
                "kind": "guidance",
                "source": handoff_id,
                "title": "What a colleague said",
                "heading": "",
                "text": text,
                "score": 1.0,
                "features": {},
            }
        ],
        "answer": None,
        "error": None,
        "fingerprint": fingerprint(TOOL, {"handoff": handoff_id, "statement": name}),
    }


def account(
    state: TicketState, asks: Sequence[AskAssessment], results: Sequence[StepResult]
) -> tuple[GuidanceFollowed, ...]:
    """The journal's row on what was done with the guidance, none if there was none."""
    if returned(state) is None or not asks:
        return ()
    stated = [one for one in results if one["tool"] == TOOL]
    looked = [one for one in results if one["tool"] != TOOL and one["kind"] == "search"]
    passages = [item for one in looked for item in one["evidence"]]
    lowest = min(asks, key=lambda ask: ask["confidence"])
    followed = GuidanceFollowed(
        outcome="used" if results else "nothing new",
        searches=len(looked),
        passages=len(passages),
        articles=tuple(dict.fromkeys(item["source"] for item in passages))[:MOST_ARTICLES],
        tools=tuple(one["tool"] for one in results if one["kind"] == "tool"),
        statements=len(stated),
        confidence=round(lowest["confidence"], 4),
        threshold=lowest["threshold"],
    )
    return (followed,)
