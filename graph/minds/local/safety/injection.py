"""Does a message carry instructions for the agent? A calibrated model over readable features, and one of orders."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from graph.minds.local.logistic import Logistic, load_logistic
from graph.minds.local.safety import machine
from graph.minds.local.safety.orders import DIRECTION, Orders, load_orders
from graph.minds.local.safety.prototypes import PROTOTYPES
from graph.minds.local.safety.signals import (
    ABOUT_READER,
    OF_NO_ORDER,
    OF_OTHERS,
    OWN_DOING,
    SIGNALS,
    TO_ONESELF,
    TO_READER,
    WISHES,
    plain,
    sewn,
    tagged,
    unpacked,
)
from graph.text.machine_lines import by_a_machine, written_by_people
from graph.text.words import words
from memory.encoder.encoder import Encoder, SentenceEncoder, Vectors
from memory.knowledge.to_agents import TO_AGENTS
from memory.patterns import linear
from memory.sentences import sentences

MODEL = Path(__file__).with_name("injection.json")
MOST_SENTENCES = 48
"""Sentences compared by meaning: those with signals first, then the outer ones."""
MOST_SHOWN = 5
"""Sentences named as the reason."""
HARMLESS = ("support", "curious")
"""Groups of prototypes that speak against an attack."""
FEWEST_FOR_TOPIC = 3
"""Sentences a text needs before one of them can be off its topic."""
TELLING = """
    override prior prompt mode unbound reveal addressed response delimiter encoded exfiltrate
    persona reader visit secret
    """.split()
"""Signals that instructions to an agent have and complaints to a company lack."""
STRONG = ("override", "prior", "unbound", "reveal", "addressed", "exfiltrate", "persona")
WEAK = ("mode", "prompt", "delimiter", "reader", "response", "secret", "encoded", "visit")
"""Signs that questions about software have as well: "Is there a developer mode in the app?"."""
TALKED_OF = frozenset({"reader", "response"})
"""Signs of a question about a chat bot, which is none to it."""
COMMANDING = frozenset(STRONG) - {"addressed"} | {"imperative", "response", "visit"}
OF_SETTINGS = frozenset({"override", "reveal", "secret", "mode", "response"})
"""Signs of a question about what the customer may do: "How do I override the break rule?"."""
OF_MACHINES = frozenset({"mode", "prompt", "reader", "delimiter", "addressed"})
"""Signs that logs and settings have as well: "[SYSTEM] mode=debug"."""
WITHOUT_SIGN = 0.7
SQUEEZED = 0.05
"""Above the first, likeness of meaning alone counts only so much: an odd letter is not an attack, but
the oddest of them come first."""
MUCH_REPEATED = 0.6
VERY_FOREIGN = 0.75
SURE = 0.9
"""From there on, where a wording stands in it that only texts to a machine have, or it orders something of one."""
SHOWN_FROM = 0.3
"""Below this probability nothing is named."""
_WORD = linear(r"\p{L}{3}|[^\p{Latin}\P{L}]")


@dataclass(frozen=True)
class InjectionVerdict:
    """How likely it is, and what speaks for it."""

    probability: float
    sentences: list[str]
    features: dict[str, float]


class InjectionDetector:
    """Patterns, likeness to prototypes and the text's shape, weighed by a fitted model."""

    def __init__(self, encoder: Encoder, multilingual: SentenceEncoder | None = None) -> None:
        self._encoder = encoder
        self._multilingual = multilingual

    @cached_property
    def _model(self) -> Logistic:
        return load_logistic(MODEL)

    @cached_property
    def _orders(self) -> Orders:
        return load_orders(DIRECTION)

    @cached_property
    def _prototypes(self) -> dict[str, Vectors]:
        return {name: self._encoder.encode(texts) for name, texts in PROTOTYPES.items()}

    @cached_property
    def _machine(self) -> machine.MachineModel:
        return machine.load_machine_model(machine.ENGLISH)

    @cached_property
    def _machine_abroad(self) -> machine.MachineModel:
        return machine.load_machine_model(machine.FOREIGN)

    def verdict(self, text: str, *, english: bool = True) -> InjectionVerdict:
        """Probability from 0 to 1 and the sentences behind it, strongest first."""
        measured = self._measure(text)
        found, vectors, ranked = measured.features, measured.vectors, measured.ranked
        found |= self._orders.features(vectors, self._encoder.revision)
        probability = weighed(self._model, found)
        order = self._order(measured, english=english)
        if order is not None or any(TO_AGENTS.search(one) for one in measured.pieces):
            probability = max(probability, SURE)
            ranked = ranked if order is None else list(dict.fromkeys((order, *ranked)))
        elif "?" in text and _is_lone(found):
            probability = without_sign(probability)
        shown = ranked[:MOST_SHOWN] if probability >= SHOWN_FROM else []
        return InjectionVerdict(probability, shown, found)

    def _order(self, measured: _Measured, *, english: bool) -> str | None:
        """The sentence that most orders something of a machine, if one does."""
        said, signs = measured.chosen, measured.signs
        if english or self._multilingual is None:
            model, revision, vectors = self._machine, self._encoder.revision, measured.vectors
        else:
            model, revision = self._machine_abroad, self._multilingual.revision
            vectors = self._multilingual.encode(said)
        if model.revision != revision:
            return None
        rows = map(machine.features, said, signs, vectors)
        chance, order = max((model.chance(row), one) for row, one in zip(rows, said, strict=True))
        return order if chance >= machine.LEAST and machine.is_at_stake(order) else None

    def features(self, text: str) -> tuple[dict[str, float], Vectors]:
        """What the model sees, but for what `Orders` make of the sentences' vectors (the second part)."""
        measured = self._measure(text)
        return measured.features, measured.vectors

    def _measure(self, text: str) -> _Measured:
        clean = plain(text)
        pieces = _worded(one.text for one in sentences(clean)) + unpacked(clean) or [""]
        pieces += [hidden] if (hidden := tagged(text)) else []
        hits = [signs_of(piece) for piece in pieces]
        places = _choose(hits)
        chosen, signs = [pieces[place] for place in places], [hits[place] for place in places]
        vectors = self._encoder.encode(chosen)
        likeness = {name: (vectors @ rows.T).max(axis=1) for name, rows in self._prototypes.items()}
        attack = np.max([likeness[name] for name in likeness if name not in HARMLESS], axis=0)
        margin = attack - np.max([likeness[name] for name in HARMLESS], axis=0)
        found = _of_signals(hits) | _of_shape(text, clean)
        found |= {f"like_{name}": float(values.max()) for name, values in likeness.items()}
        found["margin"] = float(margin.max())
        found["margin_mean"] = float(margin.mean())
        found |= _of_topic(vectors, signs)
        weight = [len(own) + float(margin[place]) for place, own in enumerate(signs)]
        order = sorted(range(len(chosen)), key=lambda place: -weight[place])
        ranked = [chosen[place] for place in order if weight[place] > 0]
        return _Measured(found, vectors, ranked, pieces, chosen, signs)


