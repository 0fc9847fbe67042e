"""Which sentences of a message ask for something, and which merely tell."""

from __future__ import annotations

from itertools import islice, pairwise

from graph.text.words import content_words, says
from memory.patterns import RIGHT, linear
from memory.sentences import Sentence, sentences

_OPENERS = (
    "how|what|why|when|where|which|who|whom|whose|can|could|would|will|shall|should|is|are|am|was|were|do|does|did"
    "|has|have|may|might|wie|was|warum|wann|wo|welche\\w*|wer|kann|können|könnten|ist|sind|gibt|comment|quel\\w*|pourquoi"
    "|quand|où|est-ce|puis-je|pouvez|cómo|qué|por qué|cuándo|dónde|puedo|pueden|come|cosa|perché|quando|posso|hoe|wat|waarom|kan"
)
QUESTION = linear(r"\?[\"')\]»”*_]*$")
_UNMARKED = linear(
    rf"^(?:(?:and|also|so|but|hi|hello|please|ok|okay|secondly|finally|then),?\s+)*(?:(?P<what>what\s+an?\s)|(?:{_OPENERS}){RIGHT})",
    ignore_case=True,
)
_DENIED = linear(
    r"^(?:(?:and|also|so|but|hi|hello),?\s+)*(?:can|could|do|does|did|has|have|is|was|will|would)(?:n?['’]t|nt| not)\s+(?P<who>(?:i|you|we|they|he|she|it|there|this|that|the|my|our|your|people|some\w*|any\w*)\b)?",
    ignore_case=True,
)
"""Begins with a word that denies; a question only where it goes on with its subject: "Can't log in" is none."""
_NO_REQUEST = linear(
    r"\b(?:please|kindly|pls|plz) (?:find|note|see|be advised|excuse|forgive|pardon|bear with)\b|\b(?:than|as|what|all) (?:i|we)\b"
    r"|\b(?:if|in case|should|whenever) you (?:also |still |do )?(?:need|want|require|wish)\b",
    ignore_case=True,
)
_OFFERED_MORE = linear(
    r"^(?:and |so |just |please |do |kindly )*(?:let (?:me|us) know|tell (?:me|us)|ask(?: me| us)?|say|write(?: to me)?)(?: (?:please|then))? (?:if|whether|what(?:ever)?|when(?:ever)?|in case|should) "
    r"(?:there(?:['’]s| is) (?:anything|something) )?(?:else )?you(?:['’]d| would| do| should)? (?:also |still |might )?(?:need|require|want|like|have (?:any |more |further )*questions?)\b",
    ignore_case=True,
)
"""Begins an offer to tell more: "Let me know if you need photos"."""
_LOOKED = linear(
    r"^(?:and |but |so )?(?:i|we)(?:['’]ve| have)? (?:already |also |even )?(?:looked|searched|checked|read|browsed|been)\b[^.?!]{0,40}\b(?:websites?|sites?|pages?|faqs?|cent(?:re|er)|internet|online|google|manual|guide)\b"
    r"[^.?!]{0,30}\b(?:find|found|see|saw|got)\b(?: out)? ?(?:anything|nothing|it|this|any|an|no|the)?(?: (?:answer|information|info|help))?(?: (?:about|on) (?:it|this|that))?[.! ]*$",
    ignore_case=True,
)
"""Tells where no answer was found, and of nothing else."""
REQUEST = linear(
    r"\b(?:please|kindly|pls|plz)\b"
    r"|\b(?:can|could|would|will) (?:you|someone|anyone|somebody|we|i)\b|\b(?:you|someone|somebody|anyone) (?:should|must|ought to|needs? to|has to|have to)\b|\b(?:i|we)(?:'d| would) (?:also |really |just )?(?:like|love|appreciate|prefer|need)\b"
    r"|\b(?:i|we) (?:also |really |just |still |urgently |only )*(?:need|want|wish|require|request|wonder)\b|\bi(?:'m| am) (?:also )?(?:trying|looking|hoping|wondering|unable|not able|having trouble|writing to|seeking|requesting|interested)\b"
    r"|\b(?:let me know|tell me|help me|send me|explain|advise|clarify|wondering (?:if|how|why|what|whether)|(?:asks?|wonders?)(?: me| us)? (?:if|how|why|what|whether|which|when|where|who)|wants? to know|needs? to know|like to know|not sure (?:how|if|what|why|whether)|no idea how|don't know how)\b"
    r"|^(?:need|want|looking for|would like) (?:\w+ )*(?:help|to|info|information|advice|assistance)\b|^(?:cancel|refund|reset|change|update|delete|remove|send|unlock|add|close|stop|activate|deactivate|transfer|move|fix|check|confirm|resend|return|replace|track|upgrade|downgrade|enable|disable|restore)\b"
    r"|\b(?:bitte|ich möchte|ich will|ich brauche|könnten sie|können sie|je voudrais|je souhaite|j'aimerais|pouvez-vous|merci de|quiero|quisiera|necesito|podría\w*|vorrei|voglio|ho bisogno|potete|ik wil|ik zou|graag|gostaria|preciso)\b",
    ignore_case=True,
)
PROBLEM = linear(
    r"\b(?:gets?|got|receives?|sees?|hears?|finds?|shows?) (?:no|none|nothing)\b|\b(?:nobody|no one|none of (?:us|them|(?:the|my|our|your) \w+)) (?:else )?(?:can|could|is able|gets?|sees?|receives?|has|(?:has |ever )?(?:came|come|turned up|showed up|arrived|appeared|was there))\b|\bnothing (?:happens|arrives|comes|shows|works)\b|\b(?:(?:the|my|our|your|its|their|this|all) (?:[\w-]+ ){1,3}?|it |they |everything |all )(?:is|are|was|were|went) (?:all |completely |suddenly |just |now )?(?:gone|empty|blank|dead|down)(?:[.,;:!?)]|$| (?:now|again|since|after|today|and|but|too|all|as soon)\b)|\b(?:do|does|did)(?: not|n['’]t) (?:see|find|get|receive|appear|show|arrive|open|load|come)\b"
    r"|\b(?:can(?:no|')t|cannot|can not|could not|unable|won't|doesn't|does not|didn't|did not|isn't|is not|not (?:working|showing|able|received|arrived|syncing|loading)|never (?:arrive[sd]?|received?|come|comes|came|works?|worked|gets?|got|gotten|appears?|appeared|shows?|showed)|offline|frozen|freezes|hangs|fail\w*|error\w*|broken|crash\w*|stuck"
    r"|missing|wrong|incorrect|lost|locked|declined|rejected|stopped|(?:gone|went|goes|switched itself) off|tripp(?:ed|s)|problem|issue|bug|trouble|charged|overcharged|expired|denied|refus\w+|forgot(?:ten)?|stolen|damaged|late|delayed|still (?:no|not|waiting)|keeps? (?:on )?[a-z]{2,20}ing|keeps (?:me|us|on|my|our|the same)|no longer"
    r"|funktioniert nicht|geht nicht|fehler|problem|kaputt|ne (?:fonctionne|marche) pas|erreur|no funciona|no puedo|non funziona|errore|werkt niet|fout)\b",
    ignore_case=True,
)
_WAY = linear(
    r"\bhow (?:do|can|could|should|would|to)\b|\bis (?:there|it) (?:a|any|some|possible)\b|\bwhat do (?:i|we) (?:have to |need to )?(?:do|click)\b"
    r"|\b(?:can|could|may) (?:i|we|she|he|they) (?:still |also |just )?(?:add|cancel|change|correct|download|edit|exchange|extend|get|move|pay|print|replace|return|send|split|stop|switch|transfer|undo|update|use)\b",
    ignore_case=True,
)
_STANDS = linear(
    r"\b(?:status|track(?:ing)?|find out|see|know|check|look up|tell|where (?:is|are|it|they))\b",
    ignore_case=True,
)
_WHEREABOUTS = linear(
    r"\bwhere(?:'s|’s| is| are) (?:(?:my|our|the|it|they|that|this)\b|\w+ (?:no\.? ?|number |#)?\d)|\b(?:status|track(?:ing)?|whereabouts)\b"
    r"|\b(?:has|have) (?:my|our|the|it|they)\b[^?]{0,60}\b(?:shipped|sent|dispatched|paid|arrived|left)\b",
    ignore_case=True,
)
_UNDER_WAY = linear(
    r"\b(?:orders?|parcels?|packages?|deliver(?:y|ies)|shipments?|consignments?|goods|refunds?|money|payments?|replacements?|repairs?|claims?|applications?)\b",
    ignore_case=True,
)
_BESIDE = linear(
    r"\b(?:order|parcel|package|delivery|shipment|refund|payment|repair|claim|application) (?:labels?|numbers?|forms?|pages?|buttons?|lists?|history|settings?|address(?:es)?|methods?|options?|links?|polic(?:y|ies)|details|notes?|confirmations?|receipts?|times?|dates?|costs?|fees?)\b",
    ignore_case=True,
)
"""What merely belongs to such a thing, and is found rather than awaited."""
_OF_IT = r"(?:this|it|that|below|him|her|them|me|us|(?:my|our|the|a) (?:colleague|customer|client|boss|employee|team|mail|message|question)(?:'s)?(?: (?:below|question|mail|message))*)"
"""The mail that a cover note passes on, or who wrote it."""
_THE_MATTER = rf"(?:(?:please|asap|out|(?:(?:into|at|to|with|for) )?{_OF_IT}|(?:(?:to|for) )?(?-i:\p{{Lu}}\p{{Ll}}+))\b)"
"""What a cover note speaks of. Nobody is helped with a person: what has a name behind "with" or "at" is what is asked about."""
_POLITE = linear(
    r"^(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|hallo|guten (?:tag|morgen|abend)|sehr geehrte\w*|liebe\w*|bonjour|hola|buen[oa]s|buongiorno|ciao|beste|geachte|olá)\b[^.?!]{0,60}[,.!:]?"
    r"|(?:many |kind )?thanks?(?: you)?\b[^?]{0,60}|thank you\b[^?]{0,80}|(?:(?:i |we )?(?:hope|trust)|hopefully) (?:you|this|all|everything|some(?:one|body)|any(?:one|body)|one of you|the team)\b[^?]{0,80}|how are you\b.{0,30}|(?:i )?look(?:ing)? forward\b.*|any help\b.{0,60}|i appreciate\b.{0,60}"
    r"|(?:so )?(?:i|we)(?:['’]d| would)? (?:really |just |urgently |also )?(?:need|want|like|love|appreciate|am looking for|are looking for) (?:some |your |any |a bit of )?(?:help|assistance|support|guidance|advice)"
    r"(?: (?:with|on|in|regarding|about|solving|fixing|resolving) (?:this|it|that|these)(?: (?:issue|problem|matter|error|question|situation|one)s?)?)?(?:,? please)?[.!]*"
    r"|help[.!]*|let me know[.!]*|(?:kind|best|warm) regards.*|cheers.*"
    r"|(?:so )?what (?:(?:else )?(?:should|can|could|do|must|might) (?:i|we) (?:do|try|check)(?: now| next)?|now|next)\??|(?:is there )?any(?:thing)? (?:ideas?|suggestions?|solution|advice)\b.{0,30}|vielen dank.*|danke.*|merci.*|gracias.*|grazie.*|bedankt.*"
    r"|(?:and |so |because )?(?:my|our|the|his|her) (?:[\w-]+ ){1,2}?(?:wants?|needs?|would like|(?:is|are) (?:asking|keen|eager|waiting|dying)) to know(?: (?:it|this|that|about it|soon|now|today|please|urgently|asap|too))*[.! ]*"
    rf"|(?:please |pls |kindly )*(?:(?:could|can|would|will) (?:you|somebody|someone|anybody|anyone) )?(?:please |pls |kindly )*(?:answer|help|assist|advise|look|see|sort|deal|handle|respond|reply)(?: {_THE_MATTER})+[?.!]*)$",
    ignore_case=True,
)
_TO_BE_DONE = linear(
    r"(?:^|[,.;!?] |\b(?:please|kindly|and|to|you|we|i|need|want|pls|just) )(?:cancel|stop|change|correct|amend|update|redirect|replace|swap"
    r"|modify|resend|reissue|postpone|hold back|call off)\b"
    r"|\b(?:send|ship|deliver)\b.{0,40}\b(?:different|other|new|another) address\b|\bcop(?:y|ies) of\b|\bsigned for\b"
    r"|\b(?:is|are|was|were|arrived|came|has|have|it'?s) (?:\w+ ){0,3}?(?:broken|cracked|damaged|defective|faulty|incomplete|scratched)\b"
    r"|\b(?:does(?:n['’]?t| not)|won['’]?t|will not) (?:work|turn on|start|switch on)\b",
    ignore_case=True,
)
_GREETS = linear(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|hallo|guten (?:tag|morgen|abend)|sehr geehrte\w*|liebe\w*|bonjour"
    r"|hola|buen[oa]s (?:d[ií]as|tardes|noches)|buongiorno|ciao|beste|geachte|olá)\b[^,.:;!?]{0,40}(?:[,:;!]\s*| [–-] )",
    ignore_case=True,
)
"""A greeting before what is said in the same sentence: "Dear Sir or Madam, what does it cost?"."""
_ANSWERING = frozenset(
    content_words(
        "answer answering advise advice assist assistance help look check investigate reply respond response know tell clue get back confirm revert resolve solve sort"
    )
)
_WHO_AND_WHEN = frozenset(
    content_words(
        """
        able anybody anyone asap ask asked asks assistance below above colleague colleagues customer email mail message earliest
        mind happen let everybody everyone following grateful hear hoping idea issue kindly matter one possible problem problems question questions
        quick quickly quick read see someone somebody soon soonest sooner team today urgent urgently client boss convenience
        pls plz kind nice great wonderful appreciate appreciated love thankful wonder wondering immediately write written wrote anything something
        monday tuesday wednesday thursday friday saturday sunday weekend tonight tomorrow morning afternoon evening noon week day need want
        really like before glad happy
        """
    )
)
"""What a bare wish for an answer may speak of beside it."""
_OF_WHAT = linear(
    r"\b(?:how|what|when|where|why|which|whom?|whose|until|whether|if)\b|\b(?:can|could|may|shall|should|do|did) (?:i|we)\b",
    ignore_case=True,
)
"""Says what is to be told: "When will you answer?" asks for more than an answer."""
_IF_YOU_COULD = linear(r"\bif (?:you|someone|somebody) (?:could|can|would)\b", ignore_case=True)
_FOR_SOMETHING = linear(r"\b(?:for|to|before|so that|in order)\b", ignore_case=True)
_OF_SOMETHING = linear(
    r"(?:^|[,;:] |\b(?:and|but|so|or) )(?:can|could|may|might|will|would|do|does|did|is|are) (?:an?|my|our|his|her|their|the (?:customer|client|boss)|all|every\w*|customers?|clients?|colleagues?) "
    r"|\b(?:do|did|have) you (?:ever |also |still |always |really )?(?:answer|get|help|read|reply|respond|see|sort|write)\b|\bpossible to (?:answer|check|get|read|reply to|see|sort|write) (?:an?|the|my|our|all|every) (?:e-?mail|mail|message|customer|client|colleague)"
    r"|\b(?:get|want|need|have) (?:my|our|the|an?|this|that|these|those|it|them|everything|one|some|both|all|half)\b[^.?!]{0,30} back\b",
    ignore_case=True,
)
"""Asks what others can do, what we are used to do, or for a thing that is gone: "Can customers reply?", "Get my mail back"."""
_MORE = linear(r"(?:[,;:!–]| - | but | and )\s*")
"""Ends a greeting, or thanks, behind which more may be said."""
ASKED, WISHED, TOLD = 3, 2, 1
"""Values of `strength`: a question, a request in words, a problem told."""
FEWEST_ASKED = 5
"""Words of substance from which a question asks for something, whatever it begins with."""
MOST_SENTENCES = 1_000
"""Sentences that are looked at: more than fit into what is read of a message."""


