"""The pages of a printed file as one text."""

import pytest

from memory.knowledge.documents.printed import one_text


@pytest.mark.parametrize(
    "edge",
    [
        "3/4/26, 10:15 AM Harbour tours\nhttps://tours.example.test/harbour 1/1",
        "Harbour tours https://tours.example.test/harbour\n1 of 1 04.03.2026, 10:15",
        "Page 1 of 1",
        "\ufb01le:///home/bo/tours.html 1/1",
    ],
)
def test_what_a_browser_prints_around_a_page_is_no_part_of_it(edge: str) -> None:
    """The date, the title, the address and the page's number; also where there is but one page."""
    said = "Tours last 50 minutes.\nBoats leave at 9:30."
    assert one_text([f"{said}\n{edge}"], "Harbour tours") == said


def test_a_running_head_stays_once_and_a_running_foot_never() -> None:
    """The head may be the title of the whole; the foot would stand in the middle of a sentence."""
    pages = [
        f"Staff handbook\nRule {n} holds\nfor everybody.\nSome more.\nAnd more.\nGlobex Ltd, sheet {n}"
        for n in (1, 2, 3)
    ]
    text = one_text(pages)
    assert (text.count("Staff handbook"), text.count("Globex")) == (1, 0)
    assert all(f"Rule {n} holds" in text for n in (1, 2, 3))


@pytest.mark.parametrize(
    "line",
    [
        "https://tours.example.test/book",
        "24/7",
        "1/2 litre of oil",
        "10:30",
        "Harbour tours",
        "Day 6.40 8.20",
    ],
)
def test_what_only_looks_like_it_stays(line: str) -> None:
    """A time, a share or a name alone is no edge of a page."""
    assert one_text([f"Harbour tours\n{line}"], "Harbour tours") == f"Harbour tours\n{line}"


@pytest.mark.parametrize("last", ["4. Press Save.", "Press Save.", "- Press Save", "Yes."])
def test_ways_that_end_alike_keep_their_last_step(last: str) -> None:
    """One on each page: a step or a sentence is no foot, whatever pages end with it."""
    text = one_text([f"Book\nChoose a tour.\n{last}", f"Move\nChoose a day.\n{last}"])
    assert text.count(last) == 2


def test_a_sentence_goes_on_over_the_end_of_a_page() -> None:
    """A paragraph that a page ends is one; the next one is another."""
    text = one_text(["Shoes stay\noutside the\n1 of 2", "hall.\n2 of 2"])
    assert text == "Shoes stay\noutside the\nhall."
    assert one_text(["It ends.", "It begins."]) == "It ends.\n\nIt begins."


def test_a_word_that_fills_a_line_is_whole_again() -> None:
    """A divided word is found by nobody who asks for it; a hyphen of the word's own stays."""
    text = one_text(
        [
            "The war\u00ad\nranty does not cover dam-\nages by water. Send an e-\nmail before check-\nin. It is long-\nterm, and a long-term rent is cheap for part-\ntime staff."
        ]
    )
    assert " ".join(text.split()) == (
        "The warranty does not cover damages by water. Send an e-mail before check-in."
        " It is long-term, and a long-term rent is cheap for part-time staff."
    )


@pytest.mark.parametrize(
    "whole",
    ["https://shop.example/order-tracking", "--dry-run", "first-name@shop.example", "my_own-file"],
)
def test_an_address_or_a_command_keeps_its_hyphen(whole: str) -> None:
    """Whoever types it without gets nowhere."""
    cut = whole.replace("order-", "order-\n").replace("dry-", "dry-\n")
    cut = cut.replace("first-", "first-\n").replace("own-", "own-\n")
    assert one_text([f"Use {cut} here."]).split()[1] == whole
