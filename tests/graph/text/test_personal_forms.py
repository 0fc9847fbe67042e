"""Forms of personal data: telephones of many countries, and check digits of accounts and ids."""

import pytest

from graph.text.personal_data import personal_data


def found(text: str) -> list[tuple[str, str]]:
    """(kind, words) of each span."""
    return [(one["kind"], text[one["start"] : one["end"]]) for one in personal_data(text)]


PHONES = [
    ("You get me under +49 (0)40 / 987654-12 today", "+49 (0)40 / 987654-12"),
    ("8 (812) 765-43-21", "8 (812) 765-43-21"),
    ("(21) 98765-4321", "(21) 98765-4321"),
    ("93 765 43 21 es mi fijo", "93 765 43 21"),
    ("手机 13912345678", "13912345678"),
    ("電話は 03-9876-5432 です", "03-9876-5432"),
    ("Sie erreichen mich unter 040 9876543.", "040 9876543"),
    ("komórka 600 700 800", "600 700 800"),
    ("fax (+43) 1 9876543", "(+43) 1 9876543"),
    ("the mobile of my account is 512.440.9911x302", "512.440.9911x302"),
    ("Many thanks,\nPaula Ruiz\n915 330 214\nMadrid", "915 330 214"),
]


@pytest.mark.parametrize(("text", "number"), PHONES)
def test_a_telephone_is_found_whole(text: str, number: str) -> None:
    """In the way in which its country writes it."""
    assert found(text) == [("phone", number)]


@pytest.mark.parametrize(
    "text",
    [
        "order 88120934 of 12 / 11",
        "sizes 10 / 20 / 30 / 40",
        "ratio 1 - 2 - 3",
        "between 2024-01-01 and 2024-12-31",
        "(12) 345-67",
        "where is purchase 00007712345",
        "here is the number:\n915330214",
        "after the upgrade to MQ 8.0.12.3 it fails",
        "listen on 0.0.0.0:80 and not on 127.0.0.1",
        "open CustomerImport_Guide_for2024_part30.pdf",
        "curl -u apikey:{apikey}",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    """Dates, sizes and orders are not masked."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("DE89 3704 0044 0532 0130 00", "iban"),
        ("NO93 8601 1117 947", "iban"),
        ("ES2312340000002031405060 is the account", "iban"),
        ("4111 1111 1111 1111", "card"),
        ("2720 9900 0000 0007", "card"),
        ("my IP is 8.0.12.3", "ip"),
        ("pw: G7x!kq29", "secret"),
        ("12345678Z", "national_id"),
        ("X1234567L", "national_id"),
        ("RSSMRA85T10A562S", "national_id"),
    ],
)
def test_what_its_check_digits_confirm_is_masked(text: str, kind: str) -> None:
    """By the rules of its country."""
    assert [one[0] for one in found(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    ["XX30 1234 5678 9012 3456", "DE92 1234 5678 9012", "12345678A", "RSSMRA85T10A562X"],
)
def test_what_they_refuse_is_not(text: str) -> None:
    """Another length or country than the check digits belong to, or another digit."""
    assert {kind for kind, _ in found(text)} & {"iban", "national_id"} == set()
