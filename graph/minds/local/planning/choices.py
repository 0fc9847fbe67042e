"""Which of several records an action is wished for, where the wish itself leaves it open."""

from __future__ import annotations

from collections.abc import Sequence

from graph.minds.local.planning.arguments import MOST_CALLS, found_arguments
from graph.state import Ask, Doubt
from graph.text.forms import plain_form
from graph.text.words import words
from memory.patterns import linear
from tools.arguments import numbers_of
from tools.contract import ToolSpec

_ONE = linear(
    r"\b(?:one of|either|(?:only|just) one|that one|(?:the|a) (?:other|first|second|third|last|wrong|right|older|newer|earlier|later|duplicate|double|extra)\b)",
    ignore_case=True,
)
_SEVERAL = frozenset(
    ["all", "both", "each", "every", "everything", "ones", "them", "these", "those"]
)


def left_open(tool: ToolSpec, places: Sequence[str], wording: str) -> list[str]:
    """The numbers of which one is meant, and not said which; empty where none or all are meant.

    One wish proposes one action: "I want one of them back" after two invoices names neither, and so
    does "Please refund it". `places` and `wording` as for `arguments_for`.
    """
    found = found_arguments(tool, places, wording, writes=True)
    several = (name for name in numbers_of(tool) if len(found.get(name, ())) > 1)
    name = next(several, None)
    if name is None:
        return []
    values = [str(one) for one in found[name]][:MOST_CALLS]
    said = plain_form(wording)
    if all(one in said for one in values):
        return values if _ONE.search(said) else []
    return values if _ONE.search(said) or not _plural(said, name) else []


def _plural(said: str, name: str) -> bool:
    """Whether several are wished for: "them", or "the invoices" of an `invoice_id`."""
    things = f"{name.split('_', maxsplit=1)[0]}s"
    return any(word in _SEVERAL or word == things for word in words(said))


def which(ask: Ask, tool: ToolSpec, values: list[str]) -> Doubt:
    """What has to be known before the action can be proposed."""
    argument = numbers_of(tool)[0]
    return Doubt(ask_id=ask["id"], tool=tool.name, argument=argument, said="", among=values)
