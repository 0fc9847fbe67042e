"""Amounts and numbers of orders, as people write them."""

import pytest

from graph.text.forms import fitting, plain_form, resembling
from graph.text.money import amounts, doubtful, foreign

AMOUNTS = [
    ("refund 700 of the 900 EUR", []),
    ("refund 70 EUR of the 900 EUR", [70.0]),
    ("the bill of March 2026 of 48 EUR", [48.0]),
    ("refund 2 450 € please", [2450.0]),
    ("CHF 3'500.75 were taken", [3500.75]),
    ("it was 1.499,90 EUR", [1499.9]),
    ("$1,999.00 on my card", [1999.0]),
    ("about €2.5k", [2500.0]),
    ("pay 15 % of the 800 €", []),
    ("€30, not €300", [30.0]),
    ("30 Euro statt 300 Euro", [30.0]),
    ("USD 1.2.3", []),
    ("in 2026 48 €", [48.0]),
    ("\uff14\uff18 \u20ac", [48.0]),
    ("1\u00a0250,00\u00a0€", [1250.0]),
    ("invoice 1200", []),
    ("on 17-2026-0007, 30 EUR", [30.0]),
    ("**30 EUR**", [30.0]),
    ("US$30.00", [30.0]),
    ("2٬500 EUR", [2500.0]),
    ("half of the bill (900 EUR)", []),
    ("two thirds of 900 EUR", []),
    ("4 desks at 20 EUR each", []),
    ("4x20 EUR", []),
    ("20 €/week", []),
    ("£2.5m", []),
    ("2 million euros", []),
    ("2·500 EUR", []),
    ("20-30 EUR", []),
    ("20 or 30 EUR", []),
    ("€20 to 30", []),
    ("all of it except 20 €", []),
    ("alles abzüglich 20 €", []),
    ("30 euro 25 cents", []),
    ("30 € und 25 Cent", []),
    ("30 euro. 3 of us", [30.0]),
    ("0,00 €", []),
    ("0.125 €", []),
]
ORDERS = [
    ("where is ab\u2011123456", ["AB-123456"]),
    ("AB\u2013123456!", ["AB-123456"]),
    ("AB 123456", ["AB-123456"]),
    ("#AB123456", ["AB-123456"]),
    ("AB-123\u200b456", ["AB-123456"]),
    ("\uff21\uff22\uff0d\uff11\uff12\uff13\uff14\uff15\uff16", ["AB-123456"]),
    ("AB-\n123456", ["AB-123456"]),
    ("AB-1234567", []),
    ("XAB-123456", []),
    ("AB-123456 and AB-654321", ["AB-123456", "AB-654321"]),
    ("AB-123456, -123457 und 123460", ["AB-123456", "AB-123457", "AB-123460"]),
    ("AB-123456/123457", ["AB-123456", "AB-123457"]),
    ("AB-123456 and 12 chairs", ["AB-123456"]),
    ("AB-123456, 1234567", ["AB-123456"]),
]


@pytest.mark.parametrize(("text", "expected"), AMOUNTS)
def test_an_amount_is_read_wholly_or_not_at_all(text: str, expected: list[float]) -> None:
    """Groups, points, currencies before and after, denials and shares."""
    assert amounts(plain_form(text)) == expected


@pytest.mark.parametrize(("text", "expected"), ORDERS)
def test_a_number_is_found_by_the_desks_pattern(text: str, expected: list[str]) -> None:
    """However its hyphen is written; a longer number is another one."""
    assert list(fitting(r"^AB-\d{6}$", plain_form(text))) == expected


NEARLY = [
    ("the order XAB-123456", "AB-123456"),
    ("my parcel 123456 is late", "123456"),
    ("order AB-12345", "AB-12345"),
    ("order ab 12 34 567", "ab 12 34 567"),
    ("order AB-1234567 please", "AB-1234567"),
    ("in 2026 we ordered 3", None),
    ("ring 1234567", None),
    ("the lab 12 door", None),
]
UNCLEAR = [
    ("give back a third of it", True),
    ("a partial refund, please", True),
    ("die Hälfte zurück", True),
    ("10 % of INV-1", True),
    ("not the 30 EUR", True),
    ("4 desks at 20 EUR each", True),
    ("€3 million", True),
    ("€30 to 40", True),
    ("two hundred and ten euros, please", True),
    ("two of our euro coins", False),
    ("30 EUR", False),
    ("my money back", False),
    ("give me the 2.300,50 back", True),
    ("19.95 were taken, return it", True),
    ("the bill of 10.11 is wrong, pay it back", False),
    ("release 4.1.25 broke it, pay it back", False),
    ("it was 1,800 for a year, so give us back 450", True),
    ("we want 450 back", True),
    ("refund only 99.5 of it", True),
    ("refund 100234 please", False),
    ("refund order 2261, please", False),
    ("a refund within 30 days", False),
]


@pytest.mark.parametrize(("text", "expected"), NEARLY)
def test_half_a_number_is_noticed(text: str, expected: str | None) -> None:
    """Its last part alone, or too few or too many digits after its beginning; no count or year."""
    assert resembling(r"^AB-\d{6}$", plain_form(text)) == expected


@pytest.mark.parametrize(("text", "expected"), UNCLEAR)
def test_a_share_is_no_amount(text: str, expected: bool) -> None:
    """Where money is spoken of without an amount none may be taken from elsewhere."""
    assert doubtful(plain_form(text)) is expected


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("£30 back", "EUR", True),
        ("$30 back", "USD", False),
        ("US$ 30", "EUR", True),
        ("30 € back", "EUR", False),
        ("CHF 30", "EUR", True),
        ("30 euros", "EUR", False),
        ("£30", "", False),
    ],
)
def test_another_currency_is_noticed(text: str, code: str, expected: bool) -> None:
    """By its sign or code, where both are known."""
    assert foreign(text, code) is expected
