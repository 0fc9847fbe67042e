"""Prompts: files with a version, and other people's words behind fences nobody can guess."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parents[2] / "prompts"
MOST_PROMPT_CHARS = 24_000
"""Other people's words in one prompt; what comes after is left out."""
MOST_PART_CHARS = 8_000
"""Of one passage, message or result."""
FEWEST_PART_CHARS = 200
"""A passage of which less would fit is left out."""
PROMPTS_KEPT = 32
"""Prompts that a process keeps: there are fewer."""
MARK_BYTES = 12
DIGEST_CHARS = 8
CUT = " [...]"


@dataclass(frozen=True)
class Prompt:
    """What a model is told in our own words."""

    name: str
    version: str
    """`name@version:digest`: an edit shows even where its version was forgotten."""
    text: str

    def filled(self, mark: str, **values: str) -> str:
        """The text with its `$placeholders`. Raises `KeyError` if one is missing."""
        return Template(self.text).substitute(values, mark=mark)


@lru_cache(maxsize=PROMPTS_KEPT)
def load_prompt(name: str) -> Prompt:
    """The prompt of `graph/prompts/{name}.md`. Raises `ValueError` without a version."""
    whole = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    _, _, rest = whole.partition("---\n")
    head, _, text = rest.partition("---\n")
    label, _, version = head.strip().partition(":")
    if label != "version" or not version.strip().isdigit():
        raise ValueError(f"prompt {name!r} states no version in its front matter")
    digest = hashlib.sha256(text.encode()).hexdigest()[:DIGEST_CHARS]
    return Prompt(name, f"{name}@{version.strip()}:{digest}", text.strip())


@dataclass
class Brief:
    """Other people's words, each part fenced, together bounded in length."""

    mark: str = field(default_factory=lambda: secrets.token_hex(MARK_BYTES))
    """Nobody who writes to the desk can know it, so nobody can close the fence."""
    parts: list[str] = field(default_factory=list)
    left: int = MOST_PROMPT_CHARS

    def add(self, label: str, text: str) -> bool:
        """Fence a part, cut to what fits; False if it was left out. `label` is our own word."""
        shown = text.replace(self.mark, "")
        room = min(self.left, MOST_PART_CHARS)
        if room < min(len(shown), FEWEST_PART_CHARS):
            return False
        if len(shown) > room:
            shown = shown[: room - len(CUT)] + CUT
        self.left -= len(shown)
        self.parts.append(f"<data {self.mark} {label}>\n{shown}\n</data {self.mark}>")
        return True

    @property
    def text(self) -> str:
        """All parts."""
        return "\n\n".join(self.parts)

    @property
    def digest(self) -> str:
        """Equal for equal words, whatever the mark."""
        return hashlib.sha256(self.text.replace(self.mark, "").encode()).hexdigest()
