"""What of a desk's services and channels is a secret, by its name or by how it is written. Pure."""

from __future__ import annotations

from graph.desk.problems import Loc
from memory.patterns import linear

SECRETS = frozenset(
    tuple(one.split("."))
    for one in "token webhook_secret identity_secret password imap.password smtp.password".split()
)
"""Fields of a service or a channel that are written as a variable, never as they are or as its default."""
NAMED = ("options",), ("mcp", "env")
"""Below these of a service names are free, and those that say so are of secrets."""
ARGUMENTS = ("mcp", "args")
"""What a program is started with: a secret stands in one argument, or behind the one that names it."""
ADDRESS = ("base_url",)
"""Has neither a user nor a query, and is refused as such."""
_ENDS = tuple("password passwd passphrase pwd token secret authorization apikey".split())
"""How the last word of a secret's name ends; "PGPASSWORD" and "clientsecret" are one word."""
_WHOLE = frozenset("pass key credential credentials bearer".split())
"""Last words that are secrets by themselves only: a bypass is none."""
_PUBLIC = frozenset("public primary foreign sort order group partition page next max min".split())
"""Before a key or a token: a column to sort by, a place in a list."""
_HUMP = linear(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])")
_WORD = linear(r"[A-Za-z0-9]+")
HELD = "\0"
"""In the place of a variable."""
_USER = linear(r"://[^/@\s:]*:[^/@\s]*[^/@\s\x00][^/@\s]*@")
"""A password before a host."""
_SCHEME = linear(
    r"^(?:[A-Za-z-]+\s+(?:[A-Za-z]+=)?[\"']?\x00[\"']?|(?i:bearer|basic|token)(?:\s+|$))"
)
"""How the value of an `Authorization` begins, by any name before a variable, else by one of these."""
_BEARER = linear(r"(?i)\bbearer\s+[^\s\x00]")
_INSTEAD = linear(r"^(?:&|//|[\"']?\x00+(?:[^A-Za-z0-9]|$))")
"""A variable, or nothing, behind a secret's name in a longer text."""
_FILE = linear(r"^(?:(?:~|\.{1,2})/[a-z]|/[a-z][a-z0-9_.-]*/[a-z])[a-z0-9_./-]*$")
"""Where a secret is kept, such as /etc/ssl/shop.key; what was drawn by chance has large letters in it."""
_NAMED = linear(r"([A-Za-z][A-Za-z0-9_.-]*)\s*[=:]")
"""`--api-key=...`, `?token=...`, `Authorization: ...`."""


def is_secret(loc: Loc) -> bool:
    """Whether this field of a service or a channel holds a secret."""
    return loc in SECRETS or (loc[:-1] in NAMED and names_secret(str(loc[-1])))


def names_secret(name: str) -> bool:
    """Whether something of that name is a secret: `apiKey`, `DB_PASS`, `x-client-secret`."""
    words = [one.lower() for one in _WORD.findall(_HUMP.sub(r"\1\3 \2\4", name))]
    if not words or not (words[-1] in _WHOLE or words[-1].endswith(_ENDS)):
        return False
    public = words[-1].startswith(tuple(_PUBLIC)) or bool(_PUBLIC & set(words[-2:-1]))
    return not (public and words[-1].endswith(("key", "token")))


def written_in(text: str) -> bool:
    """Whether a text holds a secret by its form: behind its name, or before the host of an address."""
    if _USER.search(text) or _BEARER.search(text):
        return True
    return any(
        names_secret(found[1]) and _is_told(text[found.end() :]) for found in _NAMED.finditer(text)
    )


def is_given(text: str) -> bool:
    """Whether anything of a secret stands there: of "Bearer ${TOKEN}" nothing does, with `HELD` for the variable."""
    return bool(_SCHEME.sub("", text.lstrip()).replace(HELD, ""))


def behind_name(before: str, text: str) -> bool:
    """Whether the argument before names a secret, as in `--token abc`, and this is neither a file nor an option."""
    named = before.startswith("-") and names_secret(before)
    return named and not text.startswith("-") and not _FILE.match(text)


def _is_told(behind: str) -> bool:
    rest = _SCHEME.sub("", behind.lstrip())
    return bool(rest) and not _INSTEAD.match(rest) and not _FILE.match(rest)
