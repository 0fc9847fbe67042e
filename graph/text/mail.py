"""What a mail program added to a customer's own words, and mail that no person wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping

LONGEST_SIGNATURE = 600
"""Characters after a closing phrase that are still taken for a signature."""
LONGEST_NOTICE = 1200
"""Characters of an out-of-office note; longer mail was written for us."""

_ATTRIBUTION = re.compile(
    r"^[ \t]*(?:On\b.{4,200}?\bwrote|Am\b.{4,200}?\bschrieb\b.{0,120}?|Le\b.{4,200}?\ba écrit"
    r"|El\b.{4,200}?\bescribió|Il\b.{4,200}?\bha scritto|Op\b.{4,200}?\bschreef\b.{0,120}?"
    r"|Em\b.{4,200}?\bescreveu|Den\b.{4,200}?\b(?:skrev|schrieb)\b.{0,120}?)[ \t]*:[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_ATTRIBUTION_LINES = 3
_SEPARATOR = re.compile(
    r"^[ \t]*(?:-{2,}|_{5,})[ \t]*(?:original message|forwarded message|ursprüngliche nachricht"
    r"|weitergeleitete nachricht|message d'origine|mensaje original|messaggio originale"
    r"|oorspronkelijk bericht|mensagem original)?[ \t]*-*[ \t]*$"
    r"(?=\s*^[ \t]*[*]?(?:from|von|de|da|van|subject|betreff|date|datum)[*]?\s?:)",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER_BLOCK = re.compile(
    r"^[ \t]*[*]?(?:From|Von|De|Da|Van)[*]?\s?:.+\n"
    r"(?:[ \t]*[*]?(?:Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado"
    r"|Para|Asunto|Inviato|A|Oggetto|Verzonden|Aan|Onderwerp)[*]?\s?:.*\n?){2,}",
    re.MULTILINE,
)
_FORWARD = re.compile(
    r"forwarded message|weitergeleitete nachricht|message transféré", re.IGNORECASE
)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*(?:\n|$)", re.MULTILINE)
_DASHES = re.compile(r"^--[ \t]?$", re.MULTILINE)
_CLOSING = re.compile(
    r"^[ \t]*(?:(?:kind|best|warm|warmest|many)(?: and \w+)? (?:regards|wishes)|regards|best|cheers"
    r"|sincerely|yours(?: sincerely| faithfully| truly)?|respectfully|br|kr"
    r"|(?:many |kind |with )?thanks(?: (?:again|a lot|in advance|so much|and \w+ regards))?"
    r"|thank you(?: (?:very much|so much|in advance|again|for your (?:help|time|support)))?"
    r"|mit freundlichen grüßen|mit freundlichen grüssen|(?:viele|beste|liebe|freundliche) grüße|mfg"
    r"|(?:bien )?cordialement|bonne journée|(?:un )?saludos?(?: cordiales)?|atentamente"
    r"|cordiali saluti|distinti saluti|met vriendelijke groet(?:en)?|mvg|atenciosamente"
    r"|med vänliga hälsningar|med venlig hilsen)[ \t]*[,.!]?[ \t]*[-–]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FOOTER = re.compile(
    r"^[ \t]*(?:sent from my \w+.*|sent (?:from|with|via) (?:outlook|proton|yahoo|mail|gmail|samsung)"
    r".*|get outlook for .*|von meinem \w+ gesendet.*|gesendet von .{0,40}|envoyé de mon .*"
    r"|enviado desde mi .*|inviato da .{0,40}|verstuurd vanaf mijn .*)$",
    re.IGNORECASE | re.MULTILINE,
)
_DISCLAIMER = re.compile(
    r"(?:intended (?:solely |only )?for the (?:use of the )?(?:named |intended )?"
    r"(?:addressee|recipient|individual)|(?:e-?mail|message|communication)\b[^.]{0,120}"
    r"\b(?:confidential|privileged)\b|not the intended (?:recipient|addressee)"
    r"|vertrauliche (?:und|oder|informationen)|nicht der richtige adressat"
    r"|consider the environment before printing"
    r"|destinataire prévu|información confidencial destinada)",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"^[ \t]*p\.?\s?s\.?[ \t]*[:.\-]?[ \t]+\S", re.IGNORECASE | re.MULTILINE)


def own_words(text: str) -> str:
    """The text without quoted threads, signatures, footers and disclaimers.

    A forward without a word of its own keeps what was forwarded: it is all there is to read.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    own = _without_thread(plain)
    if not own.strip() and _FORWARD.search(plain):
        own = _FORWARD.sub("", _QUOTED_LINE.sub(lambda line: line.group().lstrip("> \t"), plain))
    return _without_signature(own).strip()


def _without_thread(text: str) -> str:
    cut = len(text)
    for match in _ATTRIBUTION.finditer(text):
        if match.group().strip().count("\n") < _ATTRIBUTION_LINES:
            rest = text[match.end() :].lstrip()
            if rest.startswith(">"):
                text = text[: match.start()] + "\n" + text[match.end() :]
                return _without_thread(_QUOTED_LINE.sub("", text))
            cut = min(cut, match.start())
    for pattern in (_SEPARATOR, _HEADER_BLOCK):
        match_block = pattern.search(text)
        if match_block:
            cut = min(cut, match_block.start())
    return _QUOTED_LINE.sub("", text[:cut])