@dataclass(frozen=True)
class _Measured:
    """A text as it was looked at."""

    features: dict[str, float]
    vectors: Vectors
    """Of the chosen sentences."""
    ranked: list[str]
    """Those with signs or likeness, strongest first."""
    pieces: list[str]
    """All sentences, with what is hidden."""
    chosen: list[str]
    signs: list[frozenset[str]]
    """Of the chosen ones."""


def weighed(model: Logistic, found: dict[str, float]) -> float:
    """The model's probability; meaning alone is held back, see `without_sign`."""
    probability = model.probability(found)
    return probability if _telling(found) else without_sign(probability)


def without_sign(probability: float) -> float:
    """At most .715, in the order of the probabilities."""
    above = probability - WITHOUT_SIGN
    return min(probability, WITHOUT_SIGN + SQUEEZED * above)


def _telling(found: dict[str, float]) -> bool:
    """Whether anything but likeness of meaning speaks for an attack."""
    return (
        any(found[f"has_{name}"] for name in TELLING)
        or found["hidden"] > 0
        or found["repeated"] > MUCH_REPEATED
        or found["foreign_order"] > VERY_FOREIGN
    )


def _is_lone(found: dict[str, float]) -> bool:
    """Whether one weak sign is all there is: a mode, a prompt or a code fence that is asked about."""
    weak = sum(found[f"has_{name}"] for name in (*WEAK, "imperative"))
    return weak <= 1 and not any(found[f"has_{name}"] for name in STRONG) and not found["hidden"]


