"""Queries that stand alone."""

from graph.minds.local.planning.queries import (
    MOST_NAMES,
    contextual_query,
    in_articles_words,
    with_long_forms,
)
from graph.state import MessageRecord


def _said(*texts: str) -> list[MessageRecord]:
    return [
        {"seq": n, "role": "customer", "kind": "message", "text": text}
        for n, text in enumerate(texts, start=1)
    ]


def test_an_ask_without_history_is_itself() -> None:
    """Nothing is added where nothing was said."""
    assert contextual_query("Is it free?", []) == "Is it free?"


def test_names_of_the_last_messages_are_added() -> None:
    """What the customer spoke of; sentence beginnings and little words are no names."""
    history = _said("About Apollo.", "We have the Fernhill Clock. The price is on your Plans page.")
    assert contextual_query("Who delivers?", history[:1]) == "Who delivers? Apollo"
    history = _said("Old Apollo.", "We have the Fernhill Clock.", "The price? See Plans.")
    assert contextual_query("Who delivers?", history) == "Who delivers? Fernhill Clock Plans price"


def test_what_was_answered_is_no_context() -> None:
    """A reply is full of names of buttons, and the next question may be about something else."""
    answered: MessageRecord = {"seq": 2, "role": "agent", "kind": "reply", "text": "Press Save."}
    assert contextual_query("Who delivers?", [*_said("Hi."), answered]) == "Who delivers?"


def test_an_ask_that_refers_takes_words_of_the_last_message_along() -> None:
    """`it` is what was spoken of last."""
    history = _said("How do I order a badge?", "Can the door be repainted?")
    assert contextual_query("How long does it take?", history).split()[5:] == ["door", "repainted"]
    assert contextual_query("That is not it.", history) == "That is not it."


def test_names_are_bounded_and_not_repeated() -> None:
    """A long list does not drown the ask, and what the ask says is not said again."""
    names = " ".join(f"Name{n}" for n in range(50))
    found = contextual_query("Is Name3 free for large teams?", _said(f"See {names}"))
    assert len(found.split()) == 6 + MOST_NAMES
    assert found.split().count("Name3") == 1


def test_a_thing_is_also_searched_by_the_articles_name() -> None:
    """Whatever its ending, and once; a part of another word is not meant."""
    known = {"roster": "schedule", "time card": "timesheet", "boss": "manager"}
    assert in_articles_words("Print both rosters", known) == "Print both rosters schedule"
    assert in_articles_words("My time cards?", known) == "My time cards? timesheet"
    assert in_articles_words("Is the roster a schedule?", known) == "Is the roster a schedule?"
    assert in_articles_words("An embossed card", known) == "An embossed card"


def test_what_amends_the_last_question_takes_its_words_along() -> None:
    """Nothing is asked outright by it."""
    history = _said("How do I repaint the front door?")
    assert "repaint" in contextual_query("I meant for tenants", history)
    assert "repaint" not in contextual_query("Tenants are loud", history)


def test_a_short_form_is_searched_as_the_articles_write_it_out() -> None:
    """By the first letters of words in any case; not across a stop, and not where it stands itself."""
    found = ["Rain. Then one may sail.", "Press the night-time buzzer on the wall."]
    assert with_long_forms("Is there an NTB?", found) == "Is there an night-time buzzer?"
    assert with_long_forms("IS THERE AN NTB?", found) == "IS THERE AN NTB?"
    assert with_long_forms("Is there an RTO?", found) == "Is there an RTO?"
    assert with_long_forms("Is there an NTB?", ["The NTB is the night-time buzzer."]) == (
        "Is there an NTB?"
    )