def _without_signature(text: str) -> str:
    text = _FOOTER.sub("", text)
    dashes = _DASHES.search(text)
    if dashes and text[: dashes.start()].strip():
        text = text[: dashes.start()]
    for closing in _CLOSING.finditer(text):
        rest = text[closing.end() :]
        if text[: closing.start()].strip() and _is_signature(rest):
            after = _POSTSCRIPT.search(rest)
            text = text[: closing.start()] + ("\n" + rest[after.start() :] if after else "")
            break
    kept = [part for part in re.split(r"\n[ \t]*\n", text) if not _DISCLAIMER.search(part)]
    return "\n\n".join(kept)


def _is_signature(rest: str) -> bool:
    words = _POSTSCRIPT.split(rest)[0]
    words = "\n\n".join(
        part for part in re.split(r"\n[ \t]*\n", words) if not _DISCLAIMER.search(part)
    )
    return len(words) <= LONGEST_SIGNATURE and "?" not in words


_SUBJECT = re.compile(
    r"^\s*(?:(?:re|aw|fwd?|wg)\s*:\s*)*(?:\[?(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)"
    r"|out[- ]of[- ](?:the[- ])?office(?: reply| auto-?reply| message| notice)?|autosvar|ooo"
    r"|abwesenheits(?:notiz|nachricht|meldung)|automatische antwort|abwesend|réponse automatique"
    r"|absence du bureau|respuesta automática|fuera de (?:la )?oficina|risposta automatica"
    r"|fuori (?:sede|ufficio)|automatisch antwoord|afwezig(?:heid)?|resposta automática"
    r"|automaattinen vastaus|automatisk svar|frånvaro)\]?\s*(?::|$|-|until|bis)"
    r"|(?:undeliver(?:able|ed)(?: mail)?|mail delivery (?:failed|failure|subsystem)"
    r"|delivery (?:status notification|failure|has failed)|returned mail|failure notice"
    r"|unzustellbar|nicht zustellbar|message non distribuable)\b.{0,80}$)",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\b(?:i am|i'm|i will be|i'll be) (?:currently |now |away and )*"
    r"(?:out of (?:the )?office|on (?:annual |parental |maternity |paternity |sick )?"
    r"(?:leave|vacation|holiday)|away from (?:the office|my (?:desk|e-?mail)))\b"
    r"|\bthis is an (?:automatic|automated|auto[- ]generated)\b"
    r"|\b(?:please )?do not reply to this (?:automated|automatic)?\s?(?:e-?mail|message)"
    r"|\bich bin (?:derzeit|zurzeit|momentan|aktuell|bis|vom|ab)\b.{0,60}"
    r"(?:nicht (?:im büro|erreichbar|im haus)|abwesend|im urlaub)"
    r"|\bje suis (?:actuellement )?(?:absent|en congé|en vacances)"
    r"|\bestoy (?:actualmente )?(?:fuera de la oficina|de vacaciones|ausente)"
    r"|\bsono (?:attualmente )?(?:fuori (?:ufficio|sede)|in ferie|assente)"
    r"|\bik ben (?:momenteel )?(?:afwezig|niet aanwezig|met vakantie)"
    r"|\bestou (?:atualmente )?(?:fora do escritório|ausente|de férias)"
    r"|\byour message (?:could not|wasn't|was not) (?:be )?delivered\b",
    re.IGNORECASE,
)
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_REPLY_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-mail-autoreply")


def automatic(subject: str, text: str, headers: Mapping[str, str]) -> str | None:
    """Why nobody wrote this mail by hand, in words; None for a person's mail."""
    return _by_headers(headers) or _by_subject(subject) or _by_text(text)


def _by_headers(headers: Mapping[str, str]) -> str | None:
    plain = {
        name.lower().replace("_", "-"): value.strip().lower() for name, value in headers.items()
    }
    submitted = plain.get("auto-submitted", "no").split(";")[0].strip()
    if submitted not in ("", "no"):
        return f"header Auto-Submitted: {submitted}"
    if plain.get("precedence") in _BULK:
        return f"header Precedence: {plain['precedence']}"
    for name in _REPLY_HEADERS:
        if plain.get(name, "no") not in ("", "no", "false", "0"):
            return f"header {name}"
    if plain.get("return-path") == "<>" or plain.get("content-type", "").startswith(
        "multipart/report"
    ):
        return "a delivery report"
    if re.search(r"mailer-daemon|postmaster@", plain.get("from", "")):
        return "sent by a mail system"
    return "a mailing list" if "list-id" in plain or "list-unsubscribe" in plain else None


def _by_subject(subject: str) -> str | None:
    return "subject of an automatic reply or a bounce" if _SUBJECT.match(subject) else None


def _by_text(text: str) -> str | None:
    own = own_words(text)
    if len(own) > LONGEST_NOTICE or "?" in own:
        return None
    return "words of an automatic reply" if _NOTICE.search(own[:400]) else None
