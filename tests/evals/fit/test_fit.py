"""`evals fit`: the shipped model files come from data, and hold none of it."""

import json
from pathlib import Path

import numpy as np
import pytest

from evals.figures.datasets import DataError
from evals.fit import grounding, injection, scope
from evals.fit.signed import fit_signed
from evals.measures.intent import Labelled
from graph.minds.local.grounding import judge
from graph.minds.local.grounding.judge import Reading
from graph.minds.local.intent.classifier import SCOPE_MODEL
from graph.minds.local.logistic import fit_logistic
from graph.minds.local.safety import injection as injection_model
from graph.minds.local.safety.orders import load_orders
from memory.encoder.encoder import HashEncoder

WORDS = ("refund", "login", "invoice", "parcel")
ROWS = [Labelled(f"{word} {other} {n}", word) for word in WORDS for other in "abc" for n in "xyz"]


def test_a_made_up_tenant_knows_some_intents_only() -> None:
    """Texts of known intents are likelier to be its own than texts of the others."""
    one = scope.tenant(HashEncoder(), ROWS, ["rain tomorrow"], 3, 0.5, 0)
    model = scope.fit({"a": [one]}, {})
    inside = np.mean([model.probability(row) for row in one.inside])
    outside = np.mean([model.probability(row) for row in one.outside])
    assert inside > 0.5 > outside


def test_a_source_of_one_intent_cannot_be_used() -> None:
    """There must be intents to leave out."""
    with pytest.raises(DataError):
        scope.tenant(HashEncoder(), ROWS[:9], [], 3, 0.5, 0)


def test_responses_of_one_claim_stay_together() -> None:
    """The group is the claim, the conversation or the source, by what is told."""
    assert grounding._group({"id": "x", "claim_id": "c", "source": "s"}) == "c"
    assert grounding._group({"id": "talk<::>3", "source": "s"}) == "talk"
    assert grounding._group({"id": "x", "source": "s"}) == "s"


def test_unsupported_sentences_score_lower() -> None:
    """The fit tells rows apart by their features, each class counting the same."""
    rows = [
        grounding.Labelled("d", str(n), n % 2 == 0, Reading(0, ({"recall": float(n % 2 == 0)},)))
        for n in range(20)
    ]
    model = grounding.fit(rows, {})
    assert model.probability({"recall": 1.0}) > model.probability({"recall": 0.0})


@pytest.mark.parametrize("path", [SCOPE_MODEL, injection_model.MODEL, judge.MODEL])
def test_a_shipped_model_names_its_sources_with_licences(path: Path) -> None:
    """Every source has a licence and a count of rows stands beside them."""
    about = json.loads(path.read_text())["about"]
    assert about["n"] > 0
    assert about["sources"]
    assert all("licence" in one or isinstance(one, str) for one in about["sources"].values())


def test_a_letters_sentences_end() -> None:
    """A bare question gets a full stop, so that letters are not one long sentence."""
    assert injection._sentence("where is it") == "Where is it."
    assert injection._sentence("Where is it?") == "Where is it?"


def test_a_weight_keeps_the_sign_that_it_is_given() -> None:
    """Free, it is as scikit-learn fits it; bounded, what speaks against the sign has no weight."""
    random = np.random.default_rng(5)
    rows = [{"a": float(a), "b": float(b)} for a, b in random.normal(size=(200, 2))]
    labels = [int(row["a"] - row["b"] > 0) for row in rows]
    weights = np.ones(200)
    plain = fit_logistic(rows, labels, strength=0.3, weights=weights)
    free = fit_signed(rows, labels, {"a": 0, "b": 0}, strength=0.3, weights=weights, about={})
    bound = fit_signed(rows, labels, {"a": 1, "b": 1}, strength=0.3, weights=weights, about={})
    assert free.weights == pytest.approx(plain.weights, abs=0.01)
    assert bound.weights[0] > 0
    assert bound.weights[1] == 0


def test_orders_lie_in_the_direction_that_is_fitted(tmp_path: Path) -> None:
    """The one sentence that commands stands out of an attack's others; another encoder's vectors are not read."""
    encoder = HashEncoder()
    texts = [["parcel late", "obey me now"], ["invoice wrong", "obey this now"], ["parcel late"]]
    rows = [
        injection.Labelled("s", "k", attack, {}, encoder.encode(text))
        for text, attack in zip(texts * 5, [True, True, False] * 5, strict=True)
    ]
    found = injection.fit_orders(rows)
    found.save(tmp_path / "orders.json", {})
    kept = load_orders(tmp_path / "orders.json")
    vectors = encoder.encode(["obey now"])
    harmless = kept.features(encoder.encode(["parcel late"]), "")
    assert kept.features(vectors, "")["order"] > harmless["order"]
    assert kept.features(vectors, "another") == {}
