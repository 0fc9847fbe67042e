"""Tells mail that no person wrote: by headers that say so, by its subject, by its words."""

from __future__ import annotations

from collections.abc import Mapping

from graph.text.mail.closings import POLITE, REQUESTING
from graph.text.mail.lists import SUBSCRIBED
from graph.text.mail.marks import asks, folded
from graph.text.mail.notices import (
    ACKNOWLEDGES,
    ANSWER_SUBJECTS,
    AUTOMATIC_SUBJECTS,
    AWAY,
    AWAY_ALONE,
    BOUNCE_SUBJECTS,
    CASE_CLOSED,
    FULL,
    HOLDS,
    INSTEAD,
    INVITING,
    LEFT,
    MAY,
    MOVED,
    PERSONAL,
    RATES,
    READ_SUBJECTS,
    RECALLS,
    RECEIVED,
    REDIRECTS,
    RETURNS,
    STANDS_IN,
    TO_ME,
    TRANSPORT,
    TURNS,
)
from graph.text.mail.program_headers import by_doubtful_headers, by_sure_headers, compared
from graph.text.mail.reading import bare_subject, own_words
from graph.text.mail.stems import names_an_automatic_reply, tells_of_recipients
from graph.text.requests import PROBLEM, opens_a_question, requests
from memory.patterns import linear
from memory.sentences import sentences

LONGEST_NOTICE = 1200
"""Characters of an out-of-office note; longer mail was written for us."""
READ_CHARS = 500
"""Beginning of a text in which a notice says what it is."""
ONE_BREATH = 80
"""Characters from who is away to how."""
MOST_TAGS = 4
FEWEST_OF_RECEIPT = 2
"""Colons in a receipt: it names the address and the subject."""
MEANT = "most of it reads as an automatic reply"
"""A model's guess, which may be wrong of a sentence or two."""
_OF_PROGRAMS = frozenset({"automatic", "confirms"})
_NAMES_MORE = frozenset(":-–|(]")
"""What may follow the name of an automatic subject; other words make it a sentence."""
_OF_MAIL = tuple(
    """
    @ mail message nachricht mensaje messaggio bericht mensagem wiadomo сообщени письм recipient
    empfänger zustell
    """.split()
)
"""Words of a report about mail rather than about a parcel."""
_UNTIL = (
    "mail", "returned", "to ", "until", "bis ", "till ", "from ", "vom ", "for ", "jusqu", "hasta", "re:", "fino", "tot ",
)  # fmt: skip
_PLEASE = linear(r"\bplease\W*(?:$|\n|[.!?] )")
"""Ends a wish that has no verb: "Status of my order please."."""
_PLEASE_DO = linear(r"\bplease (?P<what>[\p{L}'-]+)")
_REDIRECTS = linear(
    r"(?:contact|write|call|phone|ring|note|reach|e-?mail|mail|message|turn|direct|redirect|address|send|forward|see|visit|use|bear|allow|expect|excuse|leave|be|do|don't|feel|refer|get|ask|speak|consult|resend|update|find|try|open|keep|add|include|quote|submit|go|consider|click|log|quote|reply|remove|treat|accept|wait|check|rest|hold|stay|know|remember|understand|ensure|enjoy|rate|retain|save|liaise|approach|fill|complete|pardon|forgive|take)$"
)
"""What an automatic reply asks for: nothing that we should do."""
_CASE_CLOSED = linear("|".join(CASE_CLOSED))
_ACKNOWLEDGES = tuple(map(linear, ACKNOWLEDGES))
_HOLDS = tuple(map(linear, HOLDS))
_STANDS_IN = (linear(RETURNS), linear(STANDS_IN), linear(TURNS))
_RECALLS = linear("|".join(RECALLS))
_MOVED, _INSTEAD, _TO_ME, _MAY = map(linear, (MOVED, INSTEAD, TO_ME, MAY))
_OF_ITSELF = linear(
    r"\b(?:cannot|can['’]t|can not|could not|unable to|not able to) (?:wait|be (?:answered|read|forwarded)|(?:receive|take|accept|answer|read|see) (?:any |your )?(?:repl\w+|answers|mails?|e-?mails?|messages?|calls?)|reply|respond|answer)\b",
    ignore_case=True,
)
"""What a note says of its mailbox, or of matters that are urgent: no trouble."""
_WISH = linear(
    r"\b(?:help me|(?:i|we)(?:['’]d| would)? (?:\w+ )?(?:want|need|wish|like)|i(?:['’]m| am) (?:trying|looking|unable))\b|^(?:want|need)\b"
    r"|\b(?:give|show|tell|send|get) (?:me|us) (?:the|my|our|this|that|these|what|how|where|when|why|which|who|whether|access|details)\b"
    r"|^(?:now|then|so|and) (?:just )?(?:give|show|tell|send|get) (?:me|us)\b",
    ignore_case=True,
)
_SEND_US = linear(r"\bplease (?:re)?send (?:it|me|us|them|him|her|this|again|another|one)\b")
_STATUS = linear(r"\b[45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}\b")
"""What a mail server says beside its words: RFC 3463."""


