"""What is wanted of a record that an ask names by its number: how it stands, a part of it, or a deed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from graph.text.words import STOP, stem, words
from memory.patterns import linear

MOST_PARTS = 8
"""Parts of a record that one ask names."""
NEAR = 10
"""Words beside "which" and "of" among which such a name stands."""
MOST_WORDS = 3
"""Words of the name of a part: "value added tax number" is told by its last ones."""
_HEADS = frozenset(
    stem(one)
    for one in "number numbers no nr code name kind type exact full latest current".split()
)
"""Words of a part's name that do not say which part it is."""
_HOW_IT_STANDS = frozenset(
    stem(one)
    for one in """
    amount arrive bill charge check cost cover date day delivery due eta expect fee go happen help
    hold hour include issue item left look news open outstanding owe paid pay price problem progress
    question situation stage state status step sum time total trouble update value wait week wrong
    """.split()
)
"""What every record is taken to tell, whatever its fields are called."""
_ALIKE = (
    frozenset(("carrier", "courier", "shipper")),
    frozenset(("track", "trace")),
    frozenset(("item", "product", "model")),
    frozenset(("quantity", "piece")),
    frozenset(("reason", "cause", "why")),
)
"""Names of one part."""
_WHO = linear(
    r"(?:^|[,.;:!?–-] ?|\b(?:and|or|but|know|tell me|tell us|check|see|say|find out|by|to|for) )(?:who|whom|whose)\b",
    ignore_case=True,
)
_NAMES_A_PART = frozenset(("which", "what", "what's"))
_OWN = linear(r"\b(?:i|we|my|our|us|me|it|its|they|them)\b", ignore_case=True)
_OF = frozenset(("of", "for", "on", "in", "from", "to", "with"))
_BRINGS = linear(
    r"\b(?:deliver\w*|bring\w*|carr(?:y|ies)|ship\w*|transport\w*)\b", ignore_case=True
)
_LATE = linear(r"\b(?:not|still|yet|late|delay\w*|long|stuck|nothing)\b|n['’]t\b", ignore_case=True)
_NEXT = linear(
    r"\bwhat (?:happens|comes|now|next|then|can be done|(?:do|can|should|must) (?:i|we))\b",
    ignore_case=True,
)
_TELLS = frozenset(
    """
    advise answer ask assist check clarify come confirm explain find follow forward get give have
    hear help inform investigate keep know let look note reply respond say see send share show speak
    status talk tell trace track urgent view where when what which who why how is are be do respond
    could can i we you it the a an my our your this that there not also thanks thank asap quickly
    soon any some
    """.split()
)
"""Words behind "please" or "could you" by which something is to be said, and nothing done."""
_WISH = linear(
    r"\b(?:please|kindly|pls|plz|(?:can|could|would|will) you|(?:i|we)(?:['’]d| would)? (?:like|want|need|have|wish)(?: you)? to)"
    r"(?: (?:please|kindly|just|also|now))* (?P<deed>[a-z]+)\b",
    ignore_case=True,
)


def to_be_done(text: str) -> bool:
    """Whether something is to be done with the record: "please add a dog", "could you split it"."""
    return _NEXT.search(text) is not None or any(
        match["deed"].lower() not in _TELLS for match in _WISH.finditer(text)
    )


def of_ones_own(text: str) -> bool:
    """Whether it asks how a thing of one's own stands: "How much do I still owe?"."""
    return _OWN.search(text) is not None and any(stem(one) in _HOW_IT_STANDS for one in words(text))


def beyond(text: str, known: Collection[str], noun: str) -> str:
    """The part that is asked for and that no record of this kind tells; empty where there is none.

    `text` names the record by `noun`; `known` are stems of what the desk says of such records.

    >>> beyond("which card was the invoice charged to?", {"invoice", "amount"}, "invoice")
    'card'
    """
    said = words(text)
    has = {one for names in _ALIKE if names & set(known) for one in names} | set(known)
    if "why" in said and not has & {"reason"} and not _LATE.search(text):
        return "why"
    if _WHO.search(text) and not (_BRINGS.search(text) and "carrier" in has):
        return "who"
    for part in _parts(said, words(noun)):
        stems = [stem(one) for one in part]
        telling = [one for one in stems if one not in _HEADS]
        if telling and not any(one in has or one in _HOW_IT_STANDS for one in telling):
            return " ".join(part)
    return ""


def _parts(said: Sequence[str], noun: Sequence[str]) -> Iterator[list[str]]:
    """The names of parts: behind "which" and "what", and before "of the invoice"."""
    found = 0
    for at, word in enumerate(said):
        if found >= MOST_PARTS:
            return
        if word in _NAMES_A_PART:
            part = _run(said[at + 1 : at + 1 + NEAR])
        elif _is_named(said, at, noun):
            part = _run(said[max(0, at - NEAR) : at][::-1], skip=False)[::-1]
        else:
            continue
        if part and not set(part) & set(noun):
            found += 1
            yield part


def _is_named(said: Sequence[str], at: int, noun: Sequence[str]) -> bool:
    """Whether "of the invoice" begins there."""
    rest = [one for one in said[at + 1 : at + 3 + len(noun)] if one not in STOP]
    return said[at] in _OF and rest[: len(noun)] == list(noun)


def _run(said: Sequence[str], *, skip: bool = True) -> list[str]:
    """The words of substance that come first; `skip`: behind those that say little."""
    start = 0
    while skip and start < len(said) and said[start] in STOP:
        start += 1
    end = start
    while end < len(said) and said[end] not in STOP and end - start < MOST_WORDS:
        end += 1
    return list(said[start:end])
