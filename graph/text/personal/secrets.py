"""Passwords, keys and tokens: by their form, or stated in a sentence."""

from __future__ import annotations

from itertools import pairwise

from graph.text.personal.rule import Edges, Rule, always
from memory.patterns import Match, linear

_ORDINARY = frozenset(
    """
    is was are the a an not and or reset change changed changing forgotten forgot expired wrong
    invalid incorrect link page manager field form policy protected please again with for to
    does do has have will can could no longer works working anymore still required requirements
    hint prompt on in of at my your their this that it i we you
    """.split()
)
_FEWEST_SECRET_CHARS = 4
_PLACEHOLDER = linear(r"^\$?[{<\[].*[}>\]]$")
"""What a manual writes for a value: "{apikey}", "<your password>"."""
_LEAST_MIXED = 0.22
"""Of a random run of letters and digits, 45 of 100 characters are of another kind than the one before; of
words that are written together, "SupportsGuide_30", 20."""


def _stated_secret(match: Match, _before: str) -> bool:
    """What follows `password is`: anything but an ordinary word of a sentence about passwords."""
    value = match.group("value").strip("\"'`")
    if len(value) < _FEWEST_SECRET_CHARS or value.lower() in _ORDINARY or _PLACEHOLDER.match(value):
        return False
    plain_word = value.isalpha() and (value.islower() or value.istitle())
    return not plain_word or match.group("link").strip() in (":", "=")


def _mixed(match: Match, _before: str) -> bool:
    """A long run of characters that is no word and no product id: digits and both cases, mixed."""
    value = match.group()
    cases = (
        any(map(str.islower, value)),
        any(map(str.isupper, value)),
        any(map(str.isdigit, value)),
    )
    return all(cases) and "/" not in value and _changes(value) >= _LEAST_MIXED


def _changes(value: str) -> float:
    """The share of characters of another kind than the one before; a word may begin with a capital."""
    kinds = [
        "d" if one.isdigit() else "u" if one.isupper() else "l" for one in value if one.isalnum()
    ]
    return sum(one != two and (one, two) != ("u", "l") for one, two in pairwise(kinds)) / len(value)


_RIGHT = r"(?:$|[\s,;])"
STATED: tuple[Rule, ...] = (
    Rule(
        "secret",
        linear(
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[^-]|-{1,4}[^-])*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)"
        ),
        always,
    ),
    Rule(
        "secret",
        linear(
            r"\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[A-Za-z0-9_-]{16,}"
            r"|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[0-9A-Za-z_]{20,}|\bglpat-[0-9A-Za-z_-]{16,}"
            r"|\bxox[abprs]-[0-9A-Za-z_-]{10,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[0-9A-Za-z_-]{30,}"
            r"|\beyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]*|\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}|\bnpm_[A-Za-z0-9]{30,}"
            r"|\b[a-z]{2,8}_(?:live|test|secret|api|key|pat|token)_[A-Za-z0-9]{12,}"
        ),
        always,
    ),
    Rule(
        "secret",
        linear(
            r"\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@]{1,200}:(?P<value>[^\s/@]{1,200})@",
            ignore_case=True,
        ),
        always,
    ),
    Rule("secret", linear(r"[Bb]earer (?P<value>[\w.~+/=-]{12,})"), always),
    Rule(
        "secret",
        linear(
            r"\b(?:pass(?:word|wort|code|phrase)|passwd|pwd?|kennwort|mot de passe|contraseña|wachtwoord"
            r"|senha|parola d'ordine|pin(?: code)?|secret(?: key)?|api[ _-]?(?:key|token)"
            r"|access[ _-]?(?:key|token)|auth[ _-]?token|client[ _-]?secret|private key|cvv|cvc)"
            r"(?P<link>\s*[:=]\s*|\s+(?:is|was|ist|lautet|est|es)\s*:?\s+)(?P<value>[^\s,;]{3,}?)"
            r"[.!?]?" + _RIGHT,
            ignore_case=True,
        ),
        _stated_secret,
    ),
)
"""What can be nothing else, or is called a secret."""
MIXED: tuple[Rule, ...] = (
    Rule("secret", linear(r"[A-Za-z0-9_+-]{28,}={0,2}"), _mixed, Edges(before="/.-", after="/-")),
)
"""Long runs of mixed characters: the least strict, so the last to be looked for."""
