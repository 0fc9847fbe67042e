"""Records that an ask names by number: what kind of thing each is, in the desk's own words."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from graph.desk.model import Desk
from graph.state import Ask, Evidence
from graph.text.forms import places, plain_form
from graph.text.words import content_words, words
from memory.patterns import compiled, escaped
from tools.arguments import numbers_of
from tools.contract import ToolSpec

_OF_A_NUMBER = frozenset(("id", "number", "no", "nr", "code", "ref", "reference", "key", "num"))
"""What argument names add to the thing that they number."""
_SAYS_LITTLE = frozenset(
    content_words(
        "number digits status whereabouts amount date details record looks up finds shows one two three"
        " four five six seven eight nine ten what who when letters"
    )
)
"""Words of a tool's description that name no kind of thing."""


_FOLLOWS = frozenset(content_words("track trace status delivery shipping arrival whereabouts"))
"""Words of a title below which it is told how something under way is followed."""


@dataclass(frozen=True)
class Kind:
    """What the numbers of one pattern are numbers of."""

    noun: str
    words: frozenset[str]
    """Stems by which titles show that they are about it."""
    told: frozenset[str]
    """Stems of all that the desk says of such a record."""


def in_kinds(text: str, desk: Desk) -> tuple[str, list[Kind]]:
    """`text` with each record's number as the name of its kind, and those kinds.

    "I want to cancel FH-100001" is searched for as "I want to cancel the order": a number is near to
    nothing, and the rest alone near to another thing that can be cancelled.
    """
    kinds: dict[str, Kind] = {}
    text = plain_form(text)
    for pattern, tools in _by_pattern(desk).items():
        found = list(places(pattern, text))
        for start, end in reversed(found):
            kind = kinds.setdefault(pattern, _kind(tools, desk))
            text = f"{_called(text[:start], kind.noun)}{text[end:]}"
    return text, list(kinds.values())


def called(tool: ToolSpec, argument: str, text: str) -> str:
    """What is written behind the name of its kind, as "10425" of "order no. 10425"; empty if nothing is."""
    said = compiled(
        rf"\b{escaped(_noun(tool, argument))} (?:no\.? ?|number |id |#)?(?P<said>\d[\d-]{{2,20}})\b",
        ignore_case=True,
    )
    found = said.search(plain_form(text))
    return "" if found is None else found["said"]


def in_words(ask: Ask, desk: Desk) -> tuple[Ask, list[Kind]]:
    """The ask as articles are compared with it, and the kinds of what it numbers."""
    query, kinds = in_kinds(ask["query"], desk)
    text, more = in_kinds(ask["text"], desk)
    return {**ask, "text": text, "query": query}, list(dict.fromkeys((*kinds, *more)))


def about(kinds: Sequence[Kind], evidence: Sequence[Evidence]) -> list[Evidence]:
    """The passages about one of the kinds, by their titles; all where no kind is named."""
    if not kinds:
        return list(evidence)
    return _titled(evidence, frozenset().union(*(one.words for one in kinds)))


def following(text: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The passages that tell how what `text` asks after is followed, by their titles."""
    return _titled(evidence, _FOLLOWS | set(content_words(text)))


def _titled(evidence: Sequence[Evidence], wanted: AbstractSet[str]) -> list[Evidence]:
    """The articles with one of the words in their titles, and all that is no article."""
    return [
        one
        for one in evidence
        if one["kind"] != "article"
        or wanted & set(content_words(f"{one['title']} {one['heading']}"))
    ]


def _by_pattern(desk: Desk) -> dict[str, list[tuple[ToolSpec, str]]]:
    found: dict[str, list[tuple[ToolSpec, str]]] = {}
    for tool in desk.tools:
        for name in numbers_of(tool):
            found.setdefault(tool.arguments[name]["pattern"], []).append((tool, name))
    return found


def _kind(tools: Sequence[tuple[ToolSpec, str]], desk: Desk) -> Kind:
    noun = _noun(*tools[0])
    said = [f"{noun} {tool.description}" for tool, _ in tools]
    named = frozenset(content_words(" ".join(said)))
    own = frozenset(content_words(desk.company))
    fields = [
        f"{name.replace('_', ' ')} {schema.get('description', '')}"
        for tool, _ in tools
        if tool.effect != "write"
        for name, schema in tool.returns.get("properties", {}).items()
        if f"{{{name}}}" in (tool.answer or "")
    ]
    answers = [tool.answer or "" for tool, _ in tools if tool.effect != "write"]
    told = frozenset(content_words(" ".join([*said, *fields, *answers])))
    return Kind(noun, named - own - _SAYS_LITTLE, told)


def _noun(tool: ToolSpec, argument: str) -> str:
    """`order` of an `order_id`; of a bare `id` what the tool's name says: `order` of `lookup_order`."""
    parts = argument.lower().split("_")
    kept = [one for one in parts if one not in _OF_A_NUMBER]
    return " ".join(kept or tool.name.lower().split("_")[1:] or ["record"])


def _called(before: str, noun: str) -> str:
    """What stands before a number, ending with the name of its kind."""
    last = words(before[-40:])
    while last and last[-1] in _OF_A_NUMBER:
        last.pop()
    named = last[-len(noun.split()) :] == noun.split()
    return before.rstrip(" :#") if named else f"{before}the {noun}"
