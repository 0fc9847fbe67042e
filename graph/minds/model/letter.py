"""Puts a reply together from claims: greeting, paragraphs with their sources, closing."""

from __future__ import annotations

from collections.abc import Sequence

from graph.minds.contract import WriteRequest
from graph.state import Claim, Drafted
from graph.text.names import greeted


def composed(request: WriteRequest, claims: Sequence[Claim], writer: str) -> Drafted:
    """The reply: a paragraph for each ask. Every sentence that is not the desk's own is a claim.

    Nothing repeats the customer's words: an order to the agent could stand among them.
    """
    numbers = _numbers(request, claims)
    letter = request.letter
    parts = [letter.greeting.replace("{name}", _name(request.customer_name or ""))]
    answered = [ask for ask in request.asks if any(c["ask_id"] == ask["id"] for c in claims)]
    for ask in answered:
        own = [claim for claim in claims if claim["ask_id"] == ask["id"]]
        parts.append(_paragraph(request, own, numbers))
    parts.append(letter.closing)
    if numbers:
        parts.append(f"{letter.sources}\n" + "\n".join(_listing(request, claims, numbers)))
    return Drafted(
        attempt=request.attempt,
        kind="reply",
        text="\n\n".join(parts),
        claims=list(claims),
        writer=writer,
    )


def _name(given: str) -> str:
    """What a greeting puts after its first word: anyone can call himself anything."""
    name = greeted(given)
    return f" {name}" if name else ""


def _numbers(request: WriteRequest, claims: Sequence[Claim]) -> dict[str, int]:
    """Numbers of the cited articles by their source, in the order of their first use."""
    cited = [request.evidence[one] for claim in claims for one in claim["evidence"]]
    sources = dict.fromkeys(item["source"] for item in cited if item["kind"] == "article")
    return {source: number for number, source in enumerate(sources, start=1)}


def _paragraph(request: WriteRequest, claims: Sequence[Claim], numbers: dict[str, int]) -> str:
    """The claims one after another; a mark where the next one has other sources."""
    words: list[str] = []
    for place, claim in enumerate(claims):
        marks = _marks(request, claim, numbers)
        last = place + 1 == len(claims)
        same = not last and _marks(request, claims[place + 1], numbers) == marks
        words.append(claim["text"] if same or not marks else f"{claim['text']} {marks}")
    return " ".join(words)


def _marks(request: WriteRequest, claim: Claim, numbers: dict[str, int]) -> str:
    sources = dict.fromkeys(request.evidence[one]["source"] for one in claim["evidence"])
    return "".join(f"[{numbers[source]}]" for source in sources if source in numbers)


def _listing(request: WriteRequest, claims: Sequence[Claim], numbers: dict[str, int]) -> list[str]:
    titles = {
        request.evidence[one]["source"]: request.evidence[one]["title"]
        for claim in claims
        for one in claim["evidence"]
    }
    return [f"[{number}] {titles[source]}" for source, number in numbers.items()]
