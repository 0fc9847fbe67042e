"""What of a message is an ask."""

import pytest

from graph.minds.local.planning import asks, vagueness


@pytest.mark.parametrize(
    "end", ["Regards, Gus", "Best wishes, Bo Lind", "Thanks in advance, Ann.", "Viele Grüße, Jörg"]
)
def test_what_closes_a_letter_within_a_line_is_no_ask(end: str) -> None:
    """Nobody is asked what they would like to know about their own name."""
    found = asks.split(f"Hi, it has been broken since Monday. {end}", lambda _left, _right: False)
    assert found
    assert all(end.partition(",")[0] not in one.text for one in found)


def test_a_question_behind_a_closing_word_is_read() -> None:
    """A question is never cut away."""
    found = asks.split("Thanks, where is my invoice?", lambda _left, _right: False)
    assert any("invoice" in one.text for one in found)


@pytest.mark.parametrize(
    ("greeting", "wish"),
    [
        ("Hi, ", "please cancel my plan"),
        ("Hello team, ", "I need a refund for the second chair"),
        ("Thanks, but ", "the badge reader is still broken"),
        ("Good morning! ", "Could somebody unlock my account"),
    ],
)
def test_what_is_said_behind_a_greeting_is_an_ask(greeting: str, wish: str) -> None:
    """Also where another question follows, which would otherwise be all that is answered."""
    text = f"{greeting}{wish}. Where do I find my invoices?"
    found = asks.split(text, lambda _left, _right: True)
    assert any(wish in said for one in found for said in (one.text, *one.context))
    assert any("invoices" in one.text for one in found)


@pytest.mark.parametrize(
    "lead",
    ["One more thing: ", "And a last quick question – ", "PS: ", "It worked, thank you. Another: "],
)
def test_what_says_only_that_more_comes_is_no_part_of_the_ask(lead: str) -> None:
    """Neither of its words nor of its context: both would be searched for."""
    found = asks.split(f"{lead}where do I see who opened the door?", lambda _left, _right: False)
    assert [(one.text, one.context) for one in found] == [
        ("Where do I see who opened the door?", ())
    ]


def test_a_question_without_its_mark_is_no_bare_thing() -> None:
    """Nobody is asked what they would like to know about "Where is our delivery please"."""
    assert not vagueness.bare("Where is our delivery please")
    assert vagueness.bare("delivery")
    assert vagueness.bare("I have a problem with my delivery")


def test_a_greeting_is_no_part_of_the_ask_in_its_sentence() -> None:
    """It would only make the ask less like its answer."""
    [one] = asks.split("Dear Sir or Madam, which plugs fit the kiosk?", lambda _left, _right: False)
    assert one.text == "which plugs fit the kiosk?"


def test_what_somebody_else_asks_is_asked() -> None:
    """What is told behind it is not the ask."""
    text = "Our electrician asks which fuse the kiosk needs. It cannot be read on the label."
    [one] = asks.split(text, lambda _left, _right: False)
    assert "which fuse" in one.text


def test_a_subject_that_only_points_is_no_ask_of_its_own() -> None:
    """It says nothing that the letter below does not."""
    text = "Where are they, and a key\n\nWhere is parcel 71? Do guests pay for a second card?"
    found = asks.split(text, lambda _left, _right: True)
    assert [one.text for one in found] == [
        "Where is parcel 71?",
        "Do guests pay for a second card?",
    ]


def test_small_letters_begin_sentences_too() -> None:
    """Many people write no capitals; an abbreviation ends nothing."""
    text = "the kiosk is dark since monday, approx. at noon. when does somebody come. also can i get the key"
    found = asks.split(text, lambda _left, _right: False)
    assert [one.text for one in found] == ["When does somebody come.", "Also can i get the key"]
    assert found[0].context == ("the kiosk is dark since monday, approx. at noon.",)


def test_the_number_of_a_record_stands_for_what_is_asked_of_it() -> None:
    """Both halves are asks: where it is, and what may still be changed."""
    text = "where is PK-4471 and can I still change the door?"
    found = asks.split(text, lambda _left, _right: False)
    assert [one.text for one in found] == ["where is PK-4471?", "Can I still change the door?"]


def _by_word(left: str, right: str) -> bool:
    """Whether one is about the printer, and the other is not."""
    return ("printer" in left.lower()) != ("printer" in right.lower())


@pytest.mark.parametrize(
    "text",
    [
        "The printer is offline since noon. By the way, who can see my notes?",
        "Who can see my notes? The printer shows nothing but an error.",
        "Who can see my notes? Also the printer in the hall gets no paper.",
        "Who can see my notes? My boss also wonders where the printer stands.",
        "who can see my notes, does the printer keep a copy?",
        "Who can see my notes - and while we are at it - how do I load the printer?",
        "The printer is stuck and the notes are lost.",
        "My notes are lost, plus the printer never works.",
        "I need help with shared notes as well as with the printer.",
        "I want a copy of my notes and also to know how to load the printer.",
        "- shared notes\n- load the printer\n\nPlease explain each of these.",
        "How do I share my notes? And how do I print them on the printer?",
        "can't open my notes, and also the printer is gone",
    ],
)
def test_every_matter_of_a_letter_is_an_ask(text: str) -> None:
    """Half a letter is never answered alone: what is merely told may be a trouble of its own."""
    found = asks.split(text, _by_word)
    assert len(found) == 2
    assert sum("printer" in one.text.lower() for one in found) == 1


