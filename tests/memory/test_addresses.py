"""When two addresses are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.addresses import canonical, in_domain, read, same

SAME = (
    ("Ann.Lee@Example.COM", "ann.lee@example.com"),
    (" ann@example.com\n", "ann@example.com"),
    ("ann@bücher.example", "ann@xn--bcher-kva.example"),
    ("ann@XN--BCHER-KVA.example", "ann@bücher.example"),
    ("ann@straße.example", "ann@xn--strae-oqa.example"),
)
OTHERS = (
    ("mar\N{KELVIN SIGN}@example.com", "mark@example.com"),
    ("ro\N{LATIN SMALL LETTER LONG S}e@example.com", "rose@example.com"),
    ("ann@\N{KELVIN SIGN}ale.example", "ann@kale.example"),
    ("ann@\N{LATIN SMALL LETTER LONG S}hop.example", "ann@shop.example"),
    ("ann@straße.example", "ann@strasse.example"),
    ("straße@example.com", "strasse@example.com"),
    ("STRASSE@example.com", "straße@example.com"),
    ("ann@ex\N{CYRILLIC SMALL LETTER A}mple.com", "ann@example.com"),
    ("\N{CYRILLIC SMALL LETTER A}nn@example.com", "ann@example.com"),
    ("\N{FULLWIDTH LATIN SMALL LETTER A}nn@example.com", "ann@example.com"),
    ("ann@example\N{FULLWIDTH FULL STOP}com", "ann@example.com"),
    ("ann@example\N{IDEOGRAPHIC FULL STOP}com", "ann@example.com"),
    ("o\N{LATIN SMALL LIGATURE FI}ce@example.com", "office@example.com"),
    ("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}da@example.com", "ida@example.com"),
    ("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}da@example.com", "i\u0307da@example.com"),
    ("jos\u00e9@example.com", "jose\u0301@example.com"),
    ("an\u200bn@example.com", "ann@example.com"),
    ("ann@exam\u00adple.com", "ann@example.com"),
    ("\u00a0ann@example.com", "ann@example.com"),
    ("ann+shop@example.com", "ann@example.com"),
    ("a.nn@example.com", "ann@example.com"),
    ("ann@example.com.", "ann@example.com"),
    ("ann@mail.example.com", "ann@example.com"),
    ("eve@evil.example,ann@example.com", "ann@example.com"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_case_and_spelling_of_a_domain_make_no_other_address(one: str, other: str) -> None:
    """A to Z fold, and a domain has two spellings."""
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_what_looks_alike_is_another_address(one: str, other: str) -> None:
    """Nothing that Unicode maps onto a letter passes for it."""
    assert not same(one, other)
    assert not same(other, one)


@pytest.mark.parametrize("nobody", [None, "", " ", "\t\n"])
def test_nobody_is_not_nobody_else(nobody: str | None) -> None:
    """Two missing addresses do not make one person."""
    assert not same(nobody, nobody)
    assert not same(nobody, "ann@example.com")


@given(st.text(max_size=80))
def test_any_text_has_one_form(text: str) -> None:
    """The form is its own form, and never raises."""
    assert canonical(canonical(text)) == canonical(text)


@given(st.text(st.characters(min_codepoint=128), min_size=1, max_size=3))
def test_no_other_sign_becomes_a_letter(sign: str) -> None:
    """Whatever is not ASCII never equals what is, in the local part."""
    assert not canonical(f"{sign}@example.com").isascii()


def test_a_domain_is_the_whole_of_it() -> None:
    """Neither a longer name nor one that looks like it belongs to it."""
    assert in_domain("Ann@Bücher.example".replace("B", "b"), "xn--bcher-kva.example")
    assert in_domain("ann@EXAMPLE.com", "example.com")
    assert not in_domain("ann@notexample.com", "example.com")
    assert not in_domain("ann@sub.example.com", "example.com")
    assert not in_domain("example.com", "example.com")
    assert not in_domain(None, "example.com")


def test_an_address_is_read_beside_what_is_said_of_it() -> None:
    """And one that the library fails on is none."""
    assert read("Ann Lee <ann@example.com>") == ("Ann Lee", "ann@example.com")
    assert read("(" * 30_000) == ("", "")
