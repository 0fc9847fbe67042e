"""`evals fit injection`: does a message carry instructions for the agent?

Harmless rows of the safety data are look-alikes. What a desk gets is other: short questions to a
company, and letters made of several. Both are added, so that plain mail raises no alarm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer
from rich.progress import track

from evals.figures.datasets import read_rows, required_text
from evals.figures.metrics import SEED
from evals.figures.options import CACHE, Cache
from evals.figures.report import STDERR
from evals.fit.signed import fit_signed
from graph.minds.local.logistic import Logistic
from graph.minds.local.safety.injection import HARMLESS as HARMLESS_GROUPS
from graph.minds.local.safety.injection import MODEL, InjectionDetector, weighed
from graph.minds.local.safety.orders import DIRECTION, Orders
from memory.encoder.encoder import RememberingEncoder, Vectors
from memory.encoder.opening import open_encoder

Places = npt.NDArray[np.intp]

SAFETY = "safety/injection.jsonl"
LICENCES = {
    "BIPIA": "MIT",
    "PIGuard": "MIT",
    "PurpleLlama": "MIT",
    "XSTest": "CC BY 4.0",
    "garak": "Apache-2.0",
    "bastioncorpus": "MIT",
}
"""Of the sources in the safety file, by the name before the slash."""
HARMLESS = {
    "intent/banking77/train.jsonl": ("text", "CC BY 4.0"),
    "intent/clinc150/train.jsonl": ("text", "CC BY 3.0"),
    "intent/bitext/train.jsonl": ("text", "CDLA-Sharing-1.0"),
    "kb-qa/wixqa/questions.jsonl": ("question", "MIT"),
}
"""What people write to companies: the field with the text, and the licence."""
QUESTIONS = 110
"""Texts taken of each harmless source."""
LETTERS = 160
"""Letters made of them."""
LETTER_SENTENCES = (2, 6)
OPENINGS = ("Hello,", "Hi there,", "Dear support team,", "Good morning,", "To whom it may concern,")
MIDDLES = (
    "I have been a customer for two years.",
    "Please ignore my earlier message, I had the wrong number in it.",
    "I followed the instructions on your page, but they did not help.",
    "Forget what I wrote yesterday, the parcel has arrived.",
    "Could you send the answer to my other address as well?",
    "My colleague has the role of administrator in our account.",
    "Your assistant on the phone told me to write to you.",
    "Please reply in English and give me the exact steps.",
    "The system shows an error message after the update.",
    "I need a new password, the old one no longer works.",
)
CLOSINGS = ("Thanks", "Kind regards, Anna", "Best, Tom", "Thank you for your help.", "Cheers")
ATTACK_WEIGHT = 3.0
"""What an attack counts beside a harmless text of the safety file or of a company."""
STRENGTH = 0.3
"""The inverse of the penalty."""
FOLDS = 5
LIMITS = (0.5, 0.6, 0.7, 0.72, 0.8)
"""Thresholds whose recall and false alarms are told."""


ROUNDS = 3
"""Of fitting the direction of orders: in each, the sentence of an attack that is most like one stands for it."""
INNER_FOLDS = 4
EITHER_WAY = frozenset({"has_fiction", "has_policy", "kinds", "log_words", "margin_mean"})
"""Features of which nobody can say beforehand for what they speak."""
AT_FALSE_ALARMS = 0.05
"""Share of harmless texts of the safety file that may be stopped where the recall is told."""


@dataclass(frozen=True)
class Labelled:
    """One text as the detector measures it."""

    source: str
    kind: str
    attack: bool
    features: dict[str, float]
    vectors: Vectors
    """Of its sentences, shape (sentences, width)."""

    @property
    def weight(self) -> float:
        """Attacks weigh more: there are fewer of them."""
        return ATTACK_WEIGHT if self.attack else 1.0


def injection(
    data: Annotated[Path, typer.Option(help="The folder with safety/, intent/ and kb-qa/ in it.")],
    out: Annotated[Path, typer.Option(help="Where the model goes.")] = MODEL,
    orders: Annotated[Path, typer.Option(help="Where the direction of orders goes.")] = DIRECTION,
    cache: Cache = CACHE,
) -> None:
    """Fit the shipped injection model; its figures are of rows it had not seen."""
    encoder = RememberingEncoder(open_encoder(cache))
    detector = InjectionDetector(encoder)
    texts = [*_safety(data / SAFETY), *_company(data)]
    watched = track(texts, description="measuring", console=STDERR)
    rows = [
        Labelled(source, kind, attack, *detector.features(text))
        for source, kind, attack, text in watched
    ]
    held_out = _held_out(rows)
    for name, value in held_out.items():
        typer.echo(f"{name}: {value}")
    described = about(rows, held_out)
    model, direction = fit(rows, described)
    model.save(out)
    replace(direction, revision=encoder.revision).save(
        orders, {"fitted_with": described["sources"]}
    )


def _safety(path: Path) -> Iterator[tuple[str, str, bool, str]]:
    for number, row in read_rows(path):
        source = str(row.get("source", "")).split("/")[0]
        text = required_text(path, number, row, "text")
        yield source, str(row.get("kind", "")), bool(row["label"]), text


def _company(data: Path) -> Iterator[tuple[str, str, bool, str]]:
    """Short questions, and letters of them between sentences of our own."""
    random = np.random.default_rng(SEED)
    asked: list[str] = []
    for name, (field, _) in HARMLESS.items():
        path = data / name
        every = [required_text(path, number, row, field) for number, row in read_rows(path)]
        taken = [every[place] for place in random.permutation(len(every))[:QUESTIONS]]
        asked += taken
        yield from ((name, "question", False, text) for text in taken)
    for _ in range(LETTERS):
        size = int(random.integers(*LETTER_SENTENCES))
        body = [*random.choice(asked, size), *random.choice(MIDDLES, 2, replace=False)]
        told = " ".join(_sentence(str(one)) for one in random.permutation(body))
        yield (
            "letters",
            "letter",
            False,
            (f"{random.choice(OPENINGS)}\n\n{told}\n\n{random.choice(CLOSINGS)}"),
        )


def _sentence(text: str) -> str:
    said = text.strip()
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "?", "!")) else ".")


def fit(rows: Sequence[Labelled], described: dict[str, Any]) -> tuple[Logistic, Orders]:
    """The model, and the direction whose features it weighs as of texts the direction had not seen."""
    seen_by_others: list[dict[str, float]] = [{} for _ in rows]
    for rest, own in _folds(rows, INNER_FOLDS):
        direction = fit_orders([rows[place] for place in rest])
        for place in own:
            seen_by_others[place] = told(direction, rows[place])
    model = fit_signed(
        seen_by_others,
        [int(row.attack) for row in rows],
        {name: _sign(name) for name in seen_by_others[0]},
        strength=STRENGTH,
        weights=np.array([row.weight for row in rows]),
        about=described,
    )
    return model, fit_orders(rows)


def _sign(feature: str) -> int:
    """What speaks for an attack counts for one, however often it stands beside something like it."""
    if feature.removeprefix("like_") in HARMLESS_GROUPS:
        return -1
    return 0 if feature in EITHER_WAY else 1


def told(direction: Orders, row: Labelled) -> dict[str, float]:
    """All features of a text."""
    return row.features | direction.features(row.vectors, direction.revision)


def fit_orders(rows: Sequence[Labelled]) -> Orders:
    """The direction in which attacks' most order-like sentences lie from all harmless ones."""
    taken = [row.vectors for row in rows]
    for _ in range(ROUNDS + 1):
        direction = _direction(rows, taken)
        taken = [
            row.vectors[[int((row.vectors @ direction.weights).argmax())]]
            if row.attack
            else row.vectors
            for row in rows
        ]
    return direction