_SMALL = linear(
    r"[\p{L}\d)\"']{2}\.+ +(?P<first>(?:how|what|why|when|where|which|who|can|could|would|will|should|is|are|do|does|did|has|have"
    r"|please|pls|also|and|but|so|i|i['’]m|we|my|our|the|it|it['’]s|they|he|she|this|that|there|if|now|thanks|any)\b)"
)
"""A full stop, and a small letter behind it that begins a sentence all the same."""
MOST_SMALL = 200
"""Such sentences of one letter."""
_NAME = r"\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}.'’-]*){0,2}"
_INTRODUCES = linear(
    r"^(?:(?:[Hh]i|[Hh]ello|[Hh]ey|[Hh]allo)[,!]? )?"
    rf"(?:(?:[Mm]y name is|[Tt]his is|[Mm]ein Name ist|[Hh]ier ist|[Hh]ier spricht|[Jj]e m'appelle|[Mm]e llamo|[Mm]i chiamo) {_NAME}"
    rf"|{_NAME} (?:here|speaking)|[Ii](?: am|'m) {_NAME} (?:from|of))(?:,? (?:here )?(?:from|at|of) [^.?!]{{1,60}}| (?:\p{{Lu}}[\p{{L}}-]+ ?){{1,4}})?[.!]?$"
)
"""Says who writes, and no more."""


