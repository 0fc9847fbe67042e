"""Parts thanks or praise from what is told behind them: "Great, now I am locked out" is no thanks."""

from __future__ import annotations

from graph.text.mail.marks import folded
from graph.text.requests import PROBLEM
from graph.text.speech import thanks
from memory.patterns import RIGHT, linear

MOST_OPENING_WORDS = 6
FEWEST_STEM = 5
"""Letters of a word that may go on otherwise, as "thank" does in "thanks"."""
FEWEST_TOLD_WORDS = 3
_OPENING = frozenset(
    """
    a an all again lot lots many million much so such very really well wow oh ah haha yes hey hi hello just that that's how is it it's the for your you
    and guys team everyone all's is one very sehr vielen lieben herzlichen schönen besten beaucoup bien très muchas muy mille molto tante muito hartelijk heel erg så mycket
    """.split()
)
"""Words that may stand beside the praise."""
_PARTS = linear(
    r"[,;:]\s+|\s+[-–—]+\s+|\s+(?:and|und|et|y|e|en) (?:now|jetzt|maintenant|ahora|adesso|nu)\s+"
)
_TELLS = linear(
    r"^(?:(?:and|but|so|now|then|well|finally|und|aber|jetzt|nun|et|mais|maintenant|y|pero|ahora|ma|adesso|ora|en|maar|nu|mas|agora) )*"
    r"(?:i|we|you|he|she|it|they|this|that|these|there|the|my|our|your|his|her|their|all|half|both|an?|another|every\w*|some\w*|no(?:body|thing)?|none|still"
    r"|ich|wir|ihr|es|er|sie|der|die|das|alle[sr]?|meine?|unsere?|nichts|niemand|ist|sind|kann|können|habe|haben|geht|je|j|nous|on|vous|il|elle|ils|ça|c|ce|le|la|les|l|mon|ma|mes|notre|nos|tout|rien"
    r"|el|lo|los|las|mi|mis|nuestr\w+|todo|todos|nada|puedo|podemos|está|io|noi|gli|mio|mia|nostr\w+|tutto|niente|posso|het|de|mijn|onze|alles|ik|wij|o|os|as|meu|minha|nosso|tudo)"
    + RIGHT,
)
"""How a clause with a subject of its own begins."""
_MANAGED = linear(
    r"\b(?:i|we|it|that) (?:now |finally |already )?(?:can|could|am able to|are able to) (?:now |finally |already )?[a-z]|\b(?:can|could) (?:(?:i|we|it)\b|(?:now|finally|again) [a-z])|\b(?:ich|wir|es) (?:kann|können)\b|\b(?:kann|können) (?:ich|wir|man)\b|\b(?:kann's|puedo|podemos|je peux|on peut|nous pouvons|posso|possiamo|ik kan|we kunnen|kan ik|kunnen we)\b"
    r"|^(?:(?:and|now|so) )*(?:(?:i am|we are|i'm|we're|it's|everything(?:'s| is)|all(?: is)?) (?:all )?|(?:it|everything|(?:my|our|all|both|the) [\w-]+) (?:is|are|has come|have come|came) (?:all )?)back\b(?: (?:again|now|to normal|online|up|in))*[.! ]*$"
    r"|\bwieder (?:online|sichtbar|drin)\b|\b(?:ich|wir) (?:bin|sind) wieder da\b|\b(?:i|we) (?:now )?(?:(?:see|understand|know|remember|get)(?: it| that)?(?: now)?[.! ]*$|(?:see|understand|know|remember) (?:now )?(?:how|what|where|why|which)\b)|\bverstanden\b|\bverstehe\b"
)
"""Tells, behind praise, that something is possible, back or clear now."""
_SPOILS = frozenset(
    """
    only just half nobody everyone everyone's everybody everybody's anyone anybody other others other's people's else empty blank gone old already
    nur niemand jeder jedermann alle andere anderen anderer nichts mehr leer weg autres autre personne rien vide otros otras otro nadie nada vacío altri altre nessuno niente vuoto andere niemand iedereen niets leeg
    """.split()
)
"""Words with which what is possible, or back, is too little, too much, or the trouble itself."""


def parted(sentence: str) -> tuple[str, str]:
    """The praise or thanks that open a sentence, and the clause behind them; ("", sentence) where there is none.

    >>> parted("Great, now the page is empty."), parted("Great support, thanks!")
    (('Great', 'now the page is empty.'), ('', 'Great support, thanks!'))
    """
    found = _PARTS.search(sentence)
    if found is None:
        return "", sentence
    opening, told = sentence[: found.start()], sentence[found.end() :].strip()
    words = [word.strip(".,!;:-–()\"'") for word in folded(opening).split()]
    plain = [word for word in words if any(map(str.isalnum, word))]
    if not 0 < len(plain) <= MOST_OPENING_WORDS or len(told.split()) < FEWEST_TOLD_WORDS:
        return "", sentence
    praises = [_praises(word) for word in plain]
    tells = any(praises) and all(
        praise or word in _OPENING or word in thanks.AGREED
        for praise, word in zip(praises, plain, strict=True)
    )
    return (opening, told) if tells and _TELLS.match(folded(told)) else ("", sentence)


def managed(told: str) -> bool:
    """Whether what stands behind praise tells of something that goes now, and of no trouble."""
    said = folded(told)
    words = {word.strip(".,!;:-–()\"'") for word in said.split()}
    against = thanks.AGAINST | thanks.QUESTIONING | thanks.WANTING | thanks.SAYING | _SPOILS
    return (
        words.isdisjoint(against) and not PROBLEM.search(told) and _MANAGED.search(said) is not None
    )


def _praises(word: str) -> bool:
    return word.startswith(_LONG) or word in _SHORT


_LONG = tuple(one for one in (*thanks.THANKS, *thanks.PRAISE) if len(one) >= FEWEST_STEM)
_SHORT = frozenset(one for one in (*thanks.THANKS, *thanks.PRAISE) if " " not in one)
