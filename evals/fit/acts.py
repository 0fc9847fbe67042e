"""`evals fit acts`: which act is a sentence? Fitted on sentences of our own alone.

Whether a whole mail is spam is fitted on mails of our own, whether a sentence orders something of a machine on
such orders. The questions given are no act and no spam: it
says how many are taken for an act.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer

from evals.figures.datasets import read_questions
from evals.figures.options import CACHE, Cache
from evals.fit.machine import fit_machine, own_orders
from evals.fit.mails import fit_mails, own_mails
from graph.minds.local.acts.reader import (
    AUTOMATIC,
    ENGLISH,
    FOREIGN,
    LEAST,
    SPAM,
    ActModel,
    is_english,
    load_model,
)
from graph.minds.local.logistic import read_linear
from graph.minds.local.safety import machine
from graph.text.language import language_of
from memory.encoder.encoder import SentenceEncoder
from memory.encoder.multilingual import MultilingualEncoder
from memory.encoder.opening import open_encoder

SENTENCES = Path(__file__).with_name("acts.json")
STRENGTH = 6.0
"""The inverse of the penalty; a weaker one finds fewer automatic mails at the same false alarms."""
FOLDS = 8
MOST_QUESTIONS = 1_500
Labels = npt.NDArray[np.int64]


def acts(
    questions: Annotated[
        list[Path] | None, typer.Option(help="Files of questions, which are no acts.")
    ] = None,
    cache: Cache = CACHE,
) -> None:
    """Fit the two shipped models of acts, and those of orders to a machine."""
    asked = [one.text for one in read_questions(questions)] if questions else []
    asked = asked[:: 1 + len(asked) // MOST_QUESTIONS]
    english, every = sentences_of_acts()
    spam, ordinary = own_mails()
    others = (own for name, own in every.items() if name not in {SPAM, AUTOMATIC})
    ordinary += [text for own in others for text in own]  # a lure is worded as a program's mail is
    mails = (spam, [*ordinary, *asked])
    encoder, multilingual = open_encoder(cache), MultilingualEncoder()
    _fit(encoder, english, asked, _in_english(mails), ENGLISH)
    _fit(multilingual, every, asked, mails, FOREIGN)
    orders, alike = own_orders()
    sides = (orders, [*alike, *spam, *every[AUTOMATIC], *every[SPAM], *mails[1]])
    typer.echo(fit_machine(encoder, _in_english(sides), machine.ENGLISH))
    typer.echo(fit_machine(multilingual, sides, machine.FOREIGN))


def _in_english(sides: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[one for one in own if is_english(language_of(one), one)] for own in sides]


def sentences_of_acts() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The sentences in English by act, and those in all languages."""
    data = json.loads(SENTENCES.read_text(encoding="utf-8"))
    english, foreign = data["english"], data["foreign"]
    return english, {name: [*own, *foreign.get(name, ())] for name, own in english.items()}


def _fit(
    encoder: SentenceEncoder,
    groups: Mapping[str, Sequence[str]],
    asked: Sequence[str],
    mails: Sequence[Sequence[str]],
    out: Path,
) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    texts = [text for own in groups.values() for text in own]
    labels = np.array([place for place, own in enumerate(groups.values()) for _ in own])
    vectors = encoder.encode(texts)
    model = LogisticRegression(C=STRENGTH, max_iter=5000, class_weight="balanced")
    held_out = cross_val_predict(model, vectors, labels, cv=FOLDS, method="predict_proba")
    model.fit(vectors, labels)
    spam, of_mails = fit_mails(encoder, *mails)
    fitted = ActModel(
        encoder.revision, tuple(groups), model.coef_, model.intercept_, read_linear(spam)
    )
    about: dict[str, Any] = {
        "what": "which act a sentence is; sentences of our own",
        "date": datetime.now(UTC).date().isoformat(),
        "n": len(texts),
        "held_out": _figures(tuple(groups), labels, held_out) | {"mails": of_mails},
    }
    if asked:
        named = fitted.probabilities(encoder.encode(asked))
        about["questions"] = {"n": len(asked)} | {
            name: int((named[:, place] >= LEAST[name]).sum())
            for place, name in enumerate(groups)
            if name in LEAST
        }
    typer.echo(json.dumps(about))
    weights = {
        name: [round(float(one), 3) for one in row]
        for name, row in zip(groups, fitted.weights, strict=True)
    }
    bias = [round(float(one), 3) for one in fitted.bias]
    data = {"about": about, "revision": encoder.revision, "bias": bias, "weights": weights}
    data["mails"] = spam
    out.write_text(json.dumps(data) + "\n")
    load_model(out)


def _figures(
    names: Sequence[str], labels: Labels, chances: npt.NDArray[np.float64]
) -> dict[str, dict[str, int]]:
    """Of each act: examples, those named as it, and others named so."""
    found = {}
    for place, name in enumerate(names):
        if name in LEAST:
            said, own = chances[:, place] >= LEAST[name], labels == place
            found[name] = {
                "n": int(own.sum()),
                "named": int((said & own).sum()),
                "wrongly": int((said & ~own).sum()),
            }
    return found