def test_each_of_three_matters_is_an_ask_however_short() -> None:
    """Also one that names no more than a thing, which would hang on to the next."""
    text = "Where are our badges, also how do I load the printer, also who can see my notes?"
    found = asks.split(text, lambda _left, _right: False)
    assert [one.text for one in found] == [
        "Where are our badges?",
        "How do I load the printer?",
        "Who can see my notes?",
    ]
    ways = "How do I open the hall and how do I lock it?"
    assert len(asks.split(ways, lambda _left, _right: False)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "The printer is offline. What can I do?",
        "The printer lost its paper and the printer is stuck.",
        "If the printer is stuck, can I open it myself?",
        "How do I load and clean the printer?",
        "The printer does not start. How long does it need to warm up?",
        "How do I load the printer? Also, your shop is lovely.",
        "How do I load the printer? Plus my son comes along to see it.",
        "How do I load the printer? Finally, thank you all for the warm welcome of last week.",
        "I tried all of these:\n- turning the wheel\n- another lid\n\nHow do I load the printer?",
        "I bought the following items:\n- a lamp\n- a table\n\nHow do I load the printer?",
    ],
)
def test_one_matter_is_one_ask(text: str) -> None:
    """What leads to the question is no other matter."""
    assert len(asks.split(text, _by_word)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Please send me a copy of the lease, and the lift is stuck again.",
        "The hall smells odd since noon. The lift is stuck as well.",
        "The radio plays by itself at night. Nobody can open the lift either.",
    ],
)
def test_a_trouble_beside_another_matter_is_an_ask(text: str) -> None:
    """Whatever the intents say: it has a subject of its own, or the next one is told to add to it."""
    found = asks.split(text, lambda _left, _right: False)
    assert ["lift" in one.text for one in found] == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "How do I stop the alarm when it rings and the lift is stuck?",
        "Please look at the lift and the lift that is stuck.",
        "We are on the third floor. The lift is stuck as well.",
    ],
)
def test_what_only_tells_when_or_who_is_none(text: str) -> None:
    """It belongs to the one ask."""
    assert len(asks.split(text, lambda _left, _right: False)) == 1


def test_a_wish_whose_thing_is_a_pronoun_is_asked_about() -> None:
    """The article on one such thing would be a guess."""
    assert vagueness.bare("I would like to return it")
    assert "“it”" in vagueness.what_of_it("I would like to return it", [])
    assert not vagueness.bare("I would like to return it lamp")  # what was spoken of before
    assert not vagueness.bare("I would like to return a lamp")


def test_which_record_is_not_to_be_touched_is_the_one_that_is_asked_about() -> None:
    """The clause that forbids is no ask, and its number is kept."""
    [one] = asks.split("Do not cancel PK-4471, I only want to know when it comes.", _by_word)
    assert "PK-4471" in one.text
    assert "cancel" not in one.text


def test_what_to_do_in_either_case_is_an_ask_of_its_own() -> None:
    """The answer to the question before it does not tell it."""
    found = asks.split(
        "Can I still change the hotel? If not, how do I give it back?", lambda _left, _right: False
    )
    assert [one.text for one in found][1:] == ["If not, how do I give it back?"]
    assert found[1].context == ("Can I still change the hotel?",)
    [whole] = asks.split("Can I still change the hotel? If so, how?", lambda _left, _right: False)
    assert whole.text == "Can I still change the hotel? If so, how?"


def test_things_that_are_named_behind_their_number_are_asked_about() -> None:
    """With dashes or without; what tells of one of them, and a name at the end, is none."""
    wishes = "I have two wishes. The rates of May. A key for our cellar. Bea Lind"
    assert [one.text for one in asks.split(wishes, lambda _left, _right: False)] == [
        "The rates of May.",
        "A key for our cellar.",
    ]
    [told] = asks.split(
        "I have two questions. It was sunny. How do I pay for the hotel?",
        lambda _left, _right: False,
    )
    assert told.text == "How do I pay for the hotel?"


@pytest.mark.parametrize(
    "did",
    [
        "We booked it. I tried the following things:\n1. the other lift\n2. a new card\nNo door opened.",
        "I ordered two things: a towel and soap. Only the soap came.",
    ],
)
def test_what_was_done_is_no_list_of_asks(did: str) -> None:
    """However many things it names."""
    [one] = asks.split(f"{did} Where is the towel?", lambda _left, _right: False)
    assert one.text == "Where is the towel?"


@pytest.mark.parametrize(
    "before",
    ["Please ignore the last mail of my colleague.", "Can you answer my colleague below please"],
)
def test_what_is_said_of_another_mail_is_no_ask(before: str) -> None:
    """Nobody answers it, and the one thing that is asked would be held for it."""
    asked = "I am new here. How do I pay for the hotel?"
    found = asks.split(f"Hotel\n\n{before}\n\n{asked}", lambda _left, _right: True)
    assert [one.text for one in found] == ["How do I pay for the hotel?"]


def test_who_wants_to_know_it_asks_nothing_further() -> None:
    """Else the one question is held for a second that nobody can answer; what they want to know is asked."""
    found = asks.split(
        "Is the pool open on Sunday? My boss wants to know.", lambda _left, _right: True
    )
    assert [one.text for one in found] == ["Is the pool open on Sunday?"]
    found = asks.split("My boss wants to know when the pool opens.", lambda _left, _right: True)
    assert [one.text for one in found] == ["My boss wants to know when the pool opens."]


@pytest.mark.parametrize(
    "asked",
    [
        "How long is the lease and by how much can I prolong the lease?",
        "What does a bike cost, and for how long may I keep a bike?",
    ],
)
def test_a_second_question_may_begin_with_a_word_before_it(asked: str) -> None:
    """Or a reply tells the half of it."""
    assert len(asks.split(asked, lambda _left, _right: False)) == 2
