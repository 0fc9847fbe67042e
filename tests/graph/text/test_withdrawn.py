"""What somebody does not want any more."""

import pytest

from graph.text.speech.acts import Act, speech_act
from graph.text.withdrawn import called_off

OFF = [
    "Hi. We do not want a refund any more, the second payment was ours.",
    "I no longer need a replacement, it charges again.",
    "You don't have to call me back, I found it.",
    "There is no need to unlock the account, it opened by itself.",
    "Please forget my refund request, I no longer want it.",
    "I no longer want to pause the plan.",
    "We do not want to pause the plan any more.",
]
WANTED = [
    "I do not want to renew.",
    "I do not want it to renew.",
    "I don't want to get these mails any more.",
    "I do not want a refund, I want a replacement.",
    "I do not want a voucher, please pay me back.",
    "We do not want to return the lamp, only swap the bulb.",
    "I don't need help with that, but the lamp is broken.",
    "No need to call me. How do I pair the lamp?",
    "I want to cancel my visit.",
    "I do not want to share my place with the app.",
    "I don't want my data to be shared with others.",
    "I do not want to upgrade to see my reports.",
    "Your page says you don't have to log in again. It asks each time.",
]


@pytest.mark.parametrize("text", OFF)
def test_a_service_that_is_called_off_asks_for_nothing(text: str) -> None:
    """It names what was wanted as plainly as the wish for it did."""
    assert called_off(text)


@pytest.mark.parametrize("text", WANTED)
def test_what_is_to_end_or_wanted_instead_is_a_wish(text: str) -> None:
    """What goes on by itself is to be stopped; beside what is called off something else may be asked for."""
    assert not called_off(text)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Colour of the lamp\n\nNever mind, found it. You can close this.", Act.CONFIRMS),
        ("Lamp is broken\n\nNever mind, a colleague knows.", None),
        ("Colour of the lamp\n\nThank you!", None),
        ("Never mind. Please close my account.", None),
        ("Lamp\n\nPlease close.", None),
    ],
)
def test_a_first_mail_that_calls_its_matter_off_wants_nothing(text: str, act: Act | None) -> None:
    """Its subject names the matter; one that tells of a trouble, or mere thanks below one, is seen by a person."""
    assert speech_act(text, answered=False) is act


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("If no living human writes back we are gone.", Act.WANTS_PERSON),
        ("We shall bring proceedings unless 75.00 EUR are here by May.", Act.SERIOUS),
        ("Letter before claim: pay within a week.", Act.SERIOUS),
        ("How many humans fit into the lift?", None),
        ("Can an actual human answer this?", Act.WANTS_PERSON),
        ("I am a real human, and the captcha says no. How do I log in?", None),
        ("Are the photos in the gallery of real humans?", None),
        ("Do you deliver to 12 High Court, Leeds?", None),
        ("We go before the county court with it.", Act.SERIOUS),
        ("How do I issue invoice proceedings?", None),
    ],
)
def test_a_demand_under_law_and_a_call_for_a_human_come_before_all_else(
    text: str, act: Act | None
) -> None:
    """However much a mail that speaks of a sum looks like an advertisement."""
    meant = {text: "spam"} if act is Act.SERIOUS else {}
    assert speech_act(text, answered=False, meant=meant) is act
