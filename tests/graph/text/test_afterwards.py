"""What is said after our answer and asks for nothing new is told apart from what does."""

import pytest

from graph.text.speech.acts import Act, speech_act
from graph.text.speech.afterwards import DEFERS, asks_again, defers

PUT_OFF = [
    "Great, I'll give it a try after lunch and keep you posted.",
    "Thank you for the details! We will forward them to our accountant and come back to you if anything is unclear.",
    "I am away from my desk until four.",
    "Hang on a second",
    "bear with me please",
    "I'm away until 4 pm, thanks for your quick reply! Have a nice evening.",
    "Let me read this with my colleague first.",
    "Wir schauen uns das am Montag an und melden uns.",
    "Je vais essayer ce soir.",
    "Lo probaré mañana, gracias.",
    "Ik ga het morgen proberen.",
    "Попробую завтра",
    "試してみます。",
    "Will do that on Friday when I am back at work, thx.",
]
NOT_PUT_OFF = [
    "I'll try it, but the page is blank.",
    "I will check the invoice and I want my money back.",
    "Let me know how I can undo it",
    "We are travelling next week. Can the team still clock in?",
    "I am away from work because the terminal is broken",
    "I will cancel then.",
    # a reply to our question, or news, behind the same beginning
    "One moment, it is XY-2210.",
    "One sec: 12",
    "Let me let you know that XY-2210 came to my neighbour.",
    "Let me share my account number, it is 5512.",
    "Moment, es ist die Bestellung 5512.",
    "I'll check. Thanks, the order number is XY-2210.",
    "I will read it. Have a nice day, and bring it to Leeds.",
    "A second parcel came this morning.",
    "Hold on, this is last year's price.",
    "I'm out of credit.",
    "We are on the phone plan for teams.",
]


@pytest.mark.parametrize("text", PUT_OFF)
def test_who_will_see_to_it_later_asks_nothing(text: str) -> None:
    """Nothing is sent back, and nothing counts as solved."""
    assert defers(text)
    assert speech_act(text, answered=True) in {None, Act.CONFIRMS}


@pytest.mark.parametrize("text", NOT_PUT_OFF)
def test_who_wants_something_all_the_same_is_heard(text: str) -> None:
    """A trouble or a wish beside it counts."""
    assert not defers(text)


@pytest.mark.parametrize(
    "text",
    [
        "Could you mail me your reply once more? It went to the trash.",
        "please send that again",
        "Please repeat the steps from your message",
        "Können Sie mir die Antwort noch einmal schicken?",
        "Pouvez-vous renvoyer votre réponse ?",
    ],
)
def test_a_wish_for_the_same_answer_is_told(text: str) -> None:
    """It is about what we wrote."""
    assert asks_again(text)


@pytest.mark.parametrize(
    "text",
    [
        "How do I send the weekly plan again?",
        "Send two more badges again to the old office in Cork, the parcel of last month got lost",
        "When will it happen again?",
        "Please resend the order, the email says that it came back",
    ],
)
def test_other_things_that_come_again_are_not(text: str) -> None:
    """A parcel or a plan is none of our answers."""
    assert not asks_again(text)


@pytest.mark.parametrize("text", ["no", "Nope.", "wrong", "Nein", "いいえ", "Super idea 🙄"])
def test_a_word_or_a_sign_says_that_it_did_not_help(text: str) -> None:
    """After an answer alone."""
    assert speech_act(text, answered=True) is Act.NOT_HELPED


@pytest.mark.parametrize(
    "text",
    ["Then please do that for me.", "Can you do it for us?", "Machen Sie das bitte für mich."],
)
def test_what_is_to_be_done_for_the_writer_goes_to_a_person(text: str) -> None:
    """The answer told how; telling it again does nothing."""
    assert speech_act(text, answered=True) is Act.WANTS_PERSON
    assert speech_act(text, answered=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "I already asked for a human.",
        "As agreed with your colleague by telephone, go ahead.",
        "Wie besprochen bitte umsetzen.",
    ],
)
def test_what_was_agreed_or_asked_elsewhere_is_a_persons(text: str) -> None:
    """The desk knows nothing of it."""
    assert speech_act(text, answered=False) is Act.WANTS_PERSON


@pytest.mark.parametrize("text", ["You sent it by accident.", "You sent the parcel in error."])
def test_what_we_sent_by_mistake_is_no_message_to_someone_else(text: str) -> None:
    """It is a complaint about the desk, not a message for others."""
    assert speech_act(text, answered=True) is not Act.CONFIRMS


@pytest.mark.parametrize(
    "text",
    ["Oops, wrong chat, ignore this message please", "No thanks!", "Sorry, sent by mistake."],
)
def test_a_message_that_was_not_for_us_needs_no_answer(text: str) -> None:
    """Its writer says so."""
    assert speech_act(text, answered=True) is Act.CONFIRMS


def test_putting_off_is_also_known_by_meaning() -> None:
    """Not where the words tell of a trouble, of a wish or of a number."""
    said = "Our plumber has the last word in this."
    assert not defers(said)
    assert defers(f"{said} Thanks!", {said: DEFERS})
    for text in ("The plumber's form is broken.", "I want it today.", "My plumber has key 12."):
        assert not defers(text, {text: DEFERS})


def test_a_thing_that_is_named_behind_the_wish_is_no_answer_of_ours() -> None:
    """It is the parcel that comes again."""
    assert asks_again("Can you send it again? Thanks")
    assert not asks_again("Can you send it again? The blue sofa")
