"""What a customer wrote is stored to the letter, or refused."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.http.tickets.schemas import TicketIn

REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)


@given(text=ANY_TEXT, subject=ANY_TEXT | st.none())
def test_text_is_kept_to_the_letter_or_refused(text: str, subject: str | None) -> None:
    """Nothing is repaired in silence: the same text comes out, or a validation error."""
    said = text.strip() or (subject or "").strip()
    one_line = not re.search(r"[\r\n\x85\u2028\u2029]", subject or "")
    good = bool(said) and one_line and not REFUSED.search(text + (subject or ""))
    try:
        body = TicketIn.model_validate({"text": text, "subject": subject})
    except ValidationError:
        assert not good
        return
    assert good
    assert (body.text, body.subject) == (text, subject)
    assert body.text.encode("utf-8").decode("utf-8") == text


@given(value=st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_no_value_breaks_the_reading(value: object) -> None:
    """Whatever JSON holds, it is a ticket or a validation error."""
    for body in (value, {"text": value}, {"text": "a", "headers": value, "customer": value}):
        try:
            TicketIn.model_validate(body)
        except ValidationError:
            continue
