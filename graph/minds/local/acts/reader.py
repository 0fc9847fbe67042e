"""Names the act of each sentence by its meaning, beside the lists of words in `graph.text.speech`.

Two linear models over sentence vectors: one of the default encoder for English, one of the multilingual
encoder for the rest. Each belongs to one revision of its encoder; with another encoder it keeps silent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.minds.local.acts import mails
from graph.minds.local.logistic import Linear, read_linear
from graph.text.language import UNDETERMINED
from graph.text.speech.praise import parted
from memory.encoder.encoder import SentenceEncoder
from memory.encoder.multilingual import LANGUAGES
from memory.sentences import sentences

AUTOMATIC = "automatic"
"""What programs and their settings write. The other names are those of `graph.text.speech.acts.Act`,
and "ask" for what is no act."""
FOLDER = Path(__file__).parent
ENGLISH, FOREIGN = FOLDER / "english.json", FOLDER / "foreign.json"
SPAM, CONFIRMS, NOT_HELPED, ASK = "spam", "confirms", "not_helped", "ask"
BEHIND_PRAISE, BEHIND_FOREIGN_PRAISE = 0.25, 0.4
"""Least probability that what follows "great," is as good: of 14 bad news of our own none reaches the first, and
of eight in other languages one the second."""
TOGETHER = 0.48
"""Chance of an automatic mail, as a whole and of its sentences on average, from which it is one."""
SURELY = 0.75
"""The same of a mail without a link, from which it is no advertisement, whatever else it reads as."""
MOST_WHOLE_CHARS = 600
"""Of a mail that is read as a whole."""
MOST_HEADLINE_CHARS = 120
SURELY_ASKS = 0.9
PLAINLY = 0.75
"""Least probability of an act in a mail that as a whole surely asks for something: "I am an admin" wants nobody."""
MOST_BARE_WORDS = 2
BARE = 0.85
"""Least probability for a subject of so few words, which name what the mail is about: "Chat bot"."""
NEVER = 2.0
"""No probability: the mail below such a subject asks for something itself."""
MOST_SENTENCES = 12
"""Of a message: an act stands near its beginning."""
MOST_CHARS = 300
"""Of a sentence: what is longer tells a story."""
READ = LANGUAGES | {UNDETERMINED}
"""Of what the encoder has never read, "I want to talk to somebody" looked like a program's to it in five of
fifteen languages, and "the app does not sync" in four: a person would get no answer."""
FEWEST_LETTERS = 2
LEAST: Mapping[str, float] = MappingProxyType(
    {
        "wants_person": 0.65,
        "not_helped": 0.5,
        "confirms": 0.6,
        AUTOMATIC: 0.65,
        "serious": 0.75,
        "opt_out": 0.65,
        "defers": 0.5,
    }
)
"""Probability from which a sentence is that act. Of 864 public questions, each as one sentence, so many are taken
for one in English, in this order: 1, 5, 22, 4, 0, 0, 16. A failed answer and a putting off count only after an answer.
Spam is read of the whole mail."""


@dataclass(frozen=True)
class ActModel:
    """A multinomial regression on unit vectors."""

    revision: str
    """Of the encoder whose vectors it reads."""
    acts: tuple[str, ...]
    weights: npt.NDArray[np.float64]
    """Shape (acts, width)."""
    bias: npt.NDArray[np.float64]
    mails: Linear

    def probabilities(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Shape (texts, acts); each row adds up to one."""
        scores = vectors @ self.weights.T + self.bias
        shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
        found: npt.NDArray[np.float64] = shifted / shifted.sum(axis=1, keepdims=True)
        return found


def load_model(path: Path) -> ActModel:
    """The model in `path`. Raises `OSError` or `KeyError` if it is missing or damaged."""
    data: dict[str, Any] = json.loads(path.read_text())
    return ActModel(
        data["revision"],
        tuple(data["weights"]),
        np.array(list(data["weights"].values()), dtype=np.float64),
        np.array(data["bias"], dtype=np.float64),
        read_linear(data["mails"]),
    )


