"""Which of the words asked for stand in a passage, whatever their ending."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from memory.knowledge.fulltext import terms
from memory.knowledge.spelling import one_spelling

STEMS_KEPT = 50_000
"""Words whose stem a process keeps."""
LONGEST_KEPT = 40
"""Letters of such a word: what strangers write must not fill the memory."""
SHORTEST_STEM = 3

_WORD = re.compile(r"\w+")
_HYPHENED = re.compile(r"\b([^\W\d]{1,3})-([^\W\d]{2,20})\b")
"""What many write as one word: "Wi-Fi", "e-mail", "log-in"."""
_ENDINGS = ("ingly", "edly", "ings", "ing", "ied", "ies", "ed", "es", "ly", "s", "e")


def asked_for(query: str) -> list[str]:
    """The stems of a query's words that carry meaning, each once."""
    return list(dict.fromkeys(map(stem, terms(query))))


def covered(asked: Sequence[str], text: str) -> float:
    """The share of the stems asked for that stand in a text, 0 to 1."""
    lower = text.lower()
    joined = (f"{one[1]}{one[2]}" for one in _HYPHENED.finditer(lower))
    found = {stem(one) for one in (*_WORD.findall(lower), *joined)}
    return sum(one in found for one in asked) / max(len(asked), 1)


def stem(word: str) -> str:
    """A lower-case word without a common English ending: pays, paying and pay are one."""
    return _stem(word) if len(word) <= LONGEST_KEPT else _stem.__wrapped__(word)


@lru_cache(maxsize=STEMS_KEPT)
def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            word = word.removesuffix(ending)
            break
    doubled = len(word) > SHORTEST_STEM and word[-1] == word[-2]
    return one_spelling(word[:-1] if doubled else word)
