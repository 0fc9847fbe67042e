"""What the help window says around the conversation, in the desk's language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

WORDS = Path(__file__).parent / "assets" / "words.yaml"
ENGLISH = "en"


def words_for(language: str) -> tuple[str, dict[str, str]]:
    """The language that the window speaks, English where it has no words in this one; its words by name.

    `title` and `greeting` are always among them. The rest of the English ones the script has itself.
    """
    known = _known()
    spoken = language if language in known else ENGLISH
    return spoken, known[spoken]


@lru_cache(maxsize=1)
def _known() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return found
