"""What form of answer an ask wants."""

from __future__ import annotations

from typing import Literal

from memory.patterns import linear
from memory.sentences import sentences

Form = Literal["how", "yes_no", "value", "open"]
"""Steps, a yes or no, a value (how much, how long, when, which), anything else."""

_HOW = linear(
    r"\bhow (?:do|can|to|would|should|could|does|must)\b|\bwhere (?:do|can|is|are|would|should)\b"
    r"|\bwhat (?:do|must|should|does) (?:i|we|he|she|they) (?:click|need|have|do|press)\b|(?:^|[^-\w])steps?\b|\bset(?:ting)? ?up\b"
    r"|\b(?:i|we) (?:want|need|would like|'d like) to\b|\btrying to\b|\b(?:help me|show me|tell me how)\b|\bquickest way\b"
    r"|\b(?:is there|there is|isn['’]t there) (?:a|any|no|some) way\b"
    r"|\b(?:trouble|difficult(?:y|ies)|problems?|struggling|hard time) (?:in |with |to )?[a-z]{3,12}ing\b"
    r"|\b(?:can(?:no|['’]?)t|can not|unable to|not able to|could(?: not|n['’]?t)) (?:find|see|figure out|work out|locate)\b",
    ignore_case=True,
)
_VALUE = linear(
    r"\bhow (?:much|many|long|often|soon|late|early|big|large|far|old)\b|\bwhen\b|\bwhat(?:'s| is| are| does| do| would)\b"
    r"|\bwhich\b|\bcosts?\b|\bprices?\b|\bwhat time\b|\bwhat (?:happens|will)\b",
    ignore_case=True,
)
_YES_NO = linear(
    r"(?:^|[,;:.!?–-] |\band |\bso |\bbut )(?:can|could|do|does|did|is|are|will|would|may|must|should|has|have|am)"
    r" (?:i|we|you|it|they|he|she|there|this|that|the|my|our|your|people|someone|somebody|anyone|an?)\b"
    r"|(?:^|[.!?] )(?:can|could|does|did|is|are|will|would|may|must|should|has|have|am) \p{L}"
    r"|^(?:if|when|once|after|before|until) [^?]{3,120} (?:can|could|do|does|is|are|will|would|may|must|should) (?:i|we|you|it|they|my|the)\b",
    ignore_case=True,
)
_ASKED_BEHIND = linear(
    r"^(?:i|we|my|our)\b[^,?]{3,200}, (?:so |but |and )?(?P<asks>(?:when|what|which|how (?:much|many|long|often|soon)|can|could|do|does|is|are|will|may) |(?:price|cost|fee|charge)s? ?\?)",
    ignore_case=True,
)
_WHETHER = linear(
    r"\b(?:do|does|did|will|would) (?:i|we|you|they|he|she|it) (?:still |really |also |even |ever )?(?:need|want|have) to\b",
    ignore_case=True,
)
"""Asks whether something is needed, not how it is done."""
_WHY_NOT = linear(
    r"\bwhy (?:(?:ca|wo|do|does|did|is|are|was|could|should)n['’]?t|cannot"
    r"|(?:can|do|does|did|is|are|am|was|will|could|should) (?:i|we|you|it|they|he|she|my|our|the|this)\b[^,.?]{0,30} not)\b",
    ignore_case=True,
)
_STOPS = linear(
    r"\b(?:how (?:do|can|could|would|should|to)(?: (?:i|we|you))?|(?:want|need|like|wish|way|trying) to|(?:can|could|please|and) (?:i |we |you )?)"
    r" ?(?:make (?:it|them|this|that) )?(?:stop|prevent|avoid|turn off|switch off|disable|opt out|get rid of)\b",
    ignore_case=True,
)


def form_of(text: str) -> Form:
    """What is wanted; a how wins over a value, as "how do I see what it costs" wants a way.

    Where something is told before it is asked, the question decides: "I want to leave. Can I?".
    """
    asked = [_last_clause(one.text) for one in sentences(text) if one.text.endswith("?")]
    text = _WHETHER.sub("do i", " ".join(asked) or text)
    if _VALUE.search(text) and not _HOW.search(text):
        return "value"
    if _HOW.search(text):
        return "how"
    return "yes_no" if _YES_NO.search(text) else "open"


def _last_clause(question: str) -> str:
    """What is asked behind what is told: "I want to leave, when can I?"."""
    found = list(_ASKED_BEHIND.finditer(question))
    return question[found[-1].end() - len(found[-1]["asks"]) :] if found else question


def asks_why_not(text: str) -> bool:
    """Whether it asks why something cannot be: "Why can't I renew?"."""
    return _WHY_NOT.search(text) is not None


def asks_to_stop(text: str) -> bool:
    """Whether something is to be stopped or prevented: "How do I stop it from charging at night?"."""
    return _STOPS.search(text) is not None
