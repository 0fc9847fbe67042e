"""What programs and phones do to the lines and characters of a letter, and how it is read all the same."""

import pytest

from graph.text.mail.automatic import automatic
from graph.text.mail.misread import put_right
from graph.text.mail.reading import own_words

JOINED = [
    ("Can I park" + " " * 20_000 + "in the yard?", "Can I park in the yard?"),
    ("<p>Can I park" + "&nbsp;" * 3_000 + "in the yard?</p>", "Can I park in the yard?"),
    ("Where\ncan\nI\npark\nmy\nvan\n?", "Where can I park my van ?"),
    ("Where\nis\nmy\nvan\nKX-\n204417", "Where is my van KX-204417"),
    ("WHERE CAN\nI PARK\nMY VAN\nON SUNDAY", "WHERE CAN I PARK MY VAN ON SUNDAY"),
]
KEPT = [
    "keys\nlamps\nladders\nbuckets",
    "Bo Lind\nHarbour Tools\nGalway\nIreland",
    "1. no\n2. yes\n3. me\n4. all",
    "Name: me\nTo: you\nFor: him\nBy: her",
    "a  b",
]


@pytest.mark.parametrize(("written", "read"), JOINED)
def test_a_sentence_is_read_whole_however_it_was_poured(written: str, read: str) -> None:
    """A thousand blanks are one, and a sentence of a word on each line is a sentence."""
    assert own_words(written) == read


@pytest.mark.parametrize("written", KEPT)
def test_lists_and_names_keep_their_lines(written: str) -> None:
    """Short lines without small words are no broken sentence."""
    assert own_words(written).split() == written.split()
    assert own_words(written).count("\n") == written.count("\n")


@pytest.mark.parametrize(
    "meant", ["can’t", "café", "€ 48", "Übung", "à la", "“so”", "1–2", "naïve"]
)
def test_a_letter_in_the_wrong_code_page_is_read_as_it_was_written(meant: str) -> None:
    """UTF-8 that was taken for Windows-1252 is put right, empty places of the page among it."""
    garbled = "".join(
        bytes([one]).decode("cp1252", "ignore") or chr(one) for one in f"x {meant} y".encode()
    )
    assert own_words(garbled) == f"x {meant} y"


@pytest.mark.parametrize("written", ["NÃO", "„IRMÃ”", "Âge", "â la carte", "Ã, Â", "日本"])
def test_what_no_wrong_page_explains_stays(written: str) -> None:
    """Capitals with a tilde or a roof are letters of Portuguese and French."""
    assert put_right(written) == written


def test_a_quotation_may_begin_in_the_line_that_introduces_it() -> None:
    """As one program of phones has it; where nothing stands above, it is all there is, and is read."""
    quoted = (
        "On Tue, 4 Aug 2026 at 8:15, Desk<desk@a.example> wrote:   Do you moor here?" + " So?" * 99
    )
    assert own_words(f"Can I park?\n\n{quoted}") == "Can I park?"
    assert own_words(quoted).startswith("On Tue")
    asked = "Can I park?\nOn Tuesday at 8:15 Bo <bo@a.example> came. I said: yes"
    assert own_words(asked) == asked


@pytest.mark.parametrize(
    "text",
    [
        "Olen puhkusel 3. maini.",
        "मैं 3 मई तक छुट्टी पर हूँ",
        "I've now started my parental leave. Contact Bo for urgent matters.",
    ],
)
def test_who_is_away_is_known_by_words_in_further_languages(text: str) -> None:
    """No encoder has read them."""
    assert automatic("Re: parking", text, {}) is not None


def test_a_report_on_a_domain_is_a_programs() -> None:
    """By the subject that its standard gives it; a question that begins so is a person's."""
    assert automatic("Report Domain: a.example Submitter: b.example", "Report of the day.", {})
    assert automatic("Report domain missing in the export", "Where is it?", {}) is None


@pytest.mark.parametrize(
    "text",
    [
        "I have started my parental leave in May, and the balance says 0.",
        "I've started my maternity leave, my payslip is wrong.",
        "I have gone on parental leave, and the calendar shows me at work.",
    ],
)
def test_who_tells_of_leave_and_names_nobody_else_is_there(text: str) -> None:
    """Customers of a payroll write so."""
    assert automatic("Leave", text, {}) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Where do I \npark my \nvan?", "Where do I park my van?"),
        ("Hello, \nWhere is my van? \n-- \nBo", "Hello,\nWhere is my van?"),
        ("I need: \n- a lamp \n- a lead", "I need:\n- a lamp\n- a lead"),
    ],
)
def test_a_blank_at_its_end_says_that_a_line_goes_on(written: str, read: str) -> None:
    """Mail programs break lines so; neither a list nor the mark of a signature is such a line."""
    assert own_words(written) == read


def test_the_head_of_an_answered_mail_may_be_bold() -> None:
    """Its names stand between stars where a letter was made plain; stars alone are a rule, too."""
    head = "**From:** Lumen <help@lumen.example>\n**Sent:** Tuesday, 4 March 2026 10:15\n**To:** Bo\n**Subject:** Re: van"
    assert own_words(f"Where is my van?\n\n{head}\n\nWe tow it at noon.") == "Where is my van?"
