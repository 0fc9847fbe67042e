"""Whether a text says nothing without the heading or the question above it."""

from __future__ import annotations

from memory.patterns import linear

_BEGINS = linear(
    r"^(?:(?:to|for|in|from|by|up to|within|until|at|on|with|between|about|only) |[€£$]? ?\d)",
    ignore_case=True,
)
_WHO = linear(r" (?:who|which|that) ")
_ONLY_SO = linear(
    r"^(?:(?:only|not|except) (?:if|when|while|after|before|until|with|without|for|from|in|on|at|by|where)|unless)\b",
    ignore_case=True,
)
_NEITHER = linear(r"^(?:better not|rather not|(?:it|that) depends)\b", ignore_case=True)
_VERB = linear(
    r"\b(?:is|are|was|were|be|can|cannot|may|must|will|has|have|do|does|you|we|it|they|he|she|this|these|use|go|open|select"
    r"|choose|press|click|enter|set|see|send|write|call|takes?|costs|counts?|works?|gets?|needs?|applies|apply"
    r"|[a-z]+(?:ed|s|ize) (?:the|an?|your|our|its|their|it|them|to|by|on|after|before|when|if|until))\b",
    ignore_case=True,
)
"""Words of which a sentence with a subject and a verb has at least one."""

_FURTHER = linear(
    r"\b(?:stay|remain|begin|start|end|keep|run|open|close|come|last|arrive|include|cover|expire|hold|pay|give|make|help|fit|say|mean|lose|allow|leave|become|show"
    r"|sell|offer|accept|deliver|belong|depend|count|happen|return|reach|rise|fall|change|move|share|charge|refund|add|find|let)s?\b|\bgoes\b|n['’]t\b",
    ignore_case=True,
)
"""Further ones. What has none of them may be a sentence all the same, and is told with its question then."""


def has_a_verb(text: str) -> bool:
    """Whether it surely has one: "Courses over £40, in three parts." has none."""
    return _VERB.search(text) is not None or _FURTHER.search(text) is not None


def is_a_fragment(text: str) -> bool:
    """Whether it says nothing alone: "At no cost, until noon.", "Only if you are ill."."""
    if _ONLY_SO.match(text) and "," not in text:
        return True
    clause = _WHO.search(text)  # "To a person who has none" has no verb of its own
    own = text if clause is None else text[: clause.start()]
    return _BEGINS.match(text) is not None and _VERB.search(own) is None


def answers_in_part(text: str) -> bool:
    """Whether it begins an answer that is neither yes nor no: "Only if ...", "Better not."."""
    return _ONLY_SO.match(text) is not None or _NEITHER.match(text) is not None
