"""A reply's HTML says what its text says, in its form, and can do nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from memory.knowledge.documents.letter_html import MOST_CHARS, letter_html, plain_tables

TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
TAGS = {"html", "head", "body", "p", "br", "ol", "ul", "li", "pre", "code", "a"} | TABLE
WORD = re.compile(r"[^\W_]+")


def page_of(text: str) -> LexborHTMLParser:
    """The fragment, parsed as a browser does."""
    return LexborHTMLParser(f"<body>{letter_html(text)}</body>")


def visible(text: str) -> str:
    """What is read."""
    body = page_of(text).body
    assert body is not None
    return body.text()


def test_paragraphs_steps_points_and_code_keep_their_form() -> None:
    """As blocks of their own; single line breaks stay."""
    text = "Hello Ann,\n\nDo this:\n1. Open it.\n2. Wait.\n\n- one\n- two\n\n```\na < b_c\n```\n\nBye,\nTeam"
    html = letter_html(text)
    assert "<ol>\n<li>Open it.</li>\n<li>Wait.</li>\n</ol>" in html
    assert "<ul>\n<li>one</li>\n<li>two</li>\n</ul>" in html
    assert "<pre><code>a &lt; b_c\n</code></pre>" in html
    assert "<p>Bye,<br />\nTeam</p>" in html


def test_an_address_is_a_link_that_shows_where_it_leads() -> None:
    """The full stop after it is not part of it."""
    html = letter_html("See https://a.example/x_y?b=1&c=2.")
    assert html == (
        '<p>See <a href="https://a.example/x_y?b=1&amp;c=2">https://a.example/x_y?b=1&amp;c=2</a>.</p>\n'
    )


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[press](javascript:alert(1))",
    "![x](http://evil.example/pixel.png)",
    "<javascript:alert(1)>",
    'http://a.example/"onmouseover="alert(1)',
    "[a]: javascript:alert(1)\n\n[a]",
    "&lt;script&gt;",
    "<!-- hidden -->",
    "# big\n===\n> quoted\n***",
    "a\n-\nb\n--\nc\n- - -\nd",
    "```evil onload=x\ncode",
    "    indented a_b",
    "| a | b |\n|---|---|\n| <svg/onload=alert(1)> | 2 |",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    """Each of its characters is read, and no tag or attribute comes from it."""
    page = page_of(text)
    for node in page.css("*"):
        assert node.tag in TAGS
        address = node.attributes.get("href")
        assert set(node.attributes) <= {"href", "start"}
        assert address is None or address.startswith(("http://", "https://"))
    assert WORD.findall(visible(text)) == WORD.findall(text)
    if not page.css("table"):  # whose bars and rules are drawn
        assert "".join(visible(text).split()) == "".join(text.split())


TABLED = "Rates:\n| Zone | Fee |\n| --- | --- |\n| North \\| West | <b>4</b> |\n| South | 15 |\nBye"


def test_a_table_is_drawn_and_the_text_below_it_is_no_row() -> None:
    """Nobody reads bars; a bar within a cell stays one."""
    page = page_of(TABLED)
    rows = [[cell.text() for cell in row.css("th, td")] for row in page.css("tr")]
    assert rows == [["Zone", "Fee"], ["North | West", "<b>4</b>"], ["South", "15"]]
    assert page.css("p")[-1].text() == "Bye"
    assert "<table>" not in letter_html("| a | b |\nno table | here")


def test_a_table_stands_in_columns_of_a_plain_letter() -> None:
    """What is too wide for a line is told cell by cell, and code is left alone."""
    assert plain_tables(TABLED).split("\n")[1:4] == [
        "Zone          Fee",
        "North | West  <b>4</b>",
        "South         15",
    ]
    wide = f"| {'a' * 50} | {'b' * 50} |\n| --- | --- |\n| 1 | 2 |"
    assert plain_tables(wide) == f"{'a' * 50}: 1\n{'b' * 50}: 2"
    code = "```\n| a |\n| --- |\n```\n"
    assert plain_tables(code) == code


@given(st.text(alphabet="ab1_*`~#<>&[]()!|\\\"'=+-.: \n\t", max_size=80))
def test_no_word_is_lost_and_none_is_added(text: str) -> None:
    """Whatever marks stand around it; the numbers of a list become the list's own."""
    kept = [one for one in WORD.findall(visible(text)) if not one.isdigit()]
    assert kept == [one for one in WORD.findall(text) if not one.isdigit()]
    assert {node.tag for node in page_of(text).css("*")} <= TAGS


def test_a_text_that_is_too_long_is_refused() -> None:
    """A bound on what is rendered."""
    with pytest.raises(ValueError, match="at most"):
        letter_html("a" * (MOST_CHARS + 1))
