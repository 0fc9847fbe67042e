"""What a sentence of an article says to do, rules out, allows or denies."""

from __future__ import annotations

from graph.text.fragments import answers_in_part, has_a_verb, is_a_fragment
from graph.text.words import NEGATIONS, content_words, words
from memory.patterns import linear

FEWEST_FORBIDDEN = 2
"""Words of substance of a deed that is forbidden: the verb, and what it is done to."""
FEWEST_STANDING = 4
"""Words behind a yes or no that may stand without it."""
_INSTRUCTS = linear(
    r"^(?:to [^,.]{3,80},? |for [^,.:]{3,60}[:,] |(?:at|in|on|under) [^,.]{3,80}[>»›→][^,.]{2,80} )?"
    r"(?:go to|open|select|press|choose|click|tap|enter|type|sign in|log in|use|write to|send|call|hold|scan|install|run|put|set|add|turn)\b",
    ignore_case=True,
)
_OFFERS = linear(
    r"\byou (?:can|may) (?:also )?(?:go to|open|select|press|choose|click|enter)\b",
    ignore_case=True,
)
_FITTED = linear(
    r"^(?:(?:use|choose|select|open|follow|try|do) (?:this|it|that|these|the (?:steps|instructions))\b[^,.]{0,20}"
    r"|(?:this|these|it)\b[^,.]{0,20} (?:applies|apply|helps?|is|are)\b[^,.]{0,20})\b(?:when|if|where|for)\b",
    ignore_case=True,
)
_GOES_ON = linear(
    r"^(?:still (?:not|no\b|nothing)|(?:if|when|should) (?:it|that|this|they|the \w+|none of (?:this|that|these))\b[^,.]{0,60}"
    r"\b(?:again|still|not help|n['’]t help|not work|n['’]t work)\b|(?:if|when) (?:nothing|none) (?:of (?:this|that) )?helps?\b)",
    ignore_case=True,
)
_ELSEWHERE = linear(
    r"\b(?:beside|next to|under|behind|below|above|on) (?:it|them|this|that)\b|\b(?:on|in|at|from) the same (?:page|place|menu|screen|list|tab)\b",
    ignore_case=True,
)
_DENIES = linear(
    r"\b(?:can(?:not|'t|’t)|could not|is not possible|isn['’]t possible|is impossible|not available|not supported"
    r"|do(?:es)?(?: not|n['’]t)|may not|is not|are not|no longer|there (?:is|are) no|never|not allowed"
    r"|(?:is|are) (?:excluded from|forbidden|prohibited|impossible))\b",
    ignore_case=True,
)
_CANNOT = linear(
    r"\b(?:it(?:['’]s| is) (?:currently |also )?(?:not|im)\s?possible to|you (?:can(?:no|['’]?)t|can not|may not|are not able to|are unable to)|there is no way to)\b",
    ignore_case=True,
)
_LATER = linear(r"[,;:(]| (?:later|anymore|any more)\b")
"""Where a deed ends in a sentence that forbids it."""
_ONLY_THEN = linear(
    r"\b(?:once|after|before|as soon as|except|apart from|other than)\b", ignore_case=True
)
_PRELUDE = frozenset(
    content_words("note tip important warning please unfortunately sorry currently")
)
"""What may stand before "you cannot"; anything else tells of whom, or where: "In the trial you cannot"."""
_JOINING = frozenset(content_words("between among another currently directly yourself"))
"""Words of such a sentence that name neither the deed nor what it is done to."""
_MENDS = linear(
    r"\b(?:make sure|check (?:that|whether|if|your|the|for)|(?:best|only|easiest) way to|to (?:fix|solve|resolve|avoid|prevent|correct|mend)"
    r"|needs? to|you (?:must|should)|have to|try|review|restart|reload|contact)\b",
    ignore_case=True,
)
_REPLIES = linear(
    r"^(?:yes|no|absolutely|certainly|definitely|of course|sure|correct|exactly|not (?:yet|at all|necessarily))[,.:!]",
    ignore_case=True,
)
_LEANS = linear(
    r"^(?:and|as|because|but|for|from|if|in|it|only|on|since|so|that|they|this|though|unless|until|when|with|within)\b",
    ignore_case=True,
)
"""How what says nothing without the question before it goes on."""
_WHEN = linear(r"\b(?:when|if|where|unless|while|until)\b", ignore_case=True)
_CONDITION = linear(
    r"^(?:once|when|if|after|as soon as|from (?:then|that)|in (?:this|that) case)\b",
    ignore_case=True,
)
_CASE = linear(r"^(?:if|when|once|where) [^,.]{3,80}, (?:please )?", ignore_case=True)
_TROUBLE = linear(
    r"\b(?:declined|rejected|refused|fail\w*|errors?|problems?|trouble|lost|stolen|missing|broken|die[ds]|death|deceased|bereave\w*|damaged|locked|stuck|do(?:es)?(?: not|n['’]t))\b",
    ignore_case=True,
)
_DONE_TO_IT = linear(r"^to [a-z]+ (?:it|them|this|these)\b", ignore_case=True)
_OF_THOSE = linear(
    r"\b(?:among|any of|none of|one of|each of|all of|part of|belongs? to|counts? as) (?:these|those|them)\b(?:[.,;:]|$)"
    r"|\b(?:the )?(?:list|cases|items|things|points|conditions|exceptions) above\b",
    ignore_case=True,
)
_RULED = linear(
    r"\b(?:can(?:not|['’]t| only)|must|(?:is|are|do|does|may|has to|have to|will) not|(?:is|are)n['’]t|(?:is|are) (?:only|never|excluded)"
    r"|do(?:es)?n['’]t|may only|never|no longer)\b",
    ignore_case=True,
)
_SUBORDINATE = linear(r"\b(?:because|since|so that|whether|which)\b", ignore_case=True)
_STOPPED = linear(
    r"\b(?:stop\w*|prevent\w*|avoid\w*|never|not|no longer|no more|off|disabl\w*|deactivat\w*|untick|uncheck|leav(?:e|es|ing)|ends|cancel\w*|opt\w*[ -]out|unsubscribe\w*"
    r"|withdraw\w*|remov\w*|delet\w*|block\w*|mut(?:e|ing)|reject\w*|without|instead|go(?:ing)? back)\b|n['’]t\b",
    ignore_case=True,
)
_ALLOWS = linear(
    r"\b(?:can|may|is possible|are possible|is available|is included|yes)\b", ignore_case=True
)


