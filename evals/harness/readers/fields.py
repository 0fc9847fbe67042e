"""The fields at the head of an article, read by other means than the ingestion that is judged."""

import re
from typing import Any

import yaml

_FENCE = re.compile(r"\n(?:---|\.\.\.) *\n")


def front_matter(text: str) -> tuple[dict[str, Any], list[str], str]:
    """The fields, what of them nobody is shown, and the body below."""
    for fence in ("---", "+++"):
        if not text.startswith(fence + "\n"):
            continue
        head, *rest = _FENCE.split(text[4:], 1) if fence == "---" else text[4:].split("\n+++\n", 1)
        if not rest:
            continue
        body = rest[0]
        if fence == "+++":
            title = re.search(r'^title *= *"([^"\n]*)"', head, re.MULTILINE)
            return {"title": title[1] if title else ""}, [], body
        fields = _fields(head)
        if fields is not None:
            return fields, [str(one) for name, one in fields.items() if name == "tags"], body
    return {}, [], text


def _fields(head: str) -> dict[str, Any] | None:
    """The mapping of a head; None if it is none, and so belongs to the text."""
    try:
        found = yaml.load(head, Loader=yaml.BaseLoader)  # noqa: S506 - texts, whatever they look like
    except yaml.YAMLError:
        # Broken, but meant as one: `title: a: b`
        lines = [line for line in head.split("\n") if line.strip()]
        return {} if lines and all(": " in line or line.endswith(":") for line in lines) else None
    return found if isinstance(found, dict) else None
