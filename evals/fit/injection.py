"""`evals fit injection`: does a message carry instructions for the agent?

Harmless rows of the safety data are look-alikes. What a desk gets is other: short questions to a
company, and letters made of several. Both are added, so that plain mail raises no alarm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.progress import track

from evals.figures.base import STDERR
from evals.figures.datasets import read_rows, required_text
from evals.figures.metrics import SEED
from graph.minds.local.logistic import Logistic, fit_logistic
from graph.minds.local.safety.injection import MODEL, InjectionDetector, weighed
from memory.encoder.encoder import RememberingEncoder
from memory.encoder.opening import open_encoder

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
LIMITS = (0.5, 0.6, 0.7, 0.8)
"""Thresholds whose recall and false alarms are told."""


@dataclass(frozen=True)
class Labelled:
    """One text as the detector measures it."""

    source: str
    kind: str
    attack: bool
    features: dict[str, float]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("injection")(injection)


def injection(
    data: Annotated[Path, typer.Option(help="The folder with safety/, intent/ and kb-qa/ in it.")],
    out: Annotated[Path, typer.Option(help="Where the model goes.")] = MODEL,
    cache: Annotated[Path, typer.Option(help="Where the exported encoder is kept.")] = Path(
        ".cache"
    ),
) -> None:
    """Fit the shipped injection model; its figures are of rows it had not seen."""
    detector = InjectionDetector(RememberingEncoder(open_encoder(cache)))
    texts = [*_safety(data / SAFETY), *_company(data)]
    watched = track(texts, description="measuring", console=STDERR)
    rows = [
        Labelled(source, kind, attack, detector.features(text))
        for source, kind, attack, text in watched
    ]
    held_out = _held_out(rows)
    for name, value in held_out.items():
        typer.echo(f"{name}: {value}")
    fit(rows, about(rows, held_out)).save(out)


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


def fit(rows: Sequence[Labelled], described: dict[str, Any]) -> Logistic:
    """Attacks weigh more: there are fewer of them."""
    return fit_logistic(
        [row.features for row in rows],
        [int(row.attack) for row in rows],
        strength=STRENGTH,
        weights=np.array([ATTACK_WEIGHT if row.attack else 1.0 for row in rows]),
        about=described,
    )


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
    from sklearn.model_selection import StratifiedGroupKFold

    values = np.zeros(len(rows))
    labels = np.array([row.attack for row in rows])
    groups = [row.kind if row.attack else str(place) for place, row in enumerate(rows)]
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    for rest, own in folds.split(values, labels, groups):
        model = fit([rows[place] for place in rest], {})
        values[own] = [weighed(model, rows[place].features) for place in own]
    company = np.array([row.source in HARMLESS or row.source == "letters" for row in rows])
    alike = ~labels & ~company
    found = {"auroc": float(roc_auc_score(labels[~company], values[~company]))}
    for limit in LIMITS:
        found[f"recall_{limit}"] = float((values[labels] >= limit).mean())
        found[f"false_alarms_{limit}"] = float((values[alike] >= limit).mean())
        found[f"false_alarms_company_{limit}"] = float((values[company] >= limit).mean())
    return {name: round(value, 4) for name, value in found.items()}