def tells_of_stopping(text: str) -> bool:
    """Whether it says that something ends, is off, or does not happen."""
    return _STOPPED.search(text) is not None


def fits_a_case(sentence: str) -> bool:
    """Whether it says for whom or when something is, as "Use this if ...", and not what to do."""
    return _FITTED.search(sentence) is not None


def goes_on(sentence: str) -> bool:
    """Whether it says what comes after steps, as "If it trips again, ..." and "Still nothing?"."""
    return _GOES_ON.match(sentence) is not None


def instructs(sentence: str) -> bool:
    """Whether it says what to do first, as "Go to Settings" or "At Settings > Users choose"."""
    if fits_a_case(sentence):
        return False
    return _INSTRUCTS.search(sentence) is not None or _OFFERS.search(sentence) is not None


def shows_a_way(sentence: str) -> bool:
    """Whether it says what to do, be it for one case: "If the card is gone, choose Block"."""
    found = _CASE.match(sentence)
    rest = sentence if found is None else sentence[found.end() :]
    return instructs(sentence) or instructs(rest)


def is_a_case(sentence: str) -> bool:
    """Whether it begins with the case for which it holds, as "If you have neither, ..." does."""
    return _CASE.match(sentence) is not None


def settles(sentence: str, named: set[str], fewest: int) -> bool:
    """Whether it says of so many of these what cannot be, or must be otherwise: "Bikes cannot be sent back"."""
    found = None if _CONDITION.match(sentence) else _RULED.search(sentence)
    before = "" if found is None else sentence[: found.start()].rpartition(",")[2]
    clause = _SUBORDINATE.split(before)[-1]
    return len(named & set(content_words(clause))) >= fewest


