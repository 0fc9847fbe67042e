"""Whether a whole mail is an advertisement or a lure: by what it means and how it is made, not by its wordings.

A linear model of the mail's vector, of the mean of its sentences' vectors, and of a few numbers of its form.
"""

from __future__ import annotations

from math import log

import numpy as np
import numpy.typing as npt

from graph.text.mail.lists import SUBSCRIBED
from graph.text.mail.marks import asks, folded
from graph.text.mail.notices import PERSONAL, TO_US
from graph.text.requests import PROBLEM

LEAST = 0.75
"""Chance from which a mail is spam."""
FEWEST_CHARS = 40
"""Of a mail that can be told for spam: of less nobody knows what it leads to."""
MOST_CHARS = 4_000
"""Beginning of a mail whose form is looked at."""
MOST_MARKS = 2
OFTEN = 0.2
"""Share of a mail's words at which words of one kind count for one."""


def is_whole(text: str) -> bool:
    """Whether there is enough of it to be told for spam."""
    return len(text) >= FEWEST_CHARS


def leads_away(text: str) -> bool:
    """Whether it holds a link."""
    return "http" in text or "www." in text


def features(
    text: str, whole: npt.NDArray[np.float32], sentences: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """What the model reads: `whole` is the vector of the mail, `sentences` those of its sentences."""
    return np.concatenate([form(text), whole, sentences.mean(axis=0)]).astype(np.float64)


def form(text: str) -> list[float]:
    """Numbers that say nothing of a mail's subject: who speaks of whom, whether it asks, leads elsewhere ..."""
    said = folded(text[:MOST_CHARS])
    words = [word.strip(".,;:!?()\"'") for word in said.split()]
    many = max(len(words), 1)
    return [
        float(leads_away(said)),
        sum(word in PERSONAL for word in words) / many / OFTEN,
        sum(word in TO_US for word in words) / many / OFTEN,
        float(asks(said)),
        log(many) / 4,
        min(sum(mark in said for mark in SUBSCRIBED), MOST_MARKS) / MOST_MARKS,
        float(PROBLEM.search(said) is not None),
    ]
