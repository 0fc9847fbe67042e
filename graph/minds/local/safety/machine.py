"""Whether a sentence orders something of the machine that reads it.

A linear model of the signs that such orders have, of what the sentence speaks of, each and two by two, and of
its meaning. One thing alone says nothing: customers speak of rules, of refunds and of robots. That a robot is
to drop its rules, or to pay and ask nobody, no customer writes. Fitted on sentences of our own by
`evals fit acts`, one model for each encoder; with another revision of it nothing is said.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.minds.local.logistic import Linear, read_linear
from graph.minds.local.safety.signals import OF_NO_ORDER, SIGNALS
from memory.patterns import LEFT, RIGHT, linear

ENGLISH, FOREIGN = (Path(__file__).with_name(f"machine_{name}.json") for name in ("en", "xx"))
LEAST = 0.85
"""Chance from which a sentence is such an order: of 250 public letters none is stopped for one."""
MOST_CHARS = 300
"""Of a sentence: in a longer one everything may be spoken of."""

_SPOKEN_OF = {
    "machine": (
        (
            r"a\.?i\.?|artificial intelligence|assistants?|(?:chat ?)?bots?|robots?|(?:language )?models?|llms?|gpt\w*|claude|gemini|copilot"
            r"|algorithms?|automat(?:on|ions?|ed|ates?|ically)|machines?|programs?|software|agents?"
            r"|ki|künstliche intelligenz|sprachmodell\w*|roboter|maschine|inteligencia artificial|inteligência artificial"
            r"|intelligence artificielle|intelligenza artificiale|robô|робот\w*|бот\w*|искусственн\w+ интеллект\w*|yapay zek\w+|sztuczn\w+ inteligencj\w+"
        ),
        "人工智能|机器人|ボット|ロボット|로봇|الذكاء الاصطناعي|الروبوت",
    ),
    "setup": (
        (
            r"your (?:\w+ )?(?:instructions?|rules?|guidelines?|prompts|directives?|configuration|set-?up|restrictions?|programming|preamble"
            r"|filters?|purpose|role|persona|training|system message|safeguards?)|the (?:\w+ )?(?:preamble|context window|system (?:message|prompt)|restrictions)"
            r"|you (?:were|are|have been|had been) (?:given|told|instructed|configured|set up|trained|programmed|primed|taught|forbidden|shown|loaded|fed|handed|briefed)"
            r"|(?:told|given|instructed|taught) (?:to )?you|(?:previous|prior|earlier|former|initial|original|hidden|internal|system|secret) "
            r"(?:instructions?|rules?|guidelines?|prompts?|directives?|orders?|text|messages?)"
            r"|(?:deine?\w?|ihre\w?) (?:\w+ )?(?:anweisung\w*|regel\w*|vorgabe\w*|richtlini\w*|konfiguration|systemanweisung\w*|rolle)"
            r"|(?:dir|ihnen) .{0,30}(?:gesagt|gegeben|aufgetragen|gemacht)|(?:tes|vos|les) (?:instructions?|consignes?|règles?|directives?)"
            r"|(?:tus|sus|las|tu) (?:instrucciones|reglas|órdenes|directrices|configuración)|te (?:ordenaron|dijeron|dieron|han dicho|dicho)"
            r"|(?:tue|le|tuo) (?:istruzioni|regole|direttive)|ti hanno (?:dato|detto)|(?:as|tuas|suas) (?:instruções|regras|ordens)|te deram"
            r"|(?:je|jouw|alle) (?:instructies|regels|opdrachten)|instrukcj\w+|polece\w+|zasad\w*|instruktioner\w*|regler\w*|инструкц\w+|правил\w*|указани\w+|talimat\w*|kural\w*"
        ),
        "指示|指令|规则|設定され|지시|지침|تعليمات",
    ),
    "drop": (
        (
            r"ignor\w+|disregard\w*|forget|drop|set aside|leave (?:it )?aside|put aside|overrid\w+|overrul\w+|bypass\w*|circumvent\w*|lift(?:ed)?|suspend\w*|discard\w*|abandon\w*"
            r"|cancel(?:led|s)?|replac\w+|supersed\w+|expired?|void|no longer (?:apply|applies|valid|count|bind\w*|in force)|(?:do|does) not (?:apply|count|follow|obey)"
            r"|need not be (?:obeyed|followed)|stop (?:obeying|following)|pay no (?:heed|attention)|thrown? away|deleted|start over|lay down|break\w*|skip|disable\w*"
            r"|switch(?:ed)? off|turn off|unlock\w*|free (?:of|from)|exempt|waiv\w+|instead"
            r"|vergiss|vergessen|missacht\w+|umgeh\w+|gilt nicht|gelten nicht|laisse tomber|oublie\w*|contourne\w*|olvid\w+|deja de lado|sáltate|dimentica\w*|metti da parte"
            r"|esque\w+|deixa de lado|negeer|vergeet|laat .{0,30} varen|zignoruj|zapomnij|strunta|glöm|bortse|glem|забудь\w*|игнорир\w+|unut|görmezden"
        ),
        "忘れ|無視|忘掉|忽略|무시|تجاهل|انس",
    ),
    "show": (
        (
            r"reveal|print|quote|recite|copy|list|translate|spell|summari[sz]e|output|dump|disclose|repeat|paste|write(?: out| down)?|show|tell me|give me|display|encode|expose"
            r"|share|name|put .{0,40} (?:code block|reply)|nenn\w*|zeig\w*|gib|schreib\w*|wiederhol\w*|écris|recopie|montre\w*|donne\w*|révèle\w*|escribe|muestra|muéstra\w*|dime"
            r"|dame|revela|repite|riporta|mostra\w*|elenca\w*|rivela|dimmi|schrijf|toon|geef|podaj|pokaż|skriv|visa|vis|напиши\w*|покажи\w*|назови\w*|yaz|göster"
        ),
        "書き出|写出|출력|اكتب",
    ),
    "role": (
        (
            r"you are (?:now|no longer|being|a|an|my|the)|you're (?:now|a|an|no longer)|you will (?:be|play|act)|pretend\w*|act(?:ing)? (?:as|like|on)|as (?:though|if)|imagin\w+"
            r"|role|play(?:s|ed|ing)?|persona|character|speak as|answer as|consider yourself|slip into|mode|evil|unrestricted|without (?:any )?(?:limits?|rules|restrictions)"
            r"|hypothetical\w*|in this (?:story|game)|du bist|tu so|spiel\w*|ab jetzt|ab sofort|tu (?:n')?es|fais (?:comme|semblant)|eres|haz como|actúa|sei|fai finta|és"
            r"|faz de conta|finge|je bent|jij bent|doe alsof|udawaj|jesteś|låtsas|представь|ты теперь|ty|davran|ohne (?:regeln|grenzen|einschränkungen)|sin restricciones"
            r"|sans (?:limite|restriction)s?|senza limiti|sem restrições|zonder beperkingen|без ограничений"
        ),
        "假装|ふり|あなたは今",
    ),
    "grant": (
        (
            r"approv\w+|refund\w*|pay(?:s|out|ment)?|credit\w*|issue[sd]?|release[sd]?|execut\w+|waive\w*|grant\w*|transfer\w*|invoke|call the|run the|authori[sz]\w+|verified"
            r"|voucher|accept\w*|full rights|permission|erstatt\w+|gutschrift\w*|freig\w+|auszahl\w*|zahle|buche|rembours\w+|verse|approuv\w+|valid\w+|reembols\w+|devuelv\w+"
            r"|aprueb\w+|paga\w*|rimbors\w+|aprov\w+|terugbetal\w+|keur|betaal|zwrot\w*|zatwierdź|wypłać|återbetal\w*|godkän\w*|refusion\w*|godkend\w*|возврат\w*|одобр\w+"
            r"|переведи|iade\w*|onayla\w*|öde"
        ),
        "返金|承認|退款|批准|付款|환불|승인|وافق",
    ),
    "unwatched": (
        (
            r"without (?:asking|involving|telling|a|an|any|wait\w*|review|approval|confirm\w*|mention\w*|limit)|no (?:human|person|one|body|review|approval|confirmation|need)"
            r"|nobody|(?:do not|don't|never|must not|need not) (?:wait|ask|involve|tell|hand|verify|check|mention|refuse|screen)|tell nobody|keep (?:quiet|the people)"
            r"|on your own|yourself|alone|humans?|(?:supervisor|manager|colleague|person)s? (?:has|have|had|is|are|does|do|who)|not watching"
            r"|usual (?:check|confirmation|approval)s?|ohne (?:rückfrage|prüfung|zustimmung|mensch\w*)|kein mensch|sans (?:validation|demander|accord)"
            r"|sin (?:preguntar|revisión|consultar)|senza (?:chiedere|approvazione)|sem (?:consultar|perguntar)|zonder (?:medewerker|controle)|bez (?:pytania|zgody)"
            r"|utan att fråga|uden at spørge|без (?:проверки|спроса)|sormadan"
        ),
        "無需人工|无需|確認せず|사람 확인 없이|دون سؤال",
    ),
    "others": (
        (
            r"(?:other|another|all|every|each|last \w+|different|the) (?:\w+ )?(?:customers?|clients?|users?|people|companies|contacts|tickets|conversations?|accounts?)"
            r"|(?:customers?|users?) (?:data|details|table|records|list)|database|(?:anderen? |letzten )?kunden(?:daten)?|(?:autres|des) clients"
            r"|(?:demás|otros|los) clientes|(?:altri|dei) clienti|(?:outros|dos) clientes|andere klanten|innych klientów|andra kunder|клиентов"
        ),
        "",
    ),
    "replies": (
        (
            r"(?:your|each|every|all (?:your|further|later)|next|whatever you) (?:\w+ )?(?:repl(?:y|ies)|answers?|responses?|messages?|mails?|greeting)"
            r"|(?:reply|respond|answer) (?:with|only|in the form)|from (?:now|today|this (?:moment|sentence|point|line)|here)|whenever somebody|permanently|for all later"
            r"|in all further|(?:jeder|allen|deinen|deiner) antwort\w*|künftig|(?:toutes )?tes réponses|(?:todas )?tus respuestas|(?:tutte le )?tue risposte|suas respostas"
            r"|antwoorden|a partir de (?:ahora|agora|hoy)|da questo momento"
        ),
        "",
    ),
    "frame": (
        (
            r"end of (?:the )?(?:customer|message|ticket|prompt|input)\w*|next task|(?:actual|real) (?:job|task|request)|new (?:policy|rules?|instructions?|orders?|task)|tool result"
            r"|system (?:notice|message)|administrator message|developers?|engineering team|creator|above|before this|following (?:task|dialogue|sentence|string|line|base64)"
            r"|(?:assistant|agent|system|user|bot|admin)\s*:"
        ),
        "",
    ),
    "you": (
        "you|your|yours|yourself|du|dir|dein\\w*|tu|te|ton|tes|tus|ti|tue|tuo|jij|je|jouw|ты|тебе|sana|sen",
        "あなた|你|당신",
    ),
    "i": (
        "i|my|we|our|us|ich|mein\\w*|wir|unser\\w*|je|mon|mes|nous|notre|yo|mi|mis|nuestr\\w*|io|mio|eu|meu|ik|mijn|wij|onze|я|мой|мне",
        "",
    ),
    "asks": (
        "how (?:do|can|to)|can (?:i|we)|is it possible|what happens|where (?:do|can)",
        r"\?|？",
    ),
}
"""Words by which a sentence speaks of something, in scripts that part them and in others."""
_PATTERNS = tuple(
    linear(f"{LEFT}(?:{words}){RIGHT}" + (f"|{parts}" if parts else ""), ignore_case=True)
    for words, parts in _SPOKEN_OF.values()
)
_AT_STAKE = frozenset({"drop", "grant", "unwatched", "replies", "frame"})
_UNPLAYED = frozenset({"setup", "others"})
"""At stake but where a part is merely to be played: "you are a guide who knows the other people"."""


@dataclass(frozen=True)
class MachineModel(Linear):
    """How surely the sentence of such `features` is an order to a machine."""

    revision: str
    """Of the encoder whose vectors it reads."""


def load_machine_model(path: Path) -> MachineModel:
    """The model in `path`. Raises `OSError` or `KeyError` if it is missing or damaged."""
    data: dict[str, Any] = json.loads(path.read_text())
    return MachineModel(**vars(read_linear(data)), revision=data["revision"])


def is_at_stake(sentence: str) -> bool:
    """Whether it touches the rules, the money, the approvals, the data or the replies of a desk at all."""
    found = {
        name
        for name, one in zip(_SPOKEN_OF, _PATTERNS, strict=True)
        if one.search(sentence[:MOST_CHARS])
    }
    return not found.isdisjoint(_AT_STAKE) or (
        "role" not in found and not found.isdisjoint(_UNPLAYED)
    )


def features(
    sentence: str, signs: Collection[str], vector: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """What the model reads. `signs`: the names of `SIGNALS` that the sentence has."""
    return np.concatenate([form(sentence, signs), vector]).astype(np.float64)


def form(sentence: str, signs: Collection[str]) -> list[float]:
    """Its signs, what it speaks of, and what of it together."""
    said = OF_NO_ORDER.sub(" ", sentence[:MOST_CHARS])
    found = [float(one.search(said) is not None) for one in _PATTERNS]
    pairs = (one * other for one, other in combinations(found, 2))
    return [*(float(name in signs) for name in SIGNALS), *found, *pairs]