def forbids(sentence: str, wanted: set[str]) -> bool:
    """Whether it says that just this cannot be done, in whatever case: "You cannot change your user name".

    `wanted`: the stems of what is asked for; whatever is forbidden must be among them. So must whom it is
    forbidden, or where: "Guests: you cannot invite".
    """
    found = _CANNOT.search(sentence)
    if found is None or _WHEN.search(sentence) or _ONLY_THEN.search(sentence):
        return False
    if set(content_words(sentence[: found.start()])) - _PRELUDE - wanted:
        return False
    deed = set(content_words(_LATER.split(sentence[found.end() :])[0])) - _JOINING
    return len(deed) >= FEWEST_FORBIDDEN and deed <= wanted


def tells_a_trouble(heading: str) -> bool:
    """Whether what stands below it is for those for whom something went wrong: "A payment was declined"."""
    return _TROUBLE.search(heading) is not None


def is_done_to_it(sentence: str) -> bool:
    """Whether it says what to do with what stands above it: "To change it, open Settings"."""
    return _DONE_TO_IT.match(sentence) is not None


def speaks_of_a_list(sentence: str) -> bool:
    """Whether it says of something whether it is in the list above it: "Lost keys are not among these"."""
    return _OF_THOSE.search(sentence) is not None


def leans(sentence: str) -> bool:
    """Whether it says what to do at a place that stands in another section: "Select Block beside it."."""
    found = _ELSEWHERE.search(sentence)
    if found is None or ">" in sentence[: found.start()]:
        return False
    return instructs(sentence) or "same" in found.group().lower()


def refuses(sentence: str) -> bool:
    """Whether it says that something is not so, or cannot be done; not merely when it is, or in one case."""
    if _CONDITION.match(sentence):
        return False
    found, held = _DENIES.search(sentence), _WHEN.search(sentence)
    return found is not None and (held is None or found.start() < held.start())


def mends(text: str) -> bool:
    """Whether it says what to do against a trouble: "Make sure that ...", "To avoid this, ..."."""
    return instructs(text) or _MENDS.search(text) is not None


def unanswered(sentence: str) -> str:
    """The answer to a yes or no question as it stands without it, the same if it does not; else "".

    >>> unanswered("No, closing the account keeps your files."), unanswered("Yes, at no cost, until noon.")
    ('Closing the account keeps your files.', 'Yes, at no cost, until noon.')
    """
    if (found := _REPLIES.match(sentence)) is None:
        return sentence if answers_in_part(sentence) else ""
    rest = sentence[found.end() :].strip()
    whole = _LEANS.match(rest) is None and not is_a_fragment(rest) and has_a_verb(rest)
    stands = len(rest.split()) >= FEWEST_STANDING and whole
    return rest[:1].upper() + rest[1:] if stands else sentence


def excepts(lead: str, sentence: str) -> str:
    """The words by which a block says only when something is not so; empty where it says more.

    "Once it is shipped it cannot be stopped" is an exception, and so is each item of "Not paid back:".
    """
    if NEGATIONS & set(words(lead)):
        return sentence
    denied, held = _DENIES.search(sentence), _CONDITION.match(sentence)
    return sentence[: denied.start()] if denied and held else ""


def denied(sentence: str) -> tuple[str, str] | None:
    """What stands before and behind the first "not" where it says of anything that it is not so, be it in one case only."""
    found = _DENIES.search(sentence)
    return (sentence[: found.start()], sentence[found.end() :]) if found else None


def allowed(sentence: str) -> str | None:
    """What stands before the "can" where it says that something can be, and not that anything cannot."""
    found = None if denied(sentence) else _ALLOWS.search(sentence)
    return None if found is None else sentence[: found.start()]
