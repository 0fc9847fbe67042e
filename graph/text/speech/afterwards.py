"""What is said after our word that asks for nothing new: "I will try it tonight", "send it again".

All functions are pure. Who writes so is a person, so nothing is sent back and nothing is closed as solved.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from graph.text.mail.marks import asks, folded
from graph.text.requests import PROBLEM, WISHED, strength
from graph.text.speech import thanks
from memory.patterns import linear
from memory.sentences import sentences

DEFERS = "defers"
"""The name of such a sentence among the acts of a message."""
NOTHING_MEANT: Mapping[str, str] = MappingProxyType({})
MOST_CHARS = 400
MOST_WORDS = 25
"""Of a message that asks for our answer once more."""
_AROUND = ".,!;:-–()\"'"

_FIRST = r"^(?:(?:ok|okay|alright|all right|right|fine|great|good|perfect|super|thanks|thank you|thx|yes|yep|sure|cool|hi|hello|and|so|then|well|sorry|noted|danke|gut|merci|gracias|grazie|bedankt|tack|tak)[,.!]* )*"
_FORMS = (
    # will see to it
    r"(?:(?:i|we)(?:'ll| will| shall|'m going to| am going to|'re going to| are going to|'m about to)|let (?:me|us)|will|gonna|going to) (?:\w+ ){0,2}?(?:try|test|check|read|do (?:that|this|it|so)|look (?:at|into)|(?:have|take) a (?:look|read|go)|give (?:it|that|this) a (?:try|go|shot|read)|(?:let|keep) you (?:know|posted|updated|informed)|(?:get|come|be|circle|report|write|reply) back|forward|pass (?:it|this|that) on|share|reply|respond|be in touch|return to (?:you|this|it)|see if (?:it|this|that) (?:works|helps))\b",
    # away for a while
    r"(?:(?:i|we)(?:'m| am|'re| are|'ll be| will be)|am|will be|currently|just) (?:away|afk|out|off|busy|tied up|in a meeting|in meetings|on the (?:road|train|phone|move)|travelling|traveling|at lunch|on (?:a |my )?(?:lunch |coffee )?break|driving|not at my (?:desk|computer|pc))\b",
    # wait
    r"(?:(?:just|one|a|give me a|give me one|give us a|wait a|hold on a|hang on a|be with you in a|back in a|one more|please wait a) )+(?:moment|minute|second|sec|min|bit|tick|mo)\b|(?:hold on|hang on|bear with (?:me|us)|please wait|wait a (?:moment|minute|second)|stand by|wait(?:$|[.! ])|brb|be right back)\b",
    # other languages
    r"(?:ich|wir) (?:(?:\w+ ){0,3}?(?:melde mich|melden uns|leite|leiten)|(?:probiere?n?|versuchen?|teste?n?|prüfen?|werde es|werden es|schaue?n?) )|(?:ich |wir )?(?:bin|sind) (?:gerade |kurz |für |ein paar )*(?:unterwegs|weg|in einer besprechung|in einem meeting|stunden weg)|(?:einen )?moment\b|augenblick\b|melde mich\b|werde es (?:\w+ ){0,3}(?:probieren|versuchen|testen)|gib mir (?:eine?n?|kurz)",
    r"(?:je vais|nous allons|j'essaie(?:rai)?|on va) (?:\w+ ){0,2}?(?:essayer|tester|vérifier|regarder|revenir|transmettre|voir)|je (?:vous )?(?:reviens|recontacte|tiens)|j'essaie|un (?:instant|moment)\b|voy a (?:probar|intentar|revisar|ver)|(?:lo )?(?:probaré|intentaré|revisaré|reviso )|(?:un|dame un) momento\b|ahora (?:lo )?pruebo",
    r"(?:ci|lo) (?:provo |proverò)|proverò|un (?:attimo|momento)\b|ik (?:ga|zal) (?:\w+ ){0,3}?(?:proberen|testen|bekijken|kijken)|(?:een )?(?:momentje|ogenblik\w*)\b|(?:jag|vi) (?:ska|kommer att) (?:prova|testa|kolla|återkomma)|(?:jeg|vi) (?:vil|skal) (?:prøve|teste|tjekke|sjekke)|(?:ett|et) øyeblikk|et øjeblik|ett ögonblick|vou (?:tentar|testar|verificar|ver)\b",
    r"s?próbuję|sprawdzę|chwileczkę|zkusím|vyzkouším|ověřím|попробую|проверю|минут(?:ку|очку)|спробую|перевірю|deneyeceğim|bir (?:dakika|saniye)|kokeilen\b|megpróbálom|θα (?:δοκιμάσω|το δοκιμάσω)|試してみます|確認します|やってみます|少々お待ち|我(?:试试|去试|先试|稍后)|稍等|等一下|해 ?보겠습니다|확인해 ?보겠|잠시만",
)
_LATER = linear(f"{_FIRST}(?:{'|'.join(_FORMS)})")
"""How a sentence begins by which somebody says that they will see to it, or are away for a while."""
_OUTCOME = linear(
    r"\b(?:let|keep|tell) you (?:know|posted|updated|informed)\b(?: (?:if|when|how|whether|what|once|as soon as)\b[^.!?]{0,80})?|\bsee if (?:it|this|that) (?:works|helps)\b|\b(?:if|should) (?:i|we|it|there|anything)\b[^.!?]{0,80}"
)
"""What will be told then, or may come: no wish yet."""
_AGAIN = linear(
    r"\b(?:send|mail|email|e-mail|forward|share|post|give|show|repeat|resend|re-send|tell|write)\b[^.!?]{0,30}?\b(?:it|this|that|(?:the|your) (?:\w+ )?(?:answer|reply|response|mail|e-?mail|message|instructions|steps|explanation))\b[^.!?]{0,30}?\b(?:again|once more|one more time|a second time|another time|anew)\b"
    r"|^(?:please |pls )?(?:resend|re-send)(?: please)?[.! ]*$|\b(?:resend|re-send|repeat)\b[^.!?,]{0,12}?\b(?:it|this|that|(?:the|your) (?:\w+ )?(?:answer|reply|response|mail|e-?mail|message|instructions|steps|explanation))\b"
    r"|\b(?:schicken|senden|schick|sende)\b[^.!?]{0,40}\b(?:noch ?mal|noch einmal|erneut)\b|\b(?:noch ?mal|noch einmal|erneut) (?:zu)?(?:schicken|senden)\b|\b(?:renvoye[rz]|renvoie)\b|\b(?:envoyer|envoyez)\b[^.!?]{0,30}\b(?:encore une fois|à nouveau|de nouveau)\b"
    r"|\breenv[ií]\w+\b|\b(?:enviar|envíe|envía|mandar|mande|manda)\w*\b[^.!?]{0,30}\b(?:otra vez|de nuevo|outra vez|novamente)\b|\brimand\w+\b|\b(?:inviar|mandar)\w*\b[^.!?]{0,30}\bdi nuovo\b|\b(?:stuur|sturen)\b[^.!?]{0,30}\b(?:opnieuw|nogmaals|nog een keer)\b"
)
_OURS = linear(
    r"\b(?:mail|e-?mail|message|answer|reply|response|instructions|steps|explanation|text|said|wrote|sent me|deleted|lost|inbox|trash|nachricht|antwort|réponse|respuesta|risposta|antwoord)\b"
)
"""Speaks of what we wrote, rather than of a parcel."""
MOST_BARE_WORDS = 8
"""Of a message that says no more than "could you send it again please"."""


def defers(text: str, meant: Mapping[str, str] = NOTHING_MEANT) -> bool:
    """Whether it says only that its writer will see to it, or is away for a while, beside thanks.

    `meant`: the acts of single sentences by their meaning, where somebody has read them so.
    """
    if len(text) > MOST_CHARS or asks(text):
        return False
    every = [one.text for one in sentences(text)]
    later = [_is_later(one) or (meant.get(one) == DEFERS and _is_no_wish(one)) for one in every]
    return any(later) and all(
        put_off or _is_pleasant(one) for put_off, one in zip(later, every, strict=True)
    )


def asks_again(text: str) -> bool:
    """Whether it wants what we wrote once more: "Could you send your answer again?"."""
    said = folded(text[:MOST_CHARS])
    words = len(said.split())
    if words > MOST_WORDS or (found := _AGAIN.search(said)) is None:
        return False
    if _OURS.search(said) is not None:
        return True
    beside = _words(said[found.end() :]) - thanks.AGREED - _BRIEF - {"again", "once", "more"}
    return words <= MOST_BARE_WORDS and _adds_nothing(beside)  # "Send it again? The parcel"


def _is_no_wish(sentence: str) -> bool:
    """Whether its words tell of no trouble or number and want nothing, whatever its meaning seems to be."""
    tells = PROBLEM.search(sentence) is not None or any(map(str.isdigit, sentence))
    return strength(sentence) < WISHED and not tells


def _is_later(sentence: str) -> bool:
    said = folded(sentence)
    if _LATER.search(said) is None:
        return False
    rest = _OUTCOME.sub(" ", said)
    if PROBLEM.search(rest):
        return False
    begun = _LATER.search(rest)
    return _adds_nothing(_words(rest[begun.end() :] if begun else rest))


def _is_pleasant(sentence: str) -> bool:
    said = folded(sentence)
    for one in thanks.PLEASANT:
        said = said.replace(one, " ")
    words = _words(said)
    return words.isdisjoint(thanks.AGAINST) and _adds_nothing(words - thanks.AGREED - _BRIEF)


def _words(said: str) -> set[str]:
    return {bare for word in said.split() if (bare := word.strip(_AROUND))}


def _adds_nothing(words: set[str]) -> bool:
    """Whether they say when, to whom or of what of ours alone: any other word may tell us something."""
    said = (one for one in words if not one.startswith(thanks.THANKS))
    rest = {one.partition("'")[0] for one in said if any(map(str.isalnum, one))}
    counted = {one for one in rest if one in _COUNTS or one.rstrip("hpam:.").isdigit()}
    return rest - counted <= _WHEN | _WHOM_OR_WHAT and (not counted or not rest.isdisjoint(_WHEN))


_COUNTS = frozenset("one two three four five six seven eight nine ten half couple few some".split())
_WHEN = frozenset(
    """
    later tonight today tomorrow soon shortly now next this week weekend month morning afternoon evening night noon lunch
    lunchtime dinner work home day days hour hours hrs minute minutes mins min second seconds while bit moment until till
    after before back when once asap first quickly monday tuesday wednesday thursday friday saturday sunday o'clock am pm
    heute morgen abend abends nachmittag später gleich bald montag dienstag mittwoch donnerstag freitag samstag sonntag
    woche stunde stunden minute minuten uhr soir demain matin tard plus bientôt lundi mardi mercredi jeudi vendredi
    aujourd'hui heure heures minutes mañana luego tarde noche hoy pronto lunes martes miércoles jueves viernes domani
    stasera dopo presto oggi vanavond straks later vandaag maandag imorgon ikväll senare i morgon morgen kveld aften
    amanhã depois hoje jutro później dziś zítra později dnes завтра позже сегодня вечером скоро пізніше yarın sonra bugün
    """.split()
)
_WHOM_OR_WHAT = frozenset(
    """
    a an the and or then so at in on by for from of to with as it them that these those i we me us my our you your him her
    everything all again please kindly maybe probably hopefully still just only let know see go give try check read look
    test reply respond answer answers response message mail mails email emails details info information instructions steps
    step link article guide suggestion suggestions advice idea explanation help support patience
    desk office computer phone meeting meetings quick fast kind lot much very so really colleague colleagues boss accountant husband wife partner
    can will shall report circle come get out through over up away myself ourselves
    das es ihnen dir euch uns mich mir am an auf und zu um im in der die den dem mal noch ich wir melden melde ihre ihren antwort hilfe
    ce cela ça vous le la les et pour de du votre réponse aide lo la esto y con su para gracias por questo e per la sua
    het dat dit en met uw de voor det den og och på isso e para это и спасибо
    """.split()
)
_BRIEF = frozenset("hi hello hey sorry great perfect good nice lovely all team there".split())
