"""What somebody asked for and does not want any more: nothing is left to be answered.

"I do not want a refund any more" names the refund as plainly as a request for one does. What goes on by itself
is another thing: who does not want to renew, or to get mails, wants that to end.
"""

from __future__ import annotations

from graph.text.deeds import deeds
from graph.text.mail.marks import asks, folded
from graph.text.requests import strength
from memory.patterns import linear
from memory.sentences import sentences

MOST_CHARS = 400
"""Of a message that merely calls something off."""
_SERVICES = (
    r"(?:refund|reimbursement|repayment|money back|credit note|replacement|substitute|exchange|repair|return|call ?back|phone call|call|reply|answer|response|help|support|assistance|cancellation"
    r"|appointment|visit|demo|quote|offer|copy|confirmation|reset|new (?:password|code|link|invitation|card))s?"
)
"""What a desk does once, for somebody who asks for it."""
_DESK_DEEDS = "call|phone|ring|write|reply|answer|respond|come|send|refund|reimburse|replace|exchange|repair|mend|help|check|look|do|bother|worry|unlock|reset|cancel|change"
"""What somebody may say that "you" need not do; "you don't have to log in", an article says of everybody."""
_AGAIN = linear(r"\b(?:any ?more|no longer|now|after all)\b", ignore_case=True)
"""Tells that it was wanted before: who does not want to share a place now asks how to end that."""
_OFF = r"(?:do not|don['’]?t|no longer|not|never)"
_UNWANTED = linear(
    rf"\b(?:i|we) (?:really |actually |also )?(?:{_OFF} (?:want|need|require|wish(?: for)?)|(?:want|need|require) no)\b(?P<what>.*)",
    ignore_case=True,
)
_SERVICE = linear(
    rf"\b{_SERVICES}\b|\bto (?:be )?(?:refunded|reimbursed|called|cancel|return|exchange)\b"
    r"|^ (?:it|that|this|one|them)(?: (?:any ?more|now|again|either|after all|please))*[.!]*$",
    ignore_case=True,
)
_INSTEAD = linear(r"\b(?:only|just|instead|rather)\b", ignore_case=True)
"""Names what is wanted in its place, be it in a word or two."""
_JOINTS = linear(r"[,;:–—] ?|\b(?:but|because|since|so) ")
_NEEDLESS = linear(
    rf"\bno (?:more |longer (?:a |any )?|further )?need (?:to|for)\b|\byou (?:do not|don['’]?t|no longer) (?:have|need) to (?:{_DESK_DEEDS})\b|\b{_SERVICES} (?:is|are) (?:no longer|not) (?:needed|required|necessary|wanted)\b"
    rf"|\bno {_SERVICES} (?:is |are )?(?:needed|required|necessary)\b"
    rf"|\b(?:forget|drop|scrap|withdraw|disregard|ignore)(?: about)? (?:the|my|our|that|this) (?:\w+ ){{0,2}}?{_SERVICES}(?: (?:request|demand|claim))?(?:$|[.,;!]| (?:please|again|any ?more|now|i|we|it)\b)"
    r"|\b(?:i|we) (?:have |would like to |want to |hereby )?(?:withdraw|take back|retract|withdrew) (?:the|my|our|that|this) (?:\w+ ){0,2}?(?:request|demand|claim|complaint|question|ticket)\b",
    ignore_case=True,
)


def called_off(text: str) -> bool:
    """Whether something is called off, and nothing else is asked for or amiss.

    >>> called_off("I do not want a refund any more, we found the money.")
    True
    >>> called_off("I do not want to renew."), called_off("I do not want a refund, but a new clock. How?")
    (False, False)
    """
    if len(text) > MOST_CHARS or asks(text) or _INSTEAD.search(text):
        return False
    pieces = [one for each in sentences(text) for one in _pieces(folded(each.text))]
    off = [_calls_off(one) for one in pieces]
    return any(off) and not any(
        strength(one) for one, called in zip(pieces, off, strict=True) if not called
    )


def _pieces(said: str) -> list[str]:
    """The clauses of a sentence: what is called off in one may be wanted otherwise in the next."""
    return [one.strip() for one in _JOINTS.sub("\n", said).split("\n") if one.strip()]


def _calls_off(said: str) -> bool:
    if _NEEDLESS.search(said):
        return True
    found = _UNWANTED.search(said)
    if found is None:
        return False
    return _SERVICE.search(found["what"]) is not None or bool(_AGAIN.search(said) and deeds(said))
