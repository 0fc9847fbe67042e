"""What a message says is not to be done, beside what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from graph.minds.local.planning.referring import RECORD_NUMBER
from graph.state import Classification
from graph.text.requests import WISHED, strength
from graph.text.words import says
from memory.patterns import linear
from memory.sentences import sentences

ANEW = 0.7
"""How sure the rest must be of a wish that was ruled out, to name it anew."""
MOST_DENIED = 8
"""Wishes of one ask that are looked at as ruled out."""

_FORBIDS = linear(
    r"^(?:please |pls |kindly |again,? )*(?:do not|don['’]t|never|(?:i|we) (?:do not|don['’]t|did not|didn['’]t) (?:want|wish|need|ask) (?:to|you)|(?:cancel|stop|withdraw|undo|call off) (?:the|my|our|that|this) (?:\w+ )?(?:refund|reimbursement|repayment|chargeback)|leave\b[^?,;]{1,60}\bas it is)\b[^?]*$",
    ignore_case=True,
)
_FORBIDDING = linear(
    r"^(?:please |pls |kindly |again,? )*(?:do not|don['’]t|never)\b[^?,;:–—]{3,80}[,;:–—]\s*(?:but |just |only |rather |instead )*",
    ignore_case=True,
)
_ONLY = linear(
    r"\b(?:only|just|merely|simply) (?:want|need|wish|wanted|would like|ask|asking|wonder|tell|let me know|say|explain|answer)",
    ignore_case=True,
)
"""What is forbidden before it is not what is asked for: "do not cancel, I only want to know"."""


_INFORMS = linear(
    r"^(?:(?:and|so|but|also|now),? )*(?:(?:where|when|who|which|how (?:long|much|many|soon|often))\b"
    r"|what (?:is|was|are|were) (?:it|this|that|they|the \w+) (?:for|about)\b"
    r"|why (?:was|were|did|has|have)\b|did (?:you|they|anyone|anybody|someone|somebody|your \w+)\b|(?:have|has)(?:n['’]t)? (?:you|they|it|this|that|(?:the|my|our|your) (?:\w+ )?\w+)\b[^?]{0,40}?\b(?:already|yet|been|\w+ed|paid|sent|gone|made|done)\b"
    r"|(?:is|are|was|were)(?:n['’]t)? (?:it|this|that|(?:the|my|our|your) (?:\w+ )?\w+)\b[^?]{0,60}?\b(?:already|yet|been|\w{2,}ed|paid|sent|gone|made|done|on (?:its|the) way)\b"
    r"|(?:(?:can|could|would|will) you (?:please )?|please )?tell (?:me|us) (?:what|where|when|who|which|why|how (?:long|much|many|soon|often))\b)[^?]*[?.!]*$",
    ignore_case=True,
)
"""A question that nothing done would answer."""


_REST = r"[^.!?;,:–—]*?(?:[.!?;,:–—]|\b(?:but|only|just|please|sondern|nur|sino|solo|mais|seulement)\b|$)"
_DENIED = linear(
    r"\b(?:i|we) (?:do not|don['’]t) (?:want|need) (?:the|my|our) [^.!?;,:–—]{1,40}[;,–—] ?(?:but|only|just|rather)\b|(?:\b(?:i|we|he|she|they)(?: (?:really|certainly|definitely|also))? (?:do not|don['’]t|does not|doesn['’]t|would not|wouldn['’]t)"
    r" (?:want|need|wish|require|expect|ask|like)(?: (?:you|for|on|back)){0,2} (?:an?|any|another|to)\b"
    r"|(?:^|[.!?;,:–—] ?)(?:(?:please|pls|kindly|but|and|so) )*(?:do not|don['’]t|never) \w"
    r"|\b(?:i am|i['’]m|we are|we['’]re|this is|it['’]s|it is) not (?:asking|looking|after|an? (?:\w+ )?(?:request|demand|wish))\b"
    r"|\bno need (?:to|for)\b|\bno \w+ (?:is |are )?(?:needed|wanted|necessary|required|please)\b|(?:^|[.!?;,:–—] ?)(?:please )?no (?:\w+ )?\w+[,;–—]"
    r"|\ban? \w+(?: [^ .!?;,]+){0,4} is(?: not|n['’]t) (?:what|needed|wanted|necessary|required)\b|\b(?:instead of|rather than) (?:an?|the|any|another)\b"
    r"|\b(?:ich|wir) (?:will|wollen|möchten?|brauchen?) keine?\w*\b|\bkeine?\w* \w+,"
    r"|\b(?:je ne veux|nous ne voulons|on ne veut) pas\b|\bno (?:quiero|queremos|necesito|necesitamos)\b)"
    + _REST,
    ignore_case=True,
)
"""A wish named to be ruled out, up to where another may begin: "we do not want a refund, only ..."."""
_DECLINED = linear(
    r"[^.!?;\n]{0,200}\b(?:offered|offers|proposed|proposes|suggested|suggests|recommended|recommends|promised|(?:was|were) told"
    r"|(?:you|they|he|she|somebody|someone|colleague|agent|support)(?:['’](?:d|ll)| (?:said|says|told|wrote|would|will|wants?|wanted|could|can))"
    r"|angeboten|vorgeschlagen|proposé\w*|offert|offr\w+|ofreci\w*|ofrece\w*|propuso|propus\w*)\b[^.!?;\n]{0,200}[.!?;,]\s*"
    r"(?:(?:but|and|however|well|no|thanks|thank you|aber|mais|pero),?\s+){0,3}"
    r"(?:(?:i|we) (?:(?:really|certainly|definitely) )?(?:do not|don['’]t|would not|wouldn['’]t|did not|didn['’]t) (?:want|need|like|accept|ask for) (?:that|this|it|one|any of (?:that|it))"
    r"|(?:that|this|it) (?:is not|isn['’]t|was not|wasn['’]t) (?:what (?:i|we) (?:want|need|ask)(?:ed)?(?: for)?|needed|wanted|necessary|required)"
    r"|(?:i|we) (?:decline|refuse|turned (?:that|it) down)(?: (?:that|this|it))?|(?:das|dies) (?:wollen|brauchen|möchten) wir nicht|(?:das|dies) (?:will|brauche|möchte) ich nicht"
    r"|nous n['’]en voulons pas|je n['’]en veux pas|nous ne le voulons pas|no lo (?:quiero|queremos|necesitamos))(?:[.!,;:–—]|\s+(?:and|but|please)\b|$)",
    ignore_case=True,
)
"""What somebody offered and the writer declines: "Your colleague offered to refund it. We don't want that"."""


def ruled_out(text: str) -> tuple[str, str]:
    """The words that rule a wish out, and the others; nothing in the first where none is.

    >>> ruled_out("We do not want a refund, send us a corrected copy")
    ('We do not want a refund,', 'send us a corrected copy')
    """
    denied, rest = [], text
    for pattern in (_DECLINED, _DENIED):
        denied += [one.group().strip() for one in islice(pattern.finditer(rest), MOST_DENIED)]
        rest = pattern.sub(" ", rest)
    return " ".join(denied), " ".join(rest.split()) if denied else text


def wish(text: str, intent: str | None, decide: Callable[[str], Classification]) -> str | None:
    """The intent of what is wished for, where that of the whole is only named to be ruled out."""
    denied, rest = ruled_out(text)
    if not denied or intent is None or decide(denied)["intent"] != intent:
        return intent
    if only_informs(rest):
        return intent  # its records may tell; nothing is done for it
    named = decide(rest) if says(rest) else None
    if named is None or (named["intent"] == intent and named["confidence"] < ANEW):
        return None
    return named["intent"]


def without_forbidding(words: str) -> str:
    """Without the clause that forbids before the one that asks: "Do not cancel it, tell me ..."."""
    found = _FORBIDDING.match(words)
    if found is None:
        return words
    rest = words[found.end() :]
    if strength(rest) < WISHED or not says(rest):
        return words
    numbers = [one for one in RECORD_NUMBER.findall(found.group()) if one not in rest]
    return " ".join([rest[:1].upper() + rest[1:], *numbers])  # which one is asked about


def forbids(text: str) -> bool:
    """Whether everything that it asks for is that something be left: "Please do not refund it"."""
    every = [one.text for one in sentences(text)]
    asked = [one for one in every if strength(one) >= WISHED or _FORBIDS.match(one)]
    return bool(asked) and all(_FORBIDS.match(one) and not _wishes_beside(one) for one in asked)


def _wishes_beside(sentence: str) -> bool:
    """Whether another clause wishes for something: "I do not want a voucher, please refund it"."""
    others = (piece.strip() for piece in sentence.split(",")[1:])
    return any(strength(one) >= WISHED and says(one) for one in others if not _FORBIDS.match(one))


def only_informs(text: str) -> bool:
    """Whether all it asks is where, when or how much: "You refunded it, where do I see that?"."""
    asked = [one.text for one in sentences(text) if strength(one.text) >= WISHED]
    return bool(asked) and all(_INFORMS.match(one) for one in asked)


def rules_out(words: str, after: str) -> bool:
    """Whether it forbids what nobody is to think was asked: the next sentence says what is."""
    return bool(_FORBIDS.match(words)) and bool(_ONLY.search(after))