def automatic(subject: str, text: str, headers: Mapping[str, str]) -> str | None:
    """Why nobody wrote this mail by hand, in words; None for a person's mail."""
    plain = compared(headers)
    own = own_words(text)
    said = folded(own[:LONGEST_NOTICE])
    asked = asks(own)
    return (
        by_sure_headers(plain)
        or (None if asked else _by_subject(bare_subject(subject), said))
        or _by_text(said, asked=asked, short=len(own) <= LONGEST_NOTICE)
        or (None if asked or _is_personal(said) else by_doubtful_headers(plain))
    )


def automatic_by_meaning(own: str, acts: Mapping[str, str]) -> str | None:
    """The same by what it means altogether, or most of its sentences; None if it asks for something, or is long.

    `acts`: its sentences that are an act, and the text that is one altogether, with the name.
    """
    said = folded(own[:LONGEST_NOTICE])
    if "automatic" not in acts.values() or len(own) > LONGEST_NOTICE:
        return None
    pieces = [one.text for one in sentences(own) if any(map(str.isalpha, one.text))]
    wants = asks(own) or _wants_of_us(said) or _PLEASE.search(said) or _TO_ME.search(said)
    if wants or any(map(_wishes, pieces)):
        return None
    troubles = (one for one in pieces if PROBLEM.search(_OF_ITSELF.sub(" ", one)))
    if any(acts.get(one) not in _OF_PROGRAMS for one in troubles):
        return None  # somebody who is away, or back, tells of a trouble
    if any(name == "automatic" and own in text for text, name in acts.items()):
        return MEANT
    others = any(name not in _OF_PROGRAMS for name in acts.values())
    meant = sum(acts.get(one) in _OF_PROGRAMS for one in pieces)
    return MEANT if not others and 2 * meant > len(pieces) else None


def _wishes(sentence: str) -> bool:
    """Whether somebody asks or wishes without a mark of it: "help me see the status", "can i pay later"."""
    if opens_a_question(sentence) or _WISH.search(sentence) is not None:
        return True
    said = folded(rest := _OF_ITSELF.sub(" ", sentence))
    return requests(rest) and "please" not in said and not any(one in said for one in REDIRECTS)


def _is_personal(said: str) -> bool:
    """Whether somebody speaks of themselves, and no list does."""
    words = {word.strip(".,;:!()'") for word in said.split()}
    listed = any(mark in said for mark in SUBSCRIBED)
    return not listed and (not words.isdisjoint(PERSONAL) or _wants_of_us(said))


def _wants_of_us(said: str) -> bool:
    """Whether it asks us for something: "please write to Rob" is no wish for us to fulfil."""
    said = _MAY.sub(" ", said)
    if _SEND_US.search(said):
        return True
    return any(f" {words}" in f" {said}" for words in REQUESTING[POLITE:]) or any(
        _REDIRECTS.match(one["what"]) is None for one in _PLEASE_DO.finditer(said)
    )


def _by_subject(subject: str, said: str) -> str | None:
    name = _untagged(folded(subject[:LONGEST_NOTICE]))
    of_mail = not said or (any(one in said for one in _OF_MAIL) and not _is_personal(said))
    reports = ":" in name and tells_of_recipients(said) and not _is_personal(said)
    if reports or (of_mail and _is_named(name, BOUNCE_SUBJECTS)):
        return "subject of a bounce"
    if _is_receipt(name, said):
        return "a receipt of having been read"
    if _answers_an_invitation(name, said):
        return "an answer to an invitation"
    replies = _is_named(name, AUTOMATIC_SUBJECTS) or names_an_automatic_reply(name)
    return "subject of an automatic reply" if replies else None