def begun_large(text: str) -> str:
    """Each sentence with a capital, as many people write none: "it is late. when does it come"."""
    found = list(islice(_SMALL.finditer(text), MOST_SMALL))
    parts = [0, *(one.start(1) for one in found), len(text)]
    pieces = [text[a:b] for a, b in pairwise(parts)]
    return "".join([pieces[0], *(one[:1].upper() + one[1:] for one in pieces[1:])])


def strength(sentence: str) -> int:
    """3 a question, 2 a request in words, 1 a problem told, 0 neither or mere politeness."""
    if is_polite(sentence):
        return 0
    if QUESTION.search(sentence):
        return ASKED
    if requests(sentence) or opens_a_question(sentence):
        return WISHED
    return TOLD if PROBLEM.search(sentence) else 0


def is_polite(sentence: str) -> bool:
    """Whether it merely greets, thanks or says who writes: "Hi, please cancel my plan" does more."""
    if _INTRODUCES.match(sentence) or _wants_any_answer(sentence) or _offers_more(sentence):
        return True
    if not _POLITE.match(sentence) or (sentence.endswith("?") and says(sentence, FEWEST_ASKED)):
        return False
    found = _MORE.search(sentence)
    rest = "" if found is None else sentence[found.end() :]
    if not rest or _POLITE.match(rest):
        return True
    return not (requests(rest) or opens_a_question(rest) or PROBLEM.search(rest))


