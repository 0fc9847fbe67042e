"""What an article's own fields (front matter, a row's columns) say about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from memory.knowledge.documents import front_matter
from memory.tables.knowledge import Visibility

MAX_TITLE = 300
MAX_DOC_ID = 500
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_SAID = {
    Visibility.PUBLIC: (
        "public",
        "published",
        "publish",
        "current",
        "everyone",
        "external",
        "live",
    ),
    Visibility.INTERNAL: ("internal", "private", "agents", "staff", "team", "restricted"),
    Visibility.DRAFT: (
        *("draft", "unpublished", "archived", "hidden", "review", "pending"),
        *("future", "trash", "trashed"),
    ),
}
_NAMES = ("visibility", "audience", "access", "status", "state")
_SWITCHES = {
    "draft": Visibility.DRAFT,
    "archived": Visibility.DRAFT,
    "hidden": Visibility.INTERNAL,
    "private": Visibility.INTERNAL,
    "internal": Visibility.INTERNAL,
}
_USED = frozenset({"title", "doc_id", "url", "text", "published", *_NAMES, *_SWITCHES})


class Refused(ValueError):
    """A field cannot be used, and to ignore it would be wrong."""


@dataclass(frozen=True)
class Fields:
    """The fields that matter."""

    title: str
    doc_id: str
    url: str | None
    visibility: Visibility
    notices: tuple[str, ...]
    long_title: str = ""
    """The whole title where it is cut."""


def read_fields(given: Mapping[str, Any]) -> Fields:
    """Title, id and address as text (empty or None where missing), and who may see the article.

    Raises `Refused`.
    """
    low = {str(name).strip().lower(): value for name, value in given.items()}
    url, notices = _url(low.get("url")), []
    if url is None and low.get("url"):
        notices.append("its url is not a web address and is not kept")
    unused = sorted(str(name) for name in low if name not in _USED)
    if unused:
        notices.append(f"fields that are not used: {_listed(unused)}")
    doc_id = _text(low.get("doc_id"), "doc_id")
    if len(doc_id) > MAX_DOC_ID:
        raise Refused(f"its doc_id is longer than {MAX_DOC_ID} characters")
    title = _text(low.get("title"), "title")
    if len(title) > MAX_TITLE:
        notices.append(f"its title is cut to {MAX_TITLE} characters, and stands above its text")
    return Fields(
        title[:MAX_TITLE],
        doc_id,
        url,
        visibility(low),
        tuple(notices),
        title if len(title) > MAX_TITLE else "",
    )


def visibility(given: Mapping[str, Any]) -> Visibility:
    """The narrowest that any field asks for. Raises `Refused` for a word that nobody knows."""
    found = [_said(name, given[name]) for name in _NAMES if given.get(name) not in (None, "")]
    found += [kind for name, kind in _SWITCHES.items() if _switch(name, given.get(name), off=False)]
    if not _switch("published", given.get("published"), off=True):
        found.append(Visibility.DRAFT)
    order = list(Visibility)
    return max(found, key=order.index, default=Visibility.PUBLIC)


def says_who_sees(name: str, value: str) -> bool:
    """Whether a property of a page is such a field, in a word that is known here; a notebook's may say anything."""
    return name in _NAMES and any(value.lower() in said for said in _SAID.values())


def _said(name: str, value: Any) -> Visibility:
    word = (front_matter.shown(value) or str(value)).lower()
    for kind, said in _SAID.items():
        if word in said:
            return kind
    raise Refused(f"its {name} is {word[:40]!r}: write public, internal or draft")


def _switch(name: str, value: Any, *, off: bool) -> bool:
    """A yes or no; `off` where nothing is said. A date of publication is a yes."""
    if value in (None, ""):
        return off
    word = str(value).strip().lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    if name == "published":
        return True
    raise Refused(f"its {name} is {word[:40]!r}: write true or false")


def _text(value: Any, name: str) -> str:
    if value is None:
        return ""
    shown = front_matter.shown(value)
    if shown is None and isinstance(value, int) and not isinstance(value, bool):
        shown = str(value)
    if shown is None:
        raise Refused(f"its {name} must be a text, is {type(value).__name__}")
    return "".join(sign for sign in shown if sign.isprintable())


def _url(value: Any) -> str | None:
    address = value.strip() if isinstance(value, str) else ""
    head, colon, _ = address.partition(":")
    is_other = colon and head.isalnum() and head.lower() not in ("http", "https")
    return None if is_other or any(sign.isspace() for sign in address) else address or None


def _listed(names: list[str]) -> str:
    shown = ", ".join(name[:40] for name in names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown  # noqa: PLR2004
