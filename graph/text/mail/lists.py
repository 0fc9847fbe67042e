"""What stands below mail that went to a list, and below the letters of companies that keep one."""

from __future__ import annotations

from graph.text.mail.marks import asks, folded
from memory.patterns import linear

SUBSCRIBED = (
    "you receive this because", "you are receiving this", "view in browser", "view this email in your browser", "manage your preferences", "update your preferences", "im browser ansehen",
    "unsubscribe", "opt out", "opt-out", "newsletter abbestellen", "abmelden", "vom newsletter", "se désabonner", "se désinscrire", "désinscription",
    "darse de baja", "cancelar suscripción", "cancelar la suscripción", "annulla l'iscrizione", "disiscriviti",
    "uitschrijven", "afmelden", "cancelar inscrição", "avregistrera", "afmeld nyhedsbrev", "wypisz się",
    "zrezygnuj z subskrypcji", "odhlásit odběr", "отписаться", "aboneliğinizi iptal", "配信停止", "退订", "수신거부",
)  # fmt: skip
"""What stands below a newsletter."""
_LEAVES_THEIRS = linear(
    r"://|\bwww\.|\b(?:click|unsubscribe|opt out|abmelden|désabonner|baja) (?:here|hier|ici|aquí)\b|\bour (?:\w+ ){0,2}(?:newsletters?|mailings?|mailing list|list|e-?mails?|mails?|updates)\b"
)
"""What companies put beside it: a link, or that the list is theirs."""


def listed(text: str) -> bool:
    """Whether it says of itself that it went to a list; a newsletter may be all about a desk's own business.

    >>> listed("Rotas made easy. Unsubscribe here: https://n.example.org"), listed("How do I make a rota?")
    (True, False)
    """
    said = folded(text)
    return any(mark in said for mark in SUBSCRIBED)


def leads_off_a_list(line: str) -> bool:
    """Whether a line tells readers how to leave its writer's own list, which is no wish of the writer.

    >>> leads_off_a_list("Unsubscribe: https://n.example.org"), leads_off_a_list("Unsubscribe me, please.")
    (True, False)
    """
    said = folded(line)
    return listed(said) and not asks(line) and _LEAVES_THEIRS.search(said) is not None