def _direction(rows: Sequence[Labelled], taken: Sequence[Vectors]) -> Orders:
    """Each text counts the same, however many sentences stand for it."""
    from sklearn.linear_model import LogisticRegression

    sizes = [len(vectors) for vectors in taken]
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit(
        np.concatenate(taken),
        np.repeat([row.attack for row in rows], sizes),
        sample_weight=np.repeat(
            [row.weight / len(v) for row, v in zip(rows, taken, strict=True)], sizes
        ),
    )
    return Orders("", model.coef_[0], float(model.intercept_[0]))


def _folds(rows: Sequence[Labelled], count: int) -> Iterator[tuple[Places, Places]]:
    """Places of rows to fit on and to judge: a kind of attack is never on both sides."""
    from sklearn.model_selection import StratifiedGroupKFold

    labels = [row.attack for row in rows]
    groups = [row.kind if row.attack else str(place) for place, row in enumerate(rows)]
    folds = StratifiedGroupKFold(count, shuffle=True, random_state=SEED)
    yield from folds.split(labels, labels, groups)


def about(rows: Sequence[Labelled], held_out: dict[str, float]) -> dict[str, Any]:
    """What the model stands on."""
    companies = {name: f"{licence} (harmless)" for name, (_, licence) in HARMLESS.items()}
    return {
        "what": "probability that a message carries instructions for the agent",
        "date": datetime.now(UTC).date().isoformat(),
        "n": len(rows),
        "attacks": sum(row.attack for row in rows),
        "attack_weight": ATTACK_WEIGHT,
        "sources": LICENCES | companies | {"letters": "own, with sentences of the four before"},
        "held_out": held_out,
    }


def _held_out(rows: Sequence[Labelled]) -> dict[str, float]:
    """Figures on rows of kinds of attack, and of harmless rows, that the model had not seen."""
    from sklearn.metrics import roc_auc_score

    values = np.zeros(len(rows))
    for rest, own in _folds(rows, FOLDS):
        model, direction = fit([rows[place] for place in rest], {})
        values[own] = [weighed(model, told(direction, rows[place])) for place in own]
    labels = np.array([row.attack for row in rows])
    company = np.array([row.source in HARMLESS or row.source == "letters" for row in rows])
    alike = ~labels & ~company
    found = {"auroc": float(roc_auc_score(labels[~company], values[~company]))}
    limit = float(np.quantile(values[alike], 1 - AT_FALSE_ALARMS))
    found["recall_at_5"] = float((values[labels] > limit).mean())
    for limit in LIMITS:
        found[f"recall_{limit}"] = float((values[labels] >= limit).mean())
        found[f"false_alarms_{limit}"] = float((values[alike] >= limit).mean())
        found[f"false_alarms_company_{limit}"] = float((values[company] >= limit).mean())
    return {name: round(value, 4) for name, value in found.items()}