def _is_receipt(subject: str, said: str) -> bool:
    """Whether it names mail and the minute at which it was opened, as mail programs do when it was."""
    name, colon, _ = subject.partition(":")
    return bool(colon) and name.strip() in READ_SUBJECTS and said.count(":") >= FEWEST_OF_RECEIPT


def _answers_an_invitation(subject: str, said: str) -> bool:
    """Whether a calendar says who comes: "Accepted: Kick-off", and nothing that is wanted of us."""
    name, colon, _ = subject.partition(":")
    if not colon or name.strip() not in ANSWER_SUBJECTS or _wants_of_us(said):
        return False
    return not said or any(words in said for words in INVITING)


def _is_named(subject: str, names: tuple[str, ...]) -> bool:
    """Whether it begins with one of the names and does not go on as a sentence."""
    for name in names:
        rest = subject[len(name) :].strip() if subject.startswith(name) else None
        if rest is not None and (not rest or rest[0] in _NAMES_MORE or rest.startswith(_UNTIL)):
            return True
    return False


def _untagged(said: str) -> str:
    """The subject without tags such as [External] before it."""
    for _ in range(MOST_TAGS):
        if not said.startswith("["):
            break
        tag, _, rest = said[1:].partition("]")
        if tag.startswith(AUTOMATIC_SUBJECTS):
            return tag
        said = rest.strip()
    return said


def _by_text(said: str, *, asked: bool, short: bool) -> str | None:
    head = said[:READ_CHARS]
    if short and any(words in head for words in RATES):
        return "a helpdesk's question how its work is liked"
    return _by_notice(head, personal=_is_personal(said)) if short and not asked else None


def _by_notice(head: str, *, personal: bool) -> str | None:
    of_mail = any(words in head for words in _OF_MAIL)  # a parcel may not be delivered, either
    full = not personal and any(words in head for words in FULL)
    if full or (of_mail and any(words in head for words in TRANSPORT)) or _is_a_servers(head):
        return "words of a mail system"
    if any(words in head for words in RECEIVED):
        return "words of a helpdesk's receipt"
    if all(one.search(head) for one in _HOLDS):
        return "words of a filter that asks who wrote"
    if _CASE_CLOSED.search(head) or all(one.search(head) for one in _ACKNOWLEDGES):
        return None if PROBLEM.search(_CASE_CLOSED.sub(" ", head)) else MEANT
    stands_in = MEANT if _has_a_stand_in(head) or _hands_over(head) else None
    return "words of an automatic reply" if _is_away(head) else stands_in


def _is_a_servers(head: str) -> bool:
    """Whether it holds a mail server's status, and nobody tells of getting it."""
    return _STATUS.search(head) is not None and ("your message" in head or not _is_personal(head))


def _is_away(head: str) -> bool:
    if any(words in head for words in AWAY_ALONE) or _RECALLS.search(head):
        return True
    if any(words in head for words in LEFT) and any(words in head for words in REDIRECTS):
        return not _wants_of_us(head) and not _TO_ME.search(head)
    return not _wants_of_us(head) and any(_says(head, who, how) for who, how in AWAY)


def _has_a_stand_in(head: str) -> bool:
    """Whether its writer will be back, and names who helps meanwhile; a customer may, of a visit."""
    against = _wants_of_us(head) or PROBLEM.search(head) or _TO_ME.search(head)
    return not against and all(one.search(head) for one in _STANDS_IN)


def _hands_over(head: str) -> bool:
    """Whether it says who, or which address, is gone, and which takes its place; nothing is asked for."""
    rest = _INSTEAD.sub(" ", head)
    if "@" not in head or "@" in rest or _wants_of_us(rest) or _TO_ME.search(rest):
        return False
    return _MOVED.search(head) is not None or any(words in head for words in LEFT)


def _says(head: str, who: tuple[str, ...], how: tuple[str, ...]) -> bool:
    """Whether somebody says of themselves how they are, in one breath."""
    for words in who:
        at = head.find(words)
        while at >= 0:
            breath = head[at : at + ONE_BREATH]
            if any(state in breath for state in how):
                return True
            at = head.find(words, at + 1)
    return False
