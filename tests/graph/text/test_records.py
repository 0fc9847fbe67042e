"""What is wanted of a record: how it stands, a part of it, or a deed."""

import pytest

from graph.text.records import beyond, of_ones_own, to_be_done

TOLD = {"bill", "sum", "due", "paid"}


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("Who settled the bill?", "who"),
        ("Which account did the bill go to?", "account"),
        ("I need the tax number on the bill", "tax number"),
        ("Why was the bill reversed?", "why"),
        ("Why is the bill not paid yet?", ""),
        ("What is the sum of the bill?", ""),
        ("what's happening with the bill", ""),
        ("How much is the bill, and is it paid?", ""),
        ("The colleague who wrote to you asks about the bill", ""),
        ("bill", ""),
    ],
)
def test_a_record_does_not_answer_what_it_does_not_hold(asked: str, part: str) -> None:
    """A payer, an account, a reason: what nobody declared, nobody is told of."""
    assert beyond(asked, TOLD, "bill") == part


def test_who_brings_it_is_known_where_the_carrier_is() -> None:
    """Names of one part count as one."""
    assert beyond("Who delivers the parcel?", {"parcel", "carrier"}, "parcel") == ""
    assert beyond("Which courier has the parcel?", {"parcel", "carrier"}, "parcel") == ""
    assert beyond("Who delivers the parcel?", {"parcel"}, "parcel") == "who"


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ("Could you split the parcel in two?", True),
        ("please move it to Friday", True),
        ("It has not come. What happens now?", True),
        ("Could you tell me where it is?", False),
        ("Please let me know when it leaves", False),
        ("Where is it, please?", False),
    ],
)
def test_a_deed_is_no_question_of_state(said: str, done: bool) -> None:
    """Whatever is to be done; to say something is not."""
    assert to_be_done(said) is done


def test_a_question_about_ones_own_goes_on_about_the_record() -> None:
    """It asks what is owed; what there is in general does not."""
    assert of_ones_own("How much do I still owe?")
    assert not of_ones_own("Which rooms have a view?")
