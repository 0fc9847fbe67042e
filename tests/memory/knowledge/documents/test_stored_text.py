"""What is stored can be read back."""

from hypothesis import given
from hypothesis import strategies as st

from memory.knowledge.chunking import split
from memory.knowledge.documents.completeness import compare
from memory.knowledge.documents.markdown import read_markdown
from memory.knowledge.documents.model import (
    Block,
    Code,
    Definition,
    Item,
    ItemList,
    Note,
    Paragraph,
    Picture,
    Table,
)
from memory.knowledge.documents.parse import parse
from memory.knowledge.documents.pieces import WHOLE_CHARS, cut, pieces_of
from memory.knowledge.documents.render import render

PATH = ("A", "B")
BLOCKS: list[Block] = [
    Paragraph("# no heading\n1. no step\n| no | row |\n> no quote\n\\# no escape"),
    ItemList(
        (Item("a", (Code("x\n\n  y", "sh"), Paragraph("b"))), Item("", (Code("z"),))), lead="Do:"
    ),
    ItemList(
        (Item("a\n- no item"), Item("b", (ItemList((Item("c"),), ordered=True),))),
        ordered=True,
        start=7,
    ),
    Table((("a | b", ""), ("c", "5 €")), ("Name", "Price"), "Prices:", heading=("A",)),
    Table((("x", "y"),), heading=("A",)),
    Code("```\n~~~ ````", "md", heading=PATH),
    Note("tip", "Title", (Paragraph("a."), ItemList((Item("b"),))), heading=PATH),
    Definition("Term", Item("meaning", (Paragraph("more"),)), heading=PATH),
    Picture("words", "https://x.test/a.png", heading=PATH),
    Paragraph("Back at the top."),
    Paragraph("Another.", heading=("C",)),
]
PIECES = st.sampled_from(
    [
        *("# A\n", "## B\n", "text.", "Lead:\n", "\n\n", "- a\n", "  - b\n", "1. x\n", "   c\n"),
        *("```\ncode `x`\n\n  y\n```\n", "|a|b|\n|-|-|\n|1|2 \\| 3|\n", "Term\n: def\n", "> q\n"),
        *(
            "<br>",
            "&amp;",
            "<RST>",
            "10<sup>2</sup>",
            "a\tb\n",
            "• z\n",
            "![alt](x.png)\n",
            "---\n",
        ),
        *("*", "_", "`"),
    ]
)


def test_every_kind_of_block_is_read_back() -> None:
    """Characters in running text, nested blocks and headings included."""
    assert parse(render(BLOCKS)) == BLOCKS


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_word_of_any_article_is_lost_on_the_way(text: str) -> None:
    """From the source to blocks to passages: every word of the blocks is in some passage."""
    stored = render(read_markdown(text))
    passages = split("acme", "a", "", stored)
    missing = compare(stored, [f"{one.heading} {one.text}" for one in passages])
    assert (missing.facts, missing.words) == ((), ())


def test_a_passage_is_read_back_with_its_headings() -> None:
    """The first block's headings are the passage's; those of others stand in its text."""
    text = "## A\n\nOne.\n\n### B\n\n- two\n\n---\n\nThree.\n"
    (passage,) = split("acme", "a", "T", text)
    found = parse(passage.text, passage.heading)
    assert [one.heading for one in found] == [("A",), ("A", "B"), ()]


def test_a_table_that_is_split_repeats_its_header() -> None:
    """Every piece of a long table can be read by itself."""
    rows = "".join(f"| E-{n:03} | sensor {n} is dirty | clean it for {n} s |\n" for n in range(60))
    text = f"Codes:\n| Code | Why | What to do |\n|---|---|---|\n{rows}"
    pieces = [block for one in split("acme", "a", "T", text) for block in parse(one.text)]
    assert len(pieces) > 3
    assert {(one.header, one.lead) for one in pieces if isinstance(one, Table)} == {
        (("Code", "Why", "What to do"), "Codes:")
    }
    assert sum(len(one.rows) for one in pieces if isinstance(one, Table)) == 60


def test_steps_and_code_stay_whole_and_lists_keep_their_lead() -> None:
    """Half of the steps mislead; of a list of things each piece says what it lists."""
    steps = "\n".join(
        f"{n}. Press the button number {n} and wait for its light." for n in range(1, 25)
    )
    (block,) = pieces_of(parse(f"To start:\n{steps}")[0])
    assert isinstance(block, ItemList)
    assert len(block.items) == 24
    things = "\n".join(f"- the part number {n} of the machine and its cover" for n in range(40))
    pieces = list(pieces_of(parse(f"We do not repair:\n{things}")[0]))
    assert len(pieces) > 1
    assert {one.lead for one in pieces if isinstance(one, ItemList)} == {"We do not repair:"}


def test_nothing_is_longer_than_it_may_be() -> None:
    """A giant word, line, cell, item or piece of code is cut."""
    giant = "x" * 9_000
    for text in (
        giant,
        f"- {giant}",
        f"1. {giant}",
        f"| a | {giant} |",
        f"```\n{giant}\n```",
        f"> {giant}",
    ):
        passages = split("acme", "a", "T", text)
        assert max(len(one.text) for one in passages) <= WHOLE_CHARS + 50
        assert sum(one.text.count("x") for one in passages) == 9_000


def test_text_is_cut_where_a_sentence_ends() -> None:
    """Not in the middle of a word, nor of a sentence where one ends nearby."""
    text = "The first one ends here. The second one is a little longer than that. " * 20
    assert all(part.endswith(".") for part in cut(text, 200))


def test_a_passage_that_did_not_change_keeps_its_id() -> None:
    """What a changed article costs is what changed in it."""
    sections = [f"## S{n}\n\n" + f"Sentence {n} of the article. " * 20 for n in range(6)]
    before = {one.id for one in split("acme", "a", "T", "\n\n".join(sections))}
    sections[2] = sections[2].replace("Sentence", "Phrase")
    after = {one.id for one in split("acme", "a", "T", "\n\n".join(sections))}
    assert len(before - after) == 1