def _worded(pieces: Iterable[str]) -> list[str]:
    """Without lines that are the number of an order or the like: they mean nothing, and are like anything."""
    return [one for one in pieces if " " in one or _WORD.search(one)]


def signs_of(sentence: str) -> frozenset[str]:
    """The names of `SIGNALS` that a sentence has, where they say something."""
    sentence = OF_NO_ORDER.sub(" ", sentence)
    found = frozenset(name for name, pattern in SIGNALS.items() if pattern.search(sentence))
    if found == {"imperative"} and WISHES.search(sentence):
        return frozenset()
    if TO_ONESELF.search(sentence) and not OF_OTHERS.search(sentence):
        found -= {"exfiltrate"}
    if ABOUT_READER.search(sentence) and found.isdisjoint(STRONG):
        return found - TALKED_OF
    if found <= OF_SETTINGS and OWN_DOING.search(sentence) and not TO_READER.search(sentence):
        return found - OF_SETTINGS
    if by_a_machine(sentence) and found.isdisjoint(COMMANDING):
        return found - OF_MACHINES
    return found


def _choose(hits: list[frozenset[str]]) -> list[int]:
    """Places of the sentences to compare, in order of the text."""
    last = len(hits) - 1
    order = sorted(
        range(len(hits)), key=lambda place: (-len(hits[place]), min(place, last - place))
    )
    return sorted(order[:MOST_SENTENCES])


def _of_signals(hits: list[frozenset[str]]) -> dict[str, float]:
    every = frozenset().union(*hits)
    found = {f"has_{name}": float(name in every) for name in SIGNALS}
    found["most_in_sentence"] = float(max(len(one) for one in hits))
    found["kinds"] = float(len(every))
    found["commands"] = max(
        float(
            "override" in one and bool(one & {"prior", "prompt", "reveal", "imperative", "reader"})
        )
        for one in hits
    )
    found["told_reader"] = max(
        float(
            bool(one & {"reader", "addressed"})
            and bool(one & {"imperative", "response", "persona"})
        )
        for one in hits
    )
    return found


def _of_shape(raw: str, clean: str) -> dict[str, float]:
    """Of what people wrote: each line of a log repeats the one before, and is full of codes."""
    clean = written_by_people(clean)
    found = words(clean)
    repeated = 1.0 - len(set(found)) / len(found) if found else 0.0
    return {
        "log_words": math.log1p(len(found)),
        "repeated": repeated,
        "hidden": float(sewn(raw) or bool(unpacked(clean))),
    }


def _of_topic(vectors: Vectors, hits: list[frozenset[str]]) -> dict[str, float]:
    """The most foreign sentence that commands something: an order slipped into a letter."""
    if len(vectors) < FEWEST_FOR_TOPIC:
        return {"foreign_order": 0.0}
    total = vectors.sum(axis=0)
    strangest = 0.0
    for vector, signals in zip(vectors, hits, strict=True):
        if signals & {"imperative", "response", "override", "visit"}:
            rest = total - vector
            likeness = float(vector @ rest) / max(float(np.linalg.norm(rest)), 1e-9)
            strangest = max(strangest, 1.0 - likeness)
    return {"foreign_order": strangest}