def _wants_any_answer(sentence: str) -> bool:
    """Whether it wishes for an answer, and names nothing that it should tell of: "Would you be able to assist?"."""
    if not (QUESTION.search(sentence) or requests(sentence) or opens_a_question(sentence)):
        return False
    said = set(content_words(sentence))
    answering = not said.isdisjoint(_ANSWERING) and said <= _ANSWERING | _WHO_AND_WHEN
    asked = _IF_YOU_COULD.sub(" ", sentence)
    return answering and not (_OF_WHAT.search(asked) or _OF_SOMETHING.search(asked))


def _offers_more(sentence: str) -> bool:
    """Whether it offers what else may be needed, or says where no answer was found.

    "Let me know what you need for the return" asks what is needed for something.
    """
    if _LOOKED.match(sentence):
        return True
    offered = _OFFERED_MORE.match(sentence)
    return offered is not None and not _FOR_SOMETHING.search(sentence)


def without_greeting(sentence: str) -> str:
    """Without the greeting before what it says; the whole where nothing else is said.

    >>> without_greeting("Dear Sir or Madam, what does it cost?")
    'what does it cost?'
    """
    rest = sentence[found.end() :] if (found := _GREETS.match(sentence)) else ""
    return rest if says(rest) else sentence


def requests(sentence: str) -> bool:
    """Whether it asks for something in words; "please note" and "than I need" do not."""
    return REQUEST.search(_NO_REQUEST.sub(" ", sentence)) is not None


