"""Odd wordings of what the local planner reads: sums, numbers, scripts, what is forbidden, two questions."""

import pytest

from graph.minds.local.planning.asks import split
from graph.minds.local.planning.forbidding import forbids, only_informs, ruled_out
from graph.text.forms import fitting, plain_form
from graph.text.language import language_of
from graph.text.machine_lines import by_a_machine
from graph.text.mail.automatic import automatic
from graph.text.money import amounts, doubtful
from graph.text.requests import PROBLEM
from graph.text.speech.acts import Act, speech_act
from graph.text.words import content_words
from memory.characters import one_script


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Bitte 2.400,- EUR zurück", [2400.0]),
        ("pay back 30 EUR rather than the whole 900 EUR", [30.0]),
        ("the line says -12 EUR", []),
    ],
)
def test_a_sum_is_read_whole_or_not(text: str, read: list[float]) -> None:
    """What is not read leaves a doubt, so that no other sum takes its place."""
    assert amounts(text) == read
    assert doubtful(text) is (not read)


def test_a_number_may_be_spaced_around_its_dash() -> None:
    """Phones write a long dash between blanks."""
    assert list(fitting("^AB-[0-9]{4}$", plain_form("Is AB — 1234 there?"))) == ["AB-1234"]


def test_look_alike_letters_and_strokes_are_read_as_meant() -> None:
    """Only in words that hold Latin letters: a Russian word stays what it is."""
    assert one_script("rеset мой p̶a̶s̶s") == "reset мой pass"


def test_what_is_forbidden_is_not_wanted() -> None:
    """A wish beside it is."""
    assert forbids("Please do not refund it.")
    assert not forbids("Do not cancel it. Please refund it.")
    assert forbids("Do not refund it yet, please.")
    assert forbids("Please leave it as it is.")
    assert not forbids("Do not send a voucher, please refund it.")
    assert only_informs("You refunded it. Where do I see that?")
    assert only_informs("Could you tell us what it was for?")
    assert only_informs("Has the money been sent back already?")
    assert only_informs("Did you refund the 20 euros?")
    assert only_informs("Why was so little sent back?")
    assert forbids("Please cancel the refund, we stay.")
    assert not only_informs("Can you refund it? Where do I see that?")
    assert not only_informs("Did you refund it? If not, please do.")
    found = split("Please don't cancel it, tell me how long the notice is.", lambda _a, _b: False)
    assert [one.text for one in found] == ["Tell me how long the notice is."]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("We do not need a rebate on it, only a new bill.", "only a new bill."),
        ("This is no complaint; it is not a request for money. Fix the name.", None),
        ("I don't want the rebate, only the paper", "the paper"),
        ("Don't pay it back, tell me what it was for", "tell me what it was for"),
        ("No rebate, please: mend the bill", ": mend the bill"),
        ("Rather than a rebate, could we get a longer trial?", "could we get a longer trial?"),
        ("Somebody offered to pay it back. We don't want that. Mend it.", "Mend it."),
        ("You said you'd pay it back, but we do not need it. Mend it.", "Mend it."),
        ("Man hat eine Gutschrift angeboten. Das wollen wir nicht.", ""),
        ("Wir möchten keine Gutschrift, nur eine neue Rechnung", "nur eine neue Rechnung"),
    ],
)
def test_what_is_ruled_out_is_set_apart(text: str, rest: str | None) -> None:
    """The words behind it may wish for something else."""
    denied, left = ruled_out(text)
    assert denied
    assert rest is None or left == rest


@pytest.mark.parametrize(
    "text",
    [
        "We don't want the boat any more, pay it back",
        "It has not arrived, pay it back",
        "Why don't you pay it back?",
        "It came in pieces. We don't want it. Pay it back.",
        "I would like my money for the boat back, we do not need it.",
        "You said it would come in May, we don't want it any more. Pay it back.",
    ],
)
def test_a_complaint_rules_nothing_out(text: str) -> None:
    """What somebody is done with is why they wish for something."""
    assert ruled_out(text) == ("", text)


def test_two_questions_apart_are_two_asks() -> None:
    """The first is no headline of the second."""
    text = "How do I book a seat on the boat?\n\nAnd how do I get a paid receipt for lost luggage?"
    assert len(split(text, lambda _a, _b: False)) == 2
    listed = split("(1) where is the boat (2) how do I pay for tea?", lambda _a, _b: False)
    assert [one.text for one in listed] == ["where is the boat", "how do I pay for tea?"]


def test_a_stack_trace_is_not_asked_about() -> None:
    """The question above it is."""
    trace = "\n".join(f"  at boat.Oar.row(Oar.java:{n})" for n in range(9))
    found = split(f"How do I row? Trace:\n\n{trace}", lambda _a, _b: False)
    assert [one.text for one in found] == ["How do I row?"]


def test_hindi_in_latin_letters_is_hindi() -> None:
    """Two words of its grammar tell; an English name does not."""
    assert language_of("mera naav kab aayega") == "hi"
    assert language_of("Where does Mera live, and who is she?") == "en"


def test_a_servers_status_and_a_refusal_are_known() -> None:
    """Whatever the words around them say."""
    assert automatic("Blocked", "x@y.example: 550 5.7.1 rejected", {})
    assert speech_act("해결이 안 됐어요", answered=True) is Act.NOT_HELPED


def test_whoever_gets_a_servers_status_is_no_server() -> None:
    """A customer of a mail provider quotes it; a server speaks of "your message"."""
    assert automatic("", "Every mail that I send to one address ends with 550 5.7.26.", {}) is None
    assert automatic("", "I could not hand over your message: 550 5.1.1 unknown", {})


def test_a_setting_has_one_short_word_for_its_value() -> None:
    """What is longer may be a message, and is read as one."""
    assert by_a_machine("mode=debug")
    assert by_a_machine(f"token: {'a' * 40}")
    assert not by_a_machine(f"token: {'a' * 41}")
    assert by_a_machine("```python")
    assert not by_a_machine(f"```{'a' * 21}")


def test_a_word_is_the_same_with_and_without_its_hyphen_or_owner() -> None:
    """As customers and articles write it otherwise: "Wi-Fi" and "wifi", "the pilot's" and "the pilot"."""
    assert content_words("the pilot's Wi-Fi log-in") == content_words("pilot wifi login")
    assert content_words("follow-up AB-12") == ["follow-up", "ab-12"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("The photos are gone and the album is empty.", True),
        ("My calendar went blank.", True),
        ("It is down again.", True),
        ("My husband was down with flu.", False),
        ("We were gone for a week.", False),
        ("The shop is empty on Mondays.", False),
    ],
)
def test_a_thing_that_is_gone_is_a_trouble(text: str, *, is_one: bool) -> None:
    """Somebody who was away, or is ill, is none."""
    assert bool(PROBLEM.search(text)) is is_one
