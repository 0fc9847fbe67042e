"""Parts thanks or praise from what is told behind them: "Great, now I am locked out" is no thanks."""

from __future__ import annotations

from graph.text.mail.marks import folded
from graph.text.requests import PROBLEM
from graph.text.speech import thanks
from memory.patterns import RIGHT, linear

MOST_OPENING_WORDS = 6
MOST_OPENING_CHARS, MOST_TOLD_CHARS = 80, 400
"""Of a sentence, in which praise ends, and in which it may turn."""
FEWEST_STEM = 5
"""Letters of a word that may go on otherwise, as "thank" does in "thanks"."""
FEWEST_TOLD_WORDS = 3
_AROUND = ".,!;:-–()\"'"
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
_THEN = linear(
    r"(?:^|[,;:]|\s) ?(?:and |but |und |aber |et |mais |y |pero |e |ma |però |en |maar |mas )?(?:then|now|dann|danach|jetzt|nun|puis|ensuite|maintenant|luego|después|ahora|poi|adesso|daarna|toen|nu|depois|agora)\s+",
    ignore_case=True,
)
"""Leads over to what came next."""
_TELLS = linear(
    r"^(?:(?:and|but|so|now|then|well|finally|und|aber|jetzt|nun|et|mais|maintenant|y|pero|ahora|ma|adesso|ora|en|maar|nu|mas|agora) )*"
    r"(?:i|we|you|he|she|it|they|this|that|these|there|the|my|our|your|his|her|their|all|half|both|an?|another|every\w*|some\w*|no(?:body|thing)?|none|still"
    r"|ich|wir|ihr|es|er|sie|der|die|das|alle[sr]?|meine?|unsere?|nichts|niemand|ist|sind|kann|können|habe|haben|geht|je|j|nous|on|vous|il|elle|ils|ça|c|ce|le|la|les|l|mon|ma|mes|notre|nos|tout|rien"
    r"|el|lo|los|las|mi|mis|nuestr\w+|todo|todos|nada|puedo|podemos|está|io|noi|gli|mio|mia|nostr\w+|tutto|niente|posso|het|de|mijn|onze|alles|ik|wij|o|os|as|meu|minha|nosso|tudo)"
    + RIGHT
    + r"|^(?:(?:und|et|y|e|en|och|og|i|a|и) )?(?:jetzt|nun|maintenant|ahora|adesso|nu|nå|agora|teraz|teď|теперь) \S+ \S",
)
"""How a clause begins that has a subject of its own, or that tells how it is now."""
_MANAGED = linear(
    r"\b(?:i|we|it|that) (?:now |finally |already )?(?:can|could|am able to|are able to) (?:now |finally |already )?[a-z]|\b(?:can|could) (?:(?:i|we|it)\b|(?:now|finally|again) [a-z])|\b(?:ich|wir|es) (?:kann|können)\b|\b(?:kann|können) (?:ich|wir|man)\b|\b(?:kann's|puedo|podemos|je peux|on peut|nous pouvons|posso|possiamo|ik kan|we kunnen|kan ik|kunnen we)\b"
    r"|^(?:(?:and|now|so) )*(?:(?:i am|we are|i'm|we're|it's|everything(?:'s| is)|all(?: is)?) (?:all )?|(?:it|everything|(?:my|our|all|both) [\w-]+) (?:is|are|has come|have come|came) (?:all )?)back\b(?: (?:again|now|to normal|online|up|in))*[.! ]*$"
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
_GONE = linear(
    r"\b(?:gone|vanish\w*|disappear\w*|wiped|erased|blank|weg|verschwunden|gelöscht|disparu\w*|effacée?s?|vide|desaparec\w*|borrad\w+|sparit[oaie]|scompars[oaie]|cancellat[oaie]|verdwenen|gewist|sumi(?:u|ram)|apagad\w+|zniknę\w*|zniknął|skasowa\w+|zmizel\w*|försv[au]nn\w*|forsvun\w*|kadonnut|eltűnt|dispăru\w*)\b"
    r"|исчез|пропал|зник|kaybol|silindi|χάθηκ|消えて|消えま|消失|不见了|沒了|没了|사라|اختف|נעלם|หายไป"
)
"""Words of many languages for what is not there any more."""
_TROUBLE = linear(
    r"\b(?:errors?|errori?|erros?|errores|faults?|problem\w*|problèmes?|issues?|troubles?|bugs?|warnings?|pop-?ups?|noise|fehler\w*|warnung\w*|erreurs?|avertissements?|avisos?|fout\w*|fel|feil|fejl|virhe|błąd|błędy|chyba|hiba|eroare\w*)\b|ошибк|помилк|проблем|hata|σφάλμα|エラー|错误|錯誤|问题|오류|문제|خطأ|مشكلة|תקלה|שגיאה"
)
"""What one is glad to be rid of."""


def parted(sentence: str) -> tuple[str, str]:
    """The praise or thanks that open a sentence, and the clause behind them; ("", sentence) where there is none.

    >>> parted("Wow, great, now the page is empty."), parted("Great support, thanks!")
    (('Wow, great', 'now the page is empty.'), ('', 'Great support, thanks!'))
    """
    best = ("", sentence)
    for found in _PARTS.finditer(sentence[:MOST_OPENING_CHARS]):
        opening, told = sentence[: found.start()], sentence[found.end() :].strip()
        plain = _plain(opening)
        praises = [_praises(word) for word in plain]
        if len(plain) > MOST_OPENING_WORDS or not all(
            praise or word in _OPENING or word in thanks.AGREED
            for praise, word in zip(praises, plain, strict=True)
        ):
            break
        if any(praises) and len(told.split()) >= FEWEST_TOLD_WORDS and _TELLS.match(folded(told)):
            best = (opening, told)
    return best


def turns(sentence: str) -> str:
    """What a sentence says came of it at last: "it worked, then everything went blank"; empty where nothing did.

    >>> turns("It worked for a day and then the list was empty.")
    'the list was empty.'
    """
    every = [sentence[found.end() :] for found in _THEN.finditer(sentence[:MOST_TOLD_CHARS])]
    told = (one for one in reversed(every) if _TELLS.match(folded(one)) or _said_to_spoil(one))
    return next(told, "")


def _said_to_spoil(told: str) -> bool:
    return len(told.split()) >= FEWEST_TOLD_WORDS and spoiled(told)


def loses(said: str) -> bool:
    """Whether something other than the trouble itself is gone: "everything vanished"; `said` is folded.

    >>> loses("super, alles weg"), loses("der fehler ist weg")
    (True, False)
    """
    return _GONE.search(said) is not None and _TROUBLE.search(said) is None


def spoiled(told: str) -> bool:
    """Whether it denies, limits or tells a trouble that is not gone, whatever it seems to mean."""
    if _GONE.search(folded(told)) and _TROUBLE.search(folded(told)):
        return False
    against = thanks.AGAINST | thanks.QUESTIONING | thanks.WANTING | thanks.SAYING | _SPOILS
    words = {word.strip(_AROUND) for word in folded(told).split()}
    return not words.isdisjoint(against) or PROBLEM.search(told) is not None


def managed(told: str) -> bool:
    """Whether what stands behind praise tells of something that goes now, and of no trouble."""
    return not spoiled(told) and _MANAGED.search(folded(told)) is not None


def _plain(said: str) -> list[str]:
    words = (word.strip(_AROUND) for word in folded(said).split())
    return [word for word in words if any(map(str.isalnum, word))]


def _praises(word: str) -> bool:
    return word.startswith(_LONG) or word in _SHORT


_LONG = tuple(one for one in (*thanks.THANKS, *thanks.PRAISE) if len(one) >= FEWEST_STEM)
_SHORT = frozenset(one for one in (*thanks.THANKS, *thanks.PRAISE) if " " not in one)
