"""What a customer wrote is stored to the letter, without what no reader sees."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from api.http.handoffs.schemas import AskIn, DecisionIn, NoteIn
from api.http.text import clean, is_blank
from api.http.tickets.schemas import MessageIn, TicketIn

SURROGATE = re.compile(r"[\ud800-\udfff]")
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
INVISIBLE = [
    "",
    " \n\t",
    "\u200b",
    "\ufeff\u2060",
    "\u3164",
    "\u2800 \u00ad",
    "\x1b[0m\x07",
    "\u0301",
]


@given(text=ANY_TEXT, subject=ANY_TEXT | st.none())
def test_text_is_kept_to_the_letter_or_refused(text: str, subject: str | None) -> None:
    """The same text comes out without its control characters, or a validation error."""
    one_line = not re.search(r"[\r\n\x85\u2028\u2029]", subject or "")
    said = not is_blank(clean(text)) or not is_blank(clean(subject or ""))
    good = said and one_line and not SURROGATE.search(text + (subject or ""))
    try:
        body = TicketIn.model_validate({"text": text, "subject": subject})
    except ValidationError:
        assert not good
        return
    assert good
    assert body.text == clean(text)
    assert body.text.encode("utf-8").decode("utf-8") == body.text


@given(ANY_TEXT)
def test_cleaning_takes_control_characters_alone(text: str) -> None:
    """Nothing is left that a terminal obeys, no visible character is lost, and once is enough."""
    cleaned = clean(text)
    controls = {sign for sign in cleaned if unicodedata.category(sign) == "Cc"}
    assert controls <= set("\t\n\r\x85")
    if "\x1b" not in text and "\x9b" not in text:
        kept = [one for one in text if unicodedata.category(one) != "Cc"]
        assert [one for one in cleaned if unicodedata.category(one) != "Cc"] == kept
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("page one\x0cpage two", "page one\npage two"),
        ("\x1b[1;31mred\x1b[0m alert", "red alert"),
        ("\x9b2Kgone", "gone"),
        ("a bell\x07 and a null\x00", "a bell and a null"),
        ("tabs\tand\r\nlines stay", "tabs\tand\r\nlines stay"),
        ("price[31m] stays", "price[31m] stays"),
    ],
)
def test_a_text_with_control_characters_is_stored_cleaned(written: str, stored: str) -> None:
    """The ticket is taken, its text and its subject without them."""
    body = TicketIn.model_validate({"text": written, "subject": "Printer\x0cout"})
    assert (body.text, body.subject) == (stored, "Printer out")


@pytest.mark.parametrize("text", INVISIBLE)
@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (MessageIn, {}),
        (AskIn, {}),
        (NoteIn, {}),
        (DecisionIn, {"kind": "reply"}),
    ],
)
def test_what_nobody_can_see_is_no_text(
    text: str, body: type[BaseModel], fields: dict[str, str]
) -> None:
    """Neither a customer's message nor a person's reply, question or note."""
    with pytest.raises(ValidationError, match="blank"):
        body.model_validate({**fields, "text": text})


@pytest.mark.parametrize("subject", ["👍🎉", "{}", "[]", "12345", "null", "<b>"])
def test_a_title_of_any_signs_is_kept_as_text(subject: str) -> None:
    """Whatever it would mean elsewhere."""
    assert TicketIn.model_validate({"text": "hello", "subject": subject}).subject == subject


@pytest.mark.parametrize("subject", [5, 1.5, True, {}, []])
def test_a_title_that_is_no_text_is_refused_by_its_name(subject: object) -> None:
    """The sender learns which field it is."""
    with pytest.raises(ValidationError, match="subject"):
        TicketIn.model_validate({"text": "hello", "subject": subject})


@pytest.mark.parametrize("unseen", [text for text in INVISIBLE if "\n" not in text])
def test_a_title_that_nobody_can_see_is_none(unseen: str) -> None:
    """A list says that there is no subject, in place of an empty line; so with a name."""
    body = {"text": "hello", "subject": unseen, "customer": {"email": "a@b.c", "name": unseen}}
    read = TicketIn.model_validate(body)
    assert (read.subject, read.customer.name) == ("", "")


@pytest.mark.parametrize("text", ["a", "👍🏽", "ok\u200d", "שלום", "…", "?", "ㅤx"])
def test_what_can_be_seen_is_text(text: str) -> None:
    """However few characters it has."""
    assert DecisionIn.model_validate({"kind": "reply", "text": text}).text == text


@given(value=st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_no_value_breaks_the_reading(value: object) -> None:
    """Whatever JSON holds, it is a ticket or a validation error."""
    for body in (value, {"text": value}, {"text": "a", "headers": value, "customer": value}):
        try:
            TicketIn.model_validate(body)
        except ValidationError:
            continue
