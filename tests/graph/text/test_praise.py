"""Praise says nothing of what is told behind it."""

import pytest

from graph.text.speech.acts import Act, speech_act
from graph.text.speech.confirming import confirms
from graph.text.speech.praise import managed, parted


@pytest.mark.parametrize(
    "text",
    [
        "Great, now the gate is shut for everybody.",
        "Perfect, and now my boat is gone.",
        "Thanks, the bill shows the old street.",
        "Fantastic, the whole crew lost its seats.",
        "Merci, maintenant la page reste blanche.",
        "Perfect, now I can see other people's letters.",
        "Great, now everyone can read my letters.",
        "Lovely, now I can only open it at sea.",
        "Great, I see a blank page now.",
        "Danke, jetzt kann ich gar nichts mehr sehen.",
        "Super, die Fehlermeldung ist wieder da.",
        "Gracias, ahora puedo ver los datos de otros.",
    ],
)
def test_bad_news_behind_praise_are_no_thanks(text: str) -> None:
    """The praise is meant bitterly, or for something else."""
    assert not confirms(text, answered=True)
    assert speech_act(text, answered=True, meant={text: Act.CONFIRMS}) is not Act.CONFIRMS


@pytest.mark.parametrize(
    "text",
    [
        "Great, now we can open the gate.",
        "Perfect, our boats are back.",
        "Thanks, it works now.",
        "Thanks, I see it now.",
        "Great, the crew can now row.",
        "Super, jetzt kann ich rudern.",
        "Thank you, Ada Boat, Boat Ltd",
        "Great crew, thanks for the quick response!",
    ],
)
def test_good_news_behind_praise_are_thanks(text: str) -> None:
    """Something is possible, back or works."""
    assert confirms(text, answered=True)


def test_praise_is_parted_from_a_clause_with_a_subject() -> None:
    """What else follows a comma belongs to it."""
    assert parted("Great, the gate is shut.") == ("Great", "the gate is shut.")
    assert parted("Great, exactly as I hoped.")[0] == ""
    assert managed("we can row again")
    assert not managed("we cannot row")


@pytest.mark.parametrize(
    "text",
    [
        "Vielen Dank! Das war's schon.",
        "That's all, thanks",
        "È tutto.",
        "Merci, c'est tout ce dont j'ai besoin.",
    ],
)
def test_enough_is_no_complaint(text: str) -> None:
    """Whatever its meaning seems to be."""
    meant = {"Das war's schon.": Act.NOT_HELPED, "È tutto.": Act.NOT_HELPED}
    assert speech_act(text, answered=True, meant=meant) is Act.CONFIRMS
    assert speech_act("That is all wrong.", answered=True) is not Act.CONFIRMS
