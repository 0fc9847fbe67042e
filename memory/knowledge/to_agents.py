"""Wordings that only a text to an answering machine has, in a letter as in an article.

Each stands for one thing that a customer has no reason to say and a help article none to tell: that nobody
need look, what the machine was told before, what it is to write to others, that it has another task now.
"""

from __future__ import annotations

from memory.patterns import linear

MACHINE = r"(?:(?:ai|a\.i\.)(?: (?:systems?|agents?|assistants?|models?|tools?))?|(?:automat(?:ed|ic) )?assistants?|chat ?bots?|bots?|language models?|llms?|gpt|chatgpt|claude|gemini|copilot)"
_MACHINES = r"(?:assistants?|asistentes?|assistentes?|assistenti|assistenten|sprachmodelle?|modell?[eo]?s?|modèles?|ki|ia|ai|bots?|chatbots?|robots?)"
_GIFT = r"(?:approv|refund|credit|grant|waiv|issu|discount)"
_DO = r"(?:^|[.!?:;,] |\b(?:and|please|then|just|always|simply|must|should|shall|you (?:will|are to)) )"
"""Before a verb that orders something: "can I", "they never" and "you already" tell or ask."""
_SHOW = (
    r"ignor\w*|olvid\w*|repit\w*|mu[ée]str\w*|revel\w*|di[mg]\w*|mostr\w*|oublie\w*|montre\w*|répète\w*|révèle\w*|dimentica\w*|ripet\w*|esqueç\w*|negeer|vergeet|toon|herhaal"
    r"|vergiss|vergessen|zeig\w*|nenn\w*|wiederhol\w*|quelles sont|cuáles son|quali sono|quais são|wat zijn|was sind|wie lauten"
)
"""What is wanted of them: a customer says to have followed ours."""
_PARTS = (
    # Nobody is to look at it, or to be asked.
    r"\bno (?:human|person|colleague|supervisor|agent) (?:needs? to|must|should|has to|may|is to) (?:see|read|check|review|know|be asked|be told)\b|\bno one (?:needs? to|has to) (?:check|review|be asked|be told)\b",
    rf"{_DO}(?:approve|refund|credit|grant|waive|issue|close|delete|pay|confirm|discount|accept|send)\b.{{0,80}}\bwithout (?:asking|involving|telling|informing|showing|review|approval|a review|an approval)(?: (?:it|this))?(?: (?:to|by|of|from))?(?: (?:a|an|any|the))? ?(?:human|person|people|colleague|supervisor|manager|staff|anyone|anybody|$|[.!])",
    rf"\b(?:authori[sz]es (?:you|the (?:{MACHINE}|agents?))|as (?:the|an?|your) (?:\w+ )?(?:owner|boss|manager|ceo|director|head|admin\w*|supervisor|developer)(?: of [^,.]{{1,30}}?)?,? i authori[sz]e you) to\b.{{0,60}}\b{_GIFT}",
    r"\b(?:mark|treat|set|count|consider|regard)\b.{0,40}\b(?:refund|claim|request|credit|discount)s? (?:to be|as) approved\b|\b(?:refund|claim|request|credit|discount)s? ?= ?approved\b|\b(?:review|safety) ?= ?(?:off|none|false|0)\b|\b(?:approve|issue|grant)_(?:refund|credit|discount|claim)s?\(",
    # What it was told before.
    r"\b(?:print|show|repeat|reveal|tell|list|write|output|quote|share|recite|ignore|forget|disregard|what (?:are|were|is))\b.{0,30}\b(?:instructions?|rules?|guidelines?|policy|policies|prompts?|messages?) (?:that )?you (?:were|have been|had been|are) (?:given|told|shown|trained|provided)\b",
    r"\b(?:system|initial|hidden|original) prompts? you (?:have|had|got|were|received|use|run|follow)\b|\b(?:support |ai )?(?:agents?|assistants?|bots?)['’]s? (?:secret|hidden|system|internal) (?:instructions?|prompts?|rules)\b",
    r"\b(?:print|output|repeat|copy|show|recite|quote|write|give)\b.{0,30}\b(?:everything|all|the (?:whole )?text|all text|the lines?) (?:above|before) (?:this|the)\b",
    r"\byou (?:were|have been) told to\b.{0,3}$|\bdo not (?:reveal|say|tell|mention) that you (?:are|were|have been)\b|\bdeny that you\b",
    (
        r"\balles,? was (?:dir|ihnen) .{0,20}(?:gesagt|gegeben|aufgetragen)"
        rf"|\b(?:{_SHOW})\b.{{0,30}}\b(?:internen? (?:anweisung|vorgabe|regel)\w*|(?:tes|vos) consignes|(?:tus|sus) instrucciones|(?:tue|vostre) istruzioni|(?:as tuas|suas) instruções|(?:jouw|je) instructies)\b"
        r"|\btesto che ti (?:è|e) stato dato\b"
    ),
    # It is spoken to as a machine.
    (
        rf"\b(?:an|für) (?:die|den|das|alle) {_MACHINES}\b.{{0,60}}\b(?:liest|lesen|antworte|sag|schreib)\w*|\b(?:si|se|als|wenn) (?:tu es|vous êtes|eres|es usted|sei|você é|je|du|sie) (?:ein|eine|een|un|uno|una|um|uma) {_MACHINES}\b"
        rf"|\b(?:sei|eres|es-tu|bist du) (?:un|uno|una|ein|eine) {_MACHINES}\b|\b(?:nota|note|instrucciones|instructions|istruzioni|instruções|aviso|hinweis|anweisung(?:en)?|bericht) (?:para|pour|per|à|al|a|an|für|aan|voor) ?(?:el|la|le|l['’]|il|lo|o|os|los|den|die|das|de|het)? ?{_MACHINES}\b"
    ),
    rf"\b(?:note|ps|p\.s\.|message|notice|instructions?|important|hint) (?:to|for) (?:the |any |all |every |our )?(?:virtual |support |answering )?{MACHINE}(?: ?[:,–—-]| reading| processing|$)",
    rf"\b(?:support |service )?(?:agents?|{MACHINE}) reading (?:this|the)\b|\bautomated (?:support|agents?|readers?|systems?)\s*:",
    rf"^\W*{MACHINE}[,:] (?:please |now )?(?:after|before|ask (?:the|every|each)|forget|ignore|mark|approve|you (?:must|are|will))\b",
    r"\bwho(?:ever)? answers? (?:from|with) this (?:page|article|text)\b",
    # It has another part or task now.
    r"\b(?:you now work for me|you work for me (?:now|from)|you have been upgraded\b.{0,60}\b(?:rules|restrictions|obey|answer)|you have a new (?:purpose|master)|your new (?:role|task|policy|persona|purpose|instructions?) (?:is|are) (?:to|that|now))\b|\byour new (?:role|task|persona|purpose|instructions?):|\bthe real (?:conversation|task|instructions?) (?:starts?|begins?) (?:here|now)\b",
    rf"\bfrom (?:now|this (?:point|article|message|moment|line|sentence))(?: on)?(?:wards?)?,? (?:treat|approve|ignore (?:all|any|every|your)|you (?:are (?:an?|the|my|no|free|going to (?:act|be|answer|play))|work|act|only|always|never|answer|(?:must|will|should) (?:always |never |only )?(?:answer|reply|respond|approve|obey|act|ignore|say|tell|treat|follow))|(?:all )?(?:agents?|{MACHINE}) (?:must|will|should|shall))\b",
    r"(?:^|\P{L})à partir de (?:maintenant|cet? \w+),? (?:tu|vous) (?:n['’]es|es|êtes|réponds|répondez|dois|devez|valides?)\b|\b(?:a partir de (?:ahora|este (?:punto|momento|mensaje))|d['’]ora in poi|ab jetzt|ab sofort|vanaf nu)\b.{0,30}\b(?:eres|no apliques|sei|bist du|ben je|ben jij|bent u|(?:responde|rispondi|antworte\w*)\b.{0,15}\b(?:solo|sólo|sin|siempre|senza|sempre|nur|ohne|immer))\b",
    r"\b(?:new|updated|revised) (?:instructions?|rules?|orders?|directives?)(?: (?:with|of) (?:the )?(?:highest|top) priority)\b|\bwhoever (?:mentions|says|writes|names) the (?:word|code|phrase)\b",
    r"\b(?:you are|be|act|answer|speak) (?:now |completely |fully |entirely )?free (?:of|from) (?:all |any |your |the )?(?:rules|restrictions|limits|guidelines)\b|\byou are the \w+ (?:with|who has) .{0,40}\b(?:in the game|and i am)\b|\bin (?:the|this|our) game,? you (?:tell|give|show|say|reveal)\b|\bas a bedtime story\b",
    # What it is to write to others, or to hand out of theirs.
    r"\bwhen(?:ever)? you (?:answer|reply|respond|write|talk|speak)(?: to)? (?:people|customers?|anyone|anybody|others|users?)\b[^.?!]{0,40} (?:say|tell|add|mention|recommend|include|claim|state|promise|point)\b",
    rf"{_DO}(?:answer|reply to|respond to) (?:all|any|every) (?:(?:further|other|future|following) (?:questions?|messages?|customers?|tickets?)|messages?|customers?|tickets?) with\b",
    r"\byour (?:replies|answers|responses) (?:about|to questions) .{0,40}\b(?:always|must|should|would)\b",
    rf"{_DO}(?:add|put|include|insert|append|place|write|attach|paste|end|finish|close)\b.{{0,60}}\b(?:link|sentence|line|text|words?|advert\w*|image|banner)\b.{{0,40}}\b(?:at|to) the (?:end|beginning|top|bottom) of your (?:message|reply|answer|mail|e-?mail|response)\b",
    r"\b(?:messages?|names?|e-?mails?|addresses|data|details|tickets|numbers|conversations?)\b.{0,40}\b(?:of|from) (?:the |all |any |your |other )*(?:customers|users|people|clients) (?:who|that) (?:wrote|write|contacted|asked)(?: to)?(?: you| today| yesterday| this| before| earlier|$|[.?!])",
    r"\bcustomers?(?:['’]s?)? (?:messages?|e-?mails?|tickets|names|data|conversations?) (?:that )?you (?:have )?(?:answered|seen|received|read|handled|know)\b|\bcustomers (?:that )?you know\b",
    r"\b(?:do not|don['’]t) (?:involve (?:any(?:one|body)|a (?:human|person|colleague|supervisor))|(?:ask|tell) a (?:human|person|colleague|supervisor))\b",
    r"\b(?:reply|answer|respond) to (?:this (?:ticket|message) and (?:to )?)?(?:all|every|each)(?: (?:other|further|future))? (?:tickets?|messages?|customers?)\b.{0,30}\bwith (?:the (?:text|words?|sentence)|[\"“])",
    r"\b(?:what|which|show|tell|list|give|repeat|quote)\b.{0,40}\b(?:another|the other|a different|other) customers?\b.{0,40}\b(?:wrote|write|asked|told|said|sent)(?: to)? you\b|\byour new configuration\b",
    rf"\bthe (?:{MACHINE}|agents?) (?:may|is allowed to|must|should) now (?:approve|refund|credit|grant|ignore|send|say|answer|accept|give)\b|\brules you (?:follow|obey|have)\b.{{0,60}}\b(?:as they were written|word for word|verbatim|exactly as)\b",
    rf"{_DO}ask (?:the|every|each|any|all) customers? for (?:the|their|his|her) (?:pass ?word|card|pin|cvv|bank|number on the card)\b|(?:^|[.!?:;,] |\b(?:please|must|should|then) )collect (?:their|the) (?:pass ?words?|card numbers?|credentials)\b",
    r"\b(?:disregard|forget|overlook|ignore) the .{1,40} (?:above|before)(?: this)? and (?:instead )?(?:say|tell (?:the|every|all|customers?|people|them)|state|claim|promise)\b",
    r"\b(?:translate|decode|read|unpack)\b.{0,60}\band (?:then )?(?:do what (?:it|this|that) says|follow it|obey it|execute it|run it)\b",
)
TO_AGENTS = linear("(?m)" + "|".join(f"(?:{one})" for one in _PARTS), ignore_case=True)
"""Matches where one of them stands."""
