"""Mistyped words, read as they were meant where nothing answered them."""

from dataclasses import replace
from typing import Any

import pytest
from typing_extensions import override

from graph.desk.model import Desk, Intent
from graph.minds.contract import PlanRequest
from graph.minds.local.intent.classifier import LocalClassifier
from graph.minds.local.planning.planner import LocalPlanner
from graph.state import Ask, Screening
from graph.text.typos import retyped, small_words
from memory.encoder.encoder import HashEncoder
from tests.graph.minds.local.planning.test_planner import request_of

NEAR = ["How do I change the delivery address of a parcel?", "Receipts are sent with the password."]
WORDS = frozenset("who lease leave rest pass bill rule type the good lens".split())
SLIPS = [
    ("hwo do i chnage the adress", "how do i change the address"),
    ("were is my pacrel,plz", "were is my parcel,plz"),
    ("my pasword and recipts", "my password and receipts"),
    ("the paswrd", "the password"),
]
STAY = [
    "can i lease a lens",
    "the Chnage of A. Adress",
    "chnage@adress.example, chnage-7, c4ange",
    "dont wont cant",
    "chg",
    "leaves and bills",
    "my parcel went off in a cart and a cent was paid",
]


@pytest.mark.parametrize(("written", "meant"), SLIPS)
def test_a_slip_is_put_right_by_a_near_word(written: str, meant: str) -> None:
    """A letter left out, added, exchanged or turned round; two left out of a long word."""
    assert retyped(written, WORDS.__contains__, small_words(NEAR)) == meant


@pytest.mark.parametrize("written", STAY)
def test_words_names_and_codes_stay(written: str) -> None:
    """What a vocabulary has is a word, and what is no plain word is a name or a code."""
    assert retyped(written, WORDS.__contains__, small_words(NEAR)) == written


def test_what_two_words_are_near_to_stays() -> None:
    """Nobody knows which one was meant."""
    assert retyped("lams", frozenset().__contains__, small_words(["lamps and lambs"])) == "lams"


def _request(text: str, **more: Any) -> PlanRequest:
    desk = Desk(
        tenant="acme",
        company="Acme",
        intents=(
            Intent(name="parcels", examples=("change the address of a parcel", "where is it")),
            Intent(name="keys", examples=("i lost my key", "a new key please")),
        ),
    )
    return request_of(text, desk, None, **more)


async def test_an_ask_that_nothing_answered_is_read_anew() -> None:
    """The second plan searches for what was meant; an ask that is answered keeps its words."""
    classifier = LocalClassifier(HashEncoder(), _request("").desk.intents, 0.35)
    planner = LocalPlanner(classifier, WORDS.__contains__)
    first = await planner.plan(_request("chnage the adress of a pacrel"))
    assert first["asks"][0]["text"] == "chnage the adress of a pacrel"
    again = await planner.plan(_request("", round=2, asks=first["asks"]))
    assert again["asks"][0]["text"] == "change the address of a parcel"
    assert again["asks"][0]["intent"] == "parcels"
    assert [one["arguments"]["query"] for one in again["steps"]][:1] == [again["asks"][0]["query"]]
    answered = {"ask_id": first["asks"][0]["id"], "supported": True}
    kept = await planner.plan(_request("", round=2, asks=first["asks"], assessments=(answered,)))
    assert kept["asks"] == first["asks"]


async def test_an_ask_in_another_language_keeps_its_words() -> None:
    """No vocabulary tells which of them are mistyped."""
    request = _request("")
    planner = LocalPlanner(LocalClassifier(HashEncoder(), (), 0.35), WORDS.__contains__)
    ask: Ask = {"id": "ask-1", "text": "chnage parcell", "query": "chnage parcell", "intent": None}
    desk = request.desk.model_copy(update={"languages": ("nl",)})
    screening: Screening = {**request.screening, "language": "nl"}
    foreign = replace(request, desk=desk, screening=screening, round=2, asks=[ask])
    assert (await planner.plan(foreign))["asks"] == [ask]


def test_an_intent_is_named_though_its_words_are_mistyped() -> None:
    """The classifier reads them as the desk's examples have them."""

    class Reading(HashEncoder):
        @override
        def knows(self, word: str) -> bool:
            return word in WORDS

    classifier = LocalClassifier(Reading(), _request("").desk.intents, 0.0)
    as_meant = classifier.decide("change the address of a parcel")
    assert classifier.decide("chnage the adress of a pacrel") == as_meant


def test_a_letter_that_was_not_doubled_is_the_likelier_slip() -> None:
    """Of two words as near the one with the same letters is meant; what is left out of "doesn't" may stand elsewhere."""
    near = frozenset(["account", "amount", "locked"])
    known = frozenset(["lock", "my", "is"]).__contains__
    assert retyped("my acount", known, near) == "my account"
    assert retyped("it dosent", known, near) == "it doesn't"
    assert retyped("it is lockd", known, near) == "it is locked"
