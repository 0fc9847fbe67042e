"""Addresses of mail in a text, found from their sign outwards."""

from __future__ import annotations

from collections.abc import Iterator

MOST_LOCAL_CHARS = 64
MOST_DOMAIN_CHARS = 255
_LOCAL = frozenset("_.+%'-")
_DOMAIN = frozenset(".-_")
_LONGEST_ENDING = 24


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand, in order: name@host.ending, none the part of something longer."""
    at = text.find("@")
    while at >= 0:
        start, end = _local_start(text, at), _domain_end(text, at + 1)
        if start < at and end > at + 1 and text[end : end + 1] != "@":
            yield start, end
        at = text.find("@", at + 1)


def _local_start(text: str, at: int) -> int:
    start = at
    while start > 0 and at - start < MOST_LOCAL_CHARS and _fits(text[start - 1], _LOCAL):
        start -= 1
    while start < at and text[start] in ".'":
        start += 1
    return at if text[at - 1 : at] in {".", "'"} else start


def _domain_end(text: str, start: int) -> int:
    """The end of the last label that is an ending of a host; `start` where there is none."""
    end = start
    while end < len(text) and end - start < MOST_DOMAIN_CHARS and _fits(text[end], _DOMAIN):
        end += 1
    labels = text[start:end].split(".")
    while len(labels) > 1 and not _is_ending(labels[-1]):
        labels.pop()
    if len(labels) < 2 or not all(_is_label(label) for label in labels[:-1]):  # noqa: PLR2004
        return start
    return start + len(".".join(labels))


def _is_ending(label: str) -> bool:
    return label.isalpha() and 1 < len(label) <= _LONGEST_ENDING


def _is_label(label: str) -> bool:
    return bool(label) and label[0].isalnum() and label[-1].isalnum()


def _fits(sign: str, others: frozenset[str]) -> bool:
    return sign.isalnum() or sign in others