class ActReader:
    """The acts of a message's sentences. The multilingual encoder is opened at the first need of it."""

    def __init__(self, encoder: SentenceEncoder, foreign: SentenceEncoder | None = None) -> None:
        self._encoder = encoder
        self._multilingual = foreign

    def read(self, text: str, language: str) -> dict[str, str]:
        """Each sentence that is an act, with its name; the text too where it is one altogether."""
        pieces = pieces_of(text)
        if not pieces:
            return {}
        if is_english(language, text):
            found = _named(self._english, self._encoder, pieces, text)
            return found | _behind_praise(
                self._english, self._encoder, found, pieces, BEHIND_PRAISE
            )
        if self._multilingual is None or language not in READ:
            return {}
        found = _named(self._foreign, self._multilingual, pieces, text)
        return found | _behind_praise(
            self._foreign, self._multilingual, found, pieces, BEHIND_FOREIGN_PRAISE
        )

    @cached_property
    def _english(self) -> ActModel:
        return load_model(ENGLISH)

    @cached_property
    def _foreign(self) -> ActModel:
        return load_model(FOREIGN)


def is_english(language: str, text: str) -> bool:
    """Whether the English models read it: too short a text has no language, and is mostly English."""
    return language == "en" or (language == UNDETERMINED and text.isascii())


def pieces_of(text: str) -> list[str]:
    """The sentences that are read, each by itself."""
    first = (one.text for one in islice(sentences(text), MOST_SENTENCES))
    return [one for one in first if len(one) <= MOST_CHARS and _is_said(one)]


def _is_said(sentence: str) -> bool:
    """Whether it has letters to speak of: three pictures of anger mean what nobody can know."""
    return sum(map(str.isalpha, sentence)) >= FEWEST_LETTERS


def _named(
    model: ActModel, encoder: SentenceEncoder, pieces: Sequence[str], text: str
) -> dict[str, str]:
    if model.revision != encoder.revision:
        return {}
    said = without_headline(text)
    vectors = encoder.encode([*pieces, said[:MOST_WHOLE_CHARS]])
    *each, whole = model.probabilities(vectors)
    chances = np.array(each)
    best = chances.argmax(axis=1)
    bare = text.partition("\n\n")[0] if said is not text else ""
    asks = whole[model.acts.index(ASK)] >= SURELY_ASKS
    plainly = PLAINLY if asks else 0.0
    least = 0.0 if len(bare.split()) > MOST_BARE_WORDS else NEVER if asks else BARE
    found = {
        piece: name
        for piece, row, place in zip(pieces, chances, best, strict=True)
        if row[place]
        >= max(LEAST.get(name := model.acts[place], NEVER), plainly, least * (piece == bare))
    }
    confirming = model.acts.index(CONFIRMS)
    for piece, row, place in zip(pieces, chances, best, strict=True):
        # "you can close it" alone is a wish, beside thanks it is none
        if place == confirming and (row[place] + whole[place]) / 2 >= LEAST[CONFIRMS]:
            found[piece] = CONFIRMS
    automatic = model.acts.index(AUTOMATIC)
    own = [row[automatic] for piece, row in zip(pieces, chances, strict=True) if piece in said]
    together = (whole[automatic] + sum(own) / max(len(own), 1)) / 2
    if len(own) > 1 and together >= TOGETHER:
        found[text] = AUTOMATIC
    surely = found.get(text) == AUTOMATIC and together >= SURELY and not mails.leads_away(text)
    if found.get(text) in {None, AUTOMATIC} and not surely and mails.is_whole(text):
        seen = mails.features(text, vectors[-1], vectors[:-1])
        if model.mails.chance(seen) >= mails.LEAST:
            found[text] = SPAM
    return found


def _behind_praise(
    model: ActModel,
    encoder: SentenceEncoder,
    found: Mapping[str, str],
    pieces: Sequence[str],
    least: float,
) -> dict[str, str]:
    """What is told behind thanks or praise: whether it is as good, or says that nothing was helped."""
    parts = {told: piece for piece in pieces if (told := parted(piece)[1]) != piece}
    if not parts or model.revision != encoder.revision:
        return {}
    confirms, failed = model.acts.index(CONFIRMS), model.acts.index(NOT_HELPED)
    named: dict[str, str] = {}
    for told, row in zip(parts, model.probabilities(encoder.encode([*parts])), strict=True):
        if row[confirms] >= least:
            named[told] = CONFIRMS
        elif row[failed] >= LEAST[NOT_HELPED] and found.get(parts[told]) != CONFIRMS:
            named[told] = NOT_HELPED
    return named


def without_headline(text: str) -> str:
    """The text without its subject, which a program takes from the mail that it answers."""
    first, gap, rest = text.partition("\n\n")
    return rest if gap and rest.strip() and len(first) <= MOST_HEADLINE_CHARS else text
