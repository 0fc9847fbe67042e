"""Whether a message confirms: every sentence of it thanks, praises or says that it worked. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from graph.text.mail.marks import asks, folded
from graph.text.requests import PROBLEM, requests, strength
from graph.text.speech import praise, thanks
from graph.text.speech.patterns import any_found, compiled, found
from memory.patterns import linear
from memory.sentences import sentences

CONFIRMS = "confirms"
"""The name of such a sentence among the acts of a message."""
NOTHING_MEANT: Mapping[str, str] = MappingProxyType({})
MOST_THANKS_CHARS = 500
MOST_NAME_WORDS = 3
FEWEST_STEM = 5
LAST_LATIN = "\u0590"
"""Scripts before it part their words by blanks."""
_THANKED_FOR = linear(
    r"\bfor (?:the|your|this|that|my|our) (?:(?:very |so )?(?:quick|fast|prompt|speedy|swift|recent|full|great|nice|kind|new|generous|immediate|smooth) )*"
    r"(?:refund|update|order|change|check|booking|book|confirmation|explanation|cancellation)\b"
)
"""Names what was done, in words by which one might want it done: "thank you for the refund"."""
_ADVANCE = linear(
    r"\b(?:(?:in|ahead of) (?:advance|time)|beforehand|im voraus|(?:d'|par )avance|de antemano|por adelantado|in anticipo|alvast|bij voorbaat|antecipadamente|på förhand|på forhånd|z góry|předem)\b|заранее|önceden|提前|미리"
)
"""Who thanks for what is still to come waits for it."""
MOST_ADVANCE_WORDS = 7
"""Of such thanks that name nothing: "Thank you in advance for your help"."""
_FOR_NOTHING = linear(
    r"\b(?:für|for|pour|por|per|voor|för|za) (?:gar |genau |rein |absolutely |doodgewoon )?(?:nichts|nothing|rien|nada|niente|nulla|niets|ingenting|nic)\b|\bза ничего\b"
)
"""What bitter thanks are for."""
_APOLOGY = linear(
    r"\b(?:late|delayed|belated) (?:answer|reply|response|message|thanks)\b|\b(?:for|about) (?:(?:all|the|any|your|this) )*(?:troubles?|delay|bother)\b|\bto (?:trouble|bother) you\b",
    ignore_case=True,
)
"""Excuses oneself, and tells no trouble."""
GREETS = linear(
    r"^(?:(?:hi|hello|hey|hallo|hej|hei|hola|ciao|salut|bonjour|bonsoir|olá|good (?:morning|afternoon|evening|day)|guten (?:tag|morgen|abend)|moin|servus|buenos días|buenas|buongiorno|dzień dobry|dobrý den|привет|здравствуйте|merhaba|こんにちは|你好|안녕하세요|مرحبا|שלום)"
    r"(?: (?:there|all|team|everyone|everybody|again|zusammen|allerseits|à tous|a todos|a tutti|folks|guys|support|you))*[,.! ]*)+$"
)
"""Greets and says no more: who writes so has yet to say what they want."""


def confirms(text: str, *, answered: bool, meant: Mapping[str, str] = NOTHING_MEANT) -> bool:
    """Whether every sentence thanks, praises or says that it worked, and one of them says so."""
    if len(text) > MOST_THANKS_CHARS or asks(text):
        return False
    every = [praise.parted(one.text) for one in sentences(_below_the_subject(text))]
    kinds = [
        part_kind(part, meant, answered=answered, behind=opening and part is told)
        for opening, told in every
        for part in filter(None, (opening, told))
    ]
    return bool(kinds) and all(kinds) and "thanks" in kinds


def part_kind(
    part: str, meant: Mapping[str, str], *, answered: bool, behind: str | bool
) -> str | None:
    """The kind of a sentence, or of a part of it; `behind`: it stands behind praise, which may be bitter."""
    said = folded(part)
    if praise.loses(said) or _turned(part):
        return None
    objects = _FOR_NOTHING.search(said) or not thanks.OBJECTING.isdisjoint(
        word.strip(".,;:") for word in said.split()
    )
    if meant.get(part) == CONFIRMS and not (objects or (behind and praise.spoiled(part))):
        return None if GREETS.match(said) else "thanks"
    known = kind_of(part, answered=answered)
    return known or ("pleasant" if behind and praise.managed(part) else None)


def _below_the_subject(text: str) -> str:
    """The text without a subject that merely names a matter, where what stands below it calls that off."""
    subject, gap, body = text.partition("\n\n")
    settled = any(one in folded(body) for one in thanks.SETTLED)
    return body if gap and settled and not strength(subject) else text


def kind_of(sentence: str, *, answered: bool) -> str | None:
    """thanks, pleasant, or None for a sentence that says something else."""
    said = " ".join(word for word in folded(sentence).split() if "://" not in word)
    reacts = answered and (said.startswith(thanks.LIKED) or _reacts(sentence, said))
    settled = any(one in said for one in thanks.SETTLED)
    for one in thanks.SETTLED:  # "never mind" denies nothing
        said = said.replace(one, " ")
    if answered and found(thanks.MISSENT, said):
        settled, said = True, compiled(thanks.MISSENT).sub(" ", said)
    words = [word.strip(".,!;:-–()\"'") for word in _THANKED_FOR.sub(" ", said).split()]
    plain = [word for word in words if any(map(str.isalnum, word))]
    against = (thanks.AGAINST | thanks.QUESTIONING | thanks.WANTING) & set(plain)
    smiles = not plain and answered and not thanks.SIGNS.isdisjoint(sentence)
    enough = answered and found(thanks.ENOUGH, said)
    if reacts or smiles or enough or (settled and not against):
        return "thanks"
    if not plain:
        return "pleasant"
    if not thanks.WANTING.isdisjoint(plain) or any(map(str.isdigit, said)) or _turned(sentence):
        return None
    closes = found(thanks.CLOSES, said)
    if not thanks.AGAINST.isdisjoint(plain) or not thanks.QUESTIONING.isdisjoint(plain):
        return "pleasant" if closes else None
    return _courtesy(sentence, said, plain, answered=answered, closes=closes)


def _courtesy(
    sentence: str, said: str, plain: list[str], *, answered: bool, closes: bool
) -> str | None:
    """The kind of a sentence that denies, asks and wants nothing."""
    if _ADVANCE.search(said):
        return "pleasant" if len(plain) <= MOST_ADVANCE_WORDS else None
    if _says_thanks(sentence, said, answered=answered) or (
        answered and (set(plain) <= thanks.AGREED or succeeded(sentence))
    ):
        return "thanks"
    alone = len(plain) == 1 or all(word[:1].isupper() for word in sentence.split())
    named = len(plain) <= MOST_NAME_WORDS and sentence[:1].isupper() and alone
    pleasant = named or closes or any(one in said for one in thanks.PLEASANT)
    return "pleasant" if pleasant else None


def _turned(sentence: str) -> bool:
    """Whether what came of it at last is told, and is not good: "it worked, then the page went blank"."""
    last = praise.turns(sentence)
    good = any(one in folded(last) for one in thanks.SOLVED) or praise.managed(last)
    return bool(last) and not good and not succeeded(last)


def _reacts(sentence: str, said: str) -> bool:
    """Whether a mail program tells that somebody put a happy sign below our answer."""
    return not thanks.SIGNS.isdisjoint(sentence) and any(one in said for one in thanks.PLEASANT)


def succeeded(sentence: str) -> bool:
    """Whether it tells that something was found or done, and of no trouble: "Found the button."."""
    said = folded(sentence)
    plain = {word.strip(".,!;:-–()\"'") for word in said.split()}
    against = plain & (thanks.AGAINST | thanks.QUESTIONING | thanks.WANTING | thanks.TELLING)
    return not against and not PROBLEM.search(sentence) and any_found(thanks.SUCCEEDED, said)


def _says_thanks(sentence: str, said: str, *, answered: bool) -> bool:
    thanking = _thanks(said)
    solved = any(one in said for one in thanks.SOLVED)
    if not solved and PROBLEM.search(_APOLOGY.sub(" ", sentence)):
        return False
    happy = solved or any(one in said for one in thanks.PRAISE)
    smiles = not thanks.SIGNS.isdisjoint(sentence) and not requests(sentence)
    return (happy and (answered or thanking or smiles)) or (
        thanking and not requests(sentence) and thanks.SAYING.isdisjoint(said.split())
    )


def _thanks(said: str) -> bool:
    words = [word.strip(".,!;:()") for word in said.split()]
    return any(
        _begins(words, one) if one.isalpha() and one < LAST_LATIN else one in said
        for one in thanks.THANKS
    )


def _begins(words: list[str], one: str) -> bool:
    """Whether a word is that word, or begins with it where it is long enough to be no other."""
    return any(word == one or (len(one) >= FEWEST_STEM and word.startswith(one)) for word in words)
