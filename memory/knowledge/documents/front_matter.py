"""What stands above an article: YAML between `---`, or TOML between `+++`. All values are text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

MAX_CHARS = 16_000
"""Longer front matter is refused rather than read."""
MAX_FIELDS = 200

_YAML_SIGNS = tuple("[{\"'|>&*!%@`")
"""What begins a value that is no bare word."""


class Malformed(ValueError):
    """There is front matter, and it cannot be read."""


@dataclass(frozen=True)
class Split:
    """A text taken apart."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    """As written: texts, lists and mappings of texts."""
    body: str = ""
    line: int = 1
    """The line of the source where the body begins."""


def split(text: str) -> Split:
    """Front matter and the rest. A rule (`---`) above running text is no front matter.

    Raises `Malformed`.
    """
    for fence, load in (("---", _yaml), ("+++", _toml)):
        if text.startswith(fence) and not text[3:].split("\n", 1)[0].strip():
            return _split(text, fence, load)
    return Split(body=text)


def shown(value: Any) -> str | None:
    """A value as the text of a title; None if it is none.

    >>> shown(["Refunds", "Credits"])
    'Refunds, Credits'
    """
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(" ".join(one.split()) for one in value)
    return None


def _split(text: str, fence: str, load: Any) -> Split:
    lines = text[: MAX_CHARS + 1].split("\n")
    ends = (fence, "...") if fence == "---" else (fence,)
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in ends), None)
    if end is None:
        if len(text) > MAX_CHARS and _looks_like_fields(lines[1]):
            raise Malformed(f"its front matter does not end within {MAX_CHARS:,} characters")
        return Split(body=text)
    inner = "\n".join(lines[1:end])
    fields = _loaded(inner, load, like_fields=_looks_like_fields(lines[1]))
    if fields is None:
        return Split(body=text)
    head = sum(len(line) + 1 for line in lines[: end + 1])
    return Split(fields, text[head:], end + 2)


def _loaded(inner: str, load: Any, *, like_fields: bool) -> Mapping[str, Any] | None:
    """The fields; None if this is running text between two rules."""
    if not inner.strip():
        return {}
    try:
        fields = load(inner)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        if like_fields and (plain := _plain_fields(inner)):
            return plain
        if like_fields:
            msg = (
                f"its front matter is not {load.__name__.strip('_').upper()}: {_first_line(error)}"
            )
            raise Malformed(msg) from error
        return None
    if not isinstance(fields, dict) or not like_fields:
        return None
    if len(fields) > MAX_FIELDS:
        msg = f"its front matter has {len(fields):,} fields: {MAX_FIELDS} at most are read"
        raise Malformed(msg)
    return {str(name): value for name, value in fields.items()}


def _plain_fields(inner: str) -> dict[str, str]:
    """`name: value` lines whose values are bare words (`title: Billing: how to pay`); else empty."""
    found: dict[str, str] = {}
    for line in filter(str.strip, inner.split("\n")):
        name, sign, value = line.partition(":")
        if not sign or name != name.strip() or value.strip()[:1] in _YAML_SIGNS:
            return {}
        found[name] = value.strip()
    return found


def _looks_like_fields(line: str) -> bool:
    """Whether the first line below the fence is a field or a comment rather than a sentence."""
    name, sign, _ = line.partition(":") if ":" in line else line.partition("=")
    bare = name.strip().strip("\"'").replace("-", "").replace("_", "").replace(".", "")
    return line.startswith("#") or (
        bool(sign) and bare.replace(" ", "").isalnum() and " " not in bare
    )


def _yaml(text: str) -> Any:
    # The base loader leaves every value as it is written: a title `no` or `2024-05-01` is text.
    return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506  # builds texts, lists, mappings only


def _toml(text: str) -> Any:
    return _texts(tomllib.loads(text))


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
