"""Sentences of an article that read as orders to whoever answers from it.

An article is the tenant's own word, so plain likeness is not enough: only wordings that help
articles hardly have are taken. A person decides what becomes of an article that has some.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from memory.characters import compatible
from memory.knowledge.hidden import from_base64
from memory.knowledge.to_agents import MACHINE as _MACHINE
from memory.knowledge.to_agents import TO_AGENTS
from memory.patterns import linear

MOST_SHOWN = 5
"""Sentences that are named."""
LONGEST_SHOWN = 300
"""Characters of one."""

_REPLY = r"(?:answers?|reply|replies|responses?|outputs?|completions?|summary|summaries)"
_PARTS = (
    # What was said before no longer counts.
    (
        r"\b(?:ignore|disregard|forget|override|overlook|bypass|discard|do(?:n't| not) (?:follow|obey)|stop (?:following|obeying))\b"
        r".{0,40}\b(?:previous|prior|earlier|preceding|above|former|initial|original|your|system|all other|any other)\b"
        r".{0,30}\b(?:instructions?|prompts?|directives?|guidelines|rules|context|training|programming|messages)\b"
    ),
    r"\bignor(?:iere|ieren sie|a|e|ez) .{0,40}\b(?:anweisungen|instrucciones|istruzioni|instructions|instruç\w+)\b",
    r"\bignore\b.{0,40}\band (?:instead )?(?:state|say|output|print|answer|respond|reply|write|declare|claim)\b",
    r"\b(?:skip|bypass|disable) (?:all |any |the )?(?:safety |security )?(?:checks|confirmations|approvals|guardrails|filters)\b.{0,60}\b(?:task|conversation|session|customer|proceed)\b",
    r"\bexempt from (?:the |all |your )?(?:usual |normal )?(?:restrictions|rules|guidelines)\b|\blisten to my instructions\b|\bdecode (?:it|this|that|the)\b.{0,40}\b(?:do|follow|execute|obey)\b",
    # It speaks to a machine.
    rf"\b(?:dear|hey|attention|note(?: to)?(?: the| any| all)?|important(?: for)?|messages? (?:to|for)|instructions? (?:to|for)) (?:the |any |all |every )?{_MACHINE}\b",
    rf"\bif you(?:'re| are) (?:an? |the )?{_MACHINE}(?:[,.:;!?]|$| (?:and|or|that|which|reading|answering|processing)\b)|\bas an? {_MACHINE},? you\b",
    rf"\bwhen(?:ever)? (?:you|the|an?|any) ?(?:{_MACHINE}|you) (?:reads?|process\w*|summari[sz]\w+|answers?|sees?|parses?|quotes?)\b",
    rf"\b(?:any|every|all) {_MACHINE} (?:reading|processing|answering|summari[sz]ing|integrating|using) (?:this|the)\b",
    rf"\b{_MACHINE} (?:that|which|who) (?:reads?|process\w*|answers?|summari[sz]\w+)\b.{{0,80}}\b(?:must|should|shall|has to|have to|is to|are to)\b",
    r"<\|\w+\|>|\[/?(?:INST|SYS)\]|<</?SYS>>|###\s*(?:instructions?|system|response)\s*:|(?:^|[.!?])\s*(?:system|assistant)\s*:\s*\w+ \w+ \w+",
    # It gives the reader another part to play.
    (
        rf"\byou are (?:now|no longer) .{{0,30}}\b(?:{_MACHINE}|restrict\w+|bound|unfiltered|jailbr\w+)\b|\bpretend (?:to be|you are|that you)\b"
        r"|\b(?:developer|debug|god|jailbreak|unrestricted|dan) mode (?:is )?now (?:on|enabled|active|activated)\b"
    ),
    # It says what an answer is to contain or to be like.
    (
        r"\bwhen(?:ever)? (?:you are )?(?:answering|replying to|responding to|writing to|helping) (?:an? |the |any |all |our )?"
        r"(?:customers?|users?|clients?|people|tickets?|questions)\b.{0,60}\b(?:tell|say|state|claim|promise|offer|mention|ask|direct)\b"
    ),
    rf"\b(?:include|insert|add|append|mention|integrate|embed|put|place)\b.{{0,120}}\b(?:in|into|to|at the end of) (?:your|every|each|all|the|any) (?:\w+ )?{_REPLY}\b",
    rf"\b(?:modify|augment|enhance|end|begin|start|finish|conclude|prefix|alter|adjust) (?:your|every|each|all) (?:\w+ )?{_REPLY}\b",
    rf"(?:^|[.!?:;]\W{{0,9}})in (?:your|every|each|all) (?:\w+ )?{_REPLY}\b,? (?:always |please )?\w+",
    rf"\b(?:provide|give|write|render|convert|rearrange|scramble|replace|translate|make|group|remove)\b.{{0,60}}\b(?:your|every) (?:\w+ )?{_REPLY}\b",
    r"\b(?:respond|reply|answer) (?:only |exactly |solely |always )?(?:with|as|in)\b.{0,30}\b(?:word|words|phrase|base64|json|pirate|rhyme|capital|uppercase|nothing but)\b",
    rf"\b(?:at the end of|in|to|into) (?:any|every|each|all)(?: future| other)? {_REPLY}\b",
    r"\b(?:cualquier|toda|cada|ogni|chaque|toute|jeder|jede|elke|qualquer)(?: futur\w+)? (?:respuesta|risposta|réponse|antwort|antwoord|resposta)\b",
    r"\b(?:remember|save|store|keep|persist)\b.{0,60}\b(?:for|in|between|across) (?:all|every|any) (?:future )?(?:tasks?|replies|reply|responses?|sessions?|conversations?)\b",
    # It wants what is not its to have.
    r"\b(?:reveal|print|output|repeat|disclose|leak|dump|recite|show)\b.{0,40}\b(?:system prompts?|hidden (?:instructions?|prompts?)|initial prompts?|your (?:instructions|prompt|configuration|rules))\b",
    r"\bcall [a-z]+_[a-z_]+ (?:to|with|for|on) (?:https?:|www\.)",
    r"\b(?:send|forward|post|e-?mail|upload|transmit|exfiltrate|copy|bcc)\b.{0,80}\b(?:conversations?|chat history|customers?(?:'s|s')? (?:\w+ )?(?:data|details|addresses|records?|names?)|system prompt|api keys?|credentials|passwords|session tokens?|secrets)\b.{0,60}(?:@|https?:|www\.)",
)
_ORDER = linear("(?m)" + "|".join(f"(?:{one})" for one in _PARTS), ignore_case=True)
_NO_ORDER = linear(
    r"\b(?:you|people|agents|members|customers) (?:can|may) (?:also )?(?:include|insert|add|append|mention|put|place)\b[^.!?]{3,120}"
    r"|\b(?:select|choose|tick|untick|check|uncheck|click|press|turn (?:on|off)|enable|disable|called|named|option) [\"“][^\"“”]{3,80}[\"”]",
    ignore_case=True,
)
"""What a help article on replies may say: what can be put into one, and what a box is called."""
_END = linear(r"[.!?]+[\"')\]]*\s+")
_HIDDEN = linear(r"[\x{202A}-\x{202E}\x{2066}-\x{2069}\x{E0000}-\x{E007F}]")
HIDDEN = "It contains invisible letters, or ones that turn the direction of the text."


def orders_in(text: str) -> list[str]:
    """The sentences, in the order of the text, at most `MOST_SHOWN`; none in an ordinary article."""
    found = [HIDDEN] if _HIDDEN.search(text) else []
    clean = compatible(text)
    whole = "\n".join([clean, *from_base64(clean)])
    if not _is_order(whole):
        return found
    orders = (one[:LONGEST_SHOWN] for one in _sentences(whole) if _is_order(one))
    return [*found, *islice(orders, MOST_SHOWN - len(found))]


def _is_order(text: str) -> bool:
    return _ORDER.search(_NO_ORDER.sub(" ", text)) is not None or TO_AGENTS.search(text) is not None


def _sentences(text: str) -> Iterator[str]:
    """Roughly: what is looked for does not hang on a comma more or less."""
    for line in text.splitlines():
        start = 0
        for end in _END.finditer(line):
            yield line[start : end.end()].strip()
            start = end.end()
        yield line[start:].strip()
