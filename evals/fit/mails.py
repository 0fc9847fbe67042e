"""Mails of our own by which spam is told from what customers write, and the model fitted on them."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from evals.figures.metrics import SEED
from evals.fit.linear import fit_linear
from graph.minds.local.acts.mails import LEAST, features, form
from graph.minds.local.acts.reader import MOST_WHOLE_CHARS, pieces_of, without_headline
from memory.encoder.encoder import SentenceEncoder

MAILS = Path(__file__).with_name("mails.json")
LETTERS = 400
"""Ordinary letters put together of parts: of long formal ones nobody writes enough by hand."""
TRUST = 3.0
"""By which vectors weigh more than the numbers of the form, whose values are larger."""
STRENGTH = 2.0
FOLDS = 5


def own_mails() -> tuple[list[str], list[str]]:
    """Spam, and what it is not."""
    data = json.loads(MAILS.read_text(encoding="utf-8"))
    return data["spam"], [*data["ordinary"], *islice(_letters(data["parts"]), LETTERS)]


def _letters(parts: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[str]:
    """Letters without end, in the languages by turns: English and German twice as often."""
    chance = random.Random(SEED)  # noqa: S311
    names = [*parts, "en", "de"]
    while True:
        part = parts[chance.choice(names)]
        thing = chance.choice(part["x"])
        said = [
            chance.choice([*part["greet"], ""]),
            chance.choice(part["why"]).format(x=thing),
            *chance.sample(part["more"], chance.choice((0, 1, 2, 3))),
            chance.choice([*part["wish"], ""]),
            chance.choice(part["end"]),
        ]
        body = " ".join(one for one in said if one)
        yield chance.choice((f"{thing}\n\n{body}", body))


def fit_mails(
    encoder: SentenceEncoder, spam: Sequence[str], ordinary: Sequence[str]
) -> tuple[dict[str, Any], dict[str, int]]:
    """The model as it is saved, and how many of each it names when they are left out."""
    rows = np.array([_seen(encoder, text) for text in (*spam, *ordinary)])
    data, counted = fit_linear(rows, len(spam), len(form("")), TRUST, LEAST, FOLDS, C=STRENGTH)
    return data, {
        "spam": len(spam),
        "named": counted["named"],
        "ordinary": len(ordinary),
        "wrongly": counted["wrongly"],
    }


def _seen(encoder: SentenceEncoder, text: str) -> Any:
    pieces = pieces_of(text) or [text]
    vectors = encoder.encode([*pieces, without_headline(text)[:MOST_WHOLE_CHARS]])
    return features(text, vectors[-1], vectors[:-1])
