"""Whether a charge on the customer's own account is disputed and to be taken back: no article settles that."""

from __future__ import annotations

from graph.text.mail.marks import asks, folded
from memory.patterns import linear

MOST_CHARS = 1_000
_BACK = linear(
    r"\b(?:refund|reimburse|credit|(?:pay|give|send|put|transfer|take|want|need|have)\b(?: [^ !?]+){0,9}? back|return (?:it|that|this|the|my|our))\b",
    ignore_case=True,
)
_CHARGED = linear(
    r"\byou(?:r (?:system|shop|staff|colleagues?|company))?(?:['’]ve| have| had)?(?: (?:just|already|wrongly|mistakenly|simply|also))* (?:over)?(?:charged|billed|took|taken|debited|deducted|added|withdrew|withdrawn|collected)\b"
    r"|\b(?:was|were|been|got) (?:\w+ )?(?:over)?(?:charged|billed|debited|deducted|taken)\b",
    ignore_case=True,
)
_WRONG = linear(
    r"\b(?:twice|double|two times|second time|again|wrong(?:ly)?|mistakes?|mistaken(?:ly)?|errors?|in error|by accident|too much|never (?:agreed|ordered|asked|wanted|signed)"
    r"|not (?:me|us|mine|ours|my fault|our fault|true|right|correct)|fault|unfair(?:ly)?|should(?: not|n['’]?t) have)\b",
    ignore_case=True,
)


def disputes_a_charge(text: str) -> bool:
    """Whether it wants back what was charged, says that this was wrong, and asks for no way to get it.

    >>> disputes_a_charge("Please give me back the £4 that you charged me by mistake.")
    True
    >>> disputes_a_charge("You charged me twice by mistake. How do I get it back?")
    False
    """
    if len(text) > MOST_CHARS or asks(text):
        return False
    said = folded(text)
    return all(one.search(said) for one in (_BACK, _CHARGED, _WRONG))