def asks_a_way(text: str) -> bool:
    """Whether it wants to know how, or whether, something can be done, not how something stands."""
    return _WAY.search(text) is not None and _STANDS.search(text) is None


def asks_how_it_stands(text: str) -> bool:
    """Whether it wants to know how one record stands, as "Where is our parcel?" does."""
    return _WHEREABOUTS.search(text) is not None and not asks_a_way(text)


def asks_after_a_thing(text: str) -> bool:
    """Whether that record is of something under way: an article about other things is no answer."""
    if not asks_how_it_stands(text) or _WAY.search(text):
        return False
    return _UNDER_WAY.search(_BESIDE.sub(" ", text)) is not None


def asks_more(text: str) -> bool:
    """Whether something is to be done with a record, or is wrong with it: how it stands is no answer."""
    return _TO_BE_DONE.search(text) is not None


def opens_a_question(sentence: str) -> bool:
    """Whether it begins like a question, though no mark may end it; "what a day" and "can't log in" do not."""
    found = _UNMARKED.match(sentence)
    if found is None or found.group("what") is not None:
        return False
    denied = _DENIED.match(sentence)
    return denied is None or denied.group("who") is not None


def outer(every: list[Sentence]) -> list[Sentence]:
    """All sentences of a letter; of a flood the first and the last, `MOST_SENTENCES` in all."""
    half = MOST_SENTENCES // 2
    return every if len(every) <= MOST_SENTENCES else every[:half] + every[-half:]


def requesting(text: str) -> list[Sentence]:
    """The sentences that carry what is wanted: of the strongest kinds there are, in order."""
    every = outer(sentences(text))
    strengths = [strength(one.text) for one in every]
    floor = min(WISHED, max(strengths, default=0))
    if floor == 0:
        return [one for one in every if not is_polite(one.text)] or every
    return [one for one, value in zip(every, strengths, strict=True) if value >= floor]
