"""Markdown as blocks."""

import pytest

from memory.knowledge.documents.capital_headings import with_headings
from memory.knowledge.documents.markdown import read_markdown
from memory.knowledge.documents.model import (
    Code,
    Definition,
    Item,
    ItemList,
    Note,
    Paragraph,
    Picture,
    Table,
)
from memory.knowledge.documents.shortcodes import imports_components


def test_a_list_keeps_its_lead_and_its_heading() -> None:
    """What introduces a list, and the heading that negates it, stay with it."""
    (block,) = read_markdown("## Not covered\n\nWe do not replace:\n\n- batteries\n- straps\n")
    assert block == ItemList(
        (Item("batteries"), Item("straps")),
        lead="We do not replace:",
        heading=("Not covered",),
    )
    assert block.line == 3


def test_a_sentence_that_shows_code_leads_it_in() -> None:
    """It ends with a full stop and says nothing without the code."""
    text = "Run this command.\n\n```\ngo up\n```\n\nIt takes an hour.\n\n```\ndone\n```"
    first, between, last = read_markdown(text)
    assert (first, last) == (Code("go up", lead="Run this command."), Code("done"))
    assert between == Paragraph("It takes an hour.")


def test_steps_with_code_and_a_list_in_them() -> None:
    """A step holds what is indented below it; the numbers go on."""
    text = "3. Run:\n\n   ```sh\n   make\n     all\n   ```\n4. Choose:\n   - a\n   - b\n"
    (block,) = read_markdown(text)
    assert isinstance(block, ItemList)
    assert (block.ordered, block.start) == (True, 3)
    assert block.items[0] == Item("Run:", (Code("make\n  all", "sh"),))
    assert block.items[1] == Item("Choose:", (ItemList((Item("a"), Item("b"))),))


def test_a_table_has_its_header_and_a_row_its_key() -> None:
    """A row reads as the names of its columns with their values."""
    (block,) = read_markdown("| Zone | Fee (EUR) | Days |\n|---|--:|---|\n| East | 7 |  |\n")
    assert isinstance(block, Table)
    assert block.pairs(block.rows[0]) == [("Zone", "East"), ("Fee (EUR)", "7")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Costs 1\u00a0250\u202feuros.", "Costs 1 250 euros."),
        ("R&amp;D &gt; Teams costs &euro;5&nbsp;a seat", "R&D > Teams costs €5 a seat"),
        ("**Pair** a `clock` [here](https://x.test/a)", "Pair a `clock` [here](https://x.test/a)"),
        ("Run `a` with <HOST> and <title>", "Run `a` with <HOST> and <title>"),
        ("5*3*2 makes 30", "5*3*2 makes 30"),
        ("10<sup>3</sup> litres, H<sub>2</sub>O, the 1<sup>st</sup>", "10³ litres, H₂O, the 1st"),
        ("~~5~~ 4 euros", "~~5~~ 4 euros"),
        ("snake_case_name stays", "snake_case_name stays"),
        ("one<br>two", "one\ntwo"),
        ("Rück\u00adgabe", "Rückgabe"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Open until 8[^a] daily.\n\n[^a]: 6 in May.", "Open until 8 (6 in May) daily."),
        ("{/* later: prices */}\n\nIt is free.", "It is free."),
    ],
)
def test_text_is_what_a_reader_sees(text: str, shown: str) -> None:
    """Entities, marks and blanks are resolved; no two words are glued and none is lost."""
    assert read_markdown(text) == [Paragraph(shown)]


def test_lines_with_tabs_are_a_table() -> None:
    """A table pasted from a sheet keeps its columns apart."""
    (block,) = read_markdown("Region\tPrice\nNorth\t40\nSouth\t55\n")
    assert block == Table((("North", "40"), ("South", "55")), ("Region", "Price"))


@pytest.mark.parametrize(
    "text",
    [
        '{% hint style="warning" %}\nOnly an owner can.\n{% endhint %}',
        ":::warning\nOnly an owner can.\n:::",
        "!!! warning\n    Only an owner can.",
        "> [!WARNING]\n> Only an owner can.",
        "<Warning>\n\nOnly an owner can.\n\n</Warning>",
    ],
)
def test_boxes_of_every_tool_are_notes(text: str) -> None:
    """GitBook, Docusaurus, MkDocs, GitHub and MDX say the same thing in their own notations."""
    note = Note("warning", "", (Paragraph("Only an owner can."),))
    assert read_markdown(f"Before.\n\n{text}\n\nAfter.\n") == [
        Paragraph("Before."),
        note,
        Paragraph("After."),
    ]


def test_tabs_and_fold_outs_are_headings_that_end() -> None:
    """What stands in a tab has its title above it; what follows has not."""
    text = (
        '## Invite\n\n{% tabs %}\n{% tab title="Web" %}\nOpen People.\n{% endtab %}\n{% endtabs %}\n\n'
        "<details><summary>If it fails</summary>\n\nCall us.\n\n</details>\n\nDone.\n"
    )
    assert [
        (one.heading, one.text) for one in read_markdown(text) if isinstance(one, Paragraph)
    ] == [
        (("Invite", "Web"), "Open People."),
        (("Invite", "If it fails"), "Call us."),
        (("Invite",), "Done."),
    ]


def test_tags_in_code_are_code() -> None:
    """Code is kept byte for byte, whatever stands in it."""
    text = "~~~liquid\n# no heading\n{% hint %}\n:::note\n\n  <b>&amp;</b>\n~~~"
    (block,) = read_markdown(text)
    assert block == Code("# no heading\n{% hint %}\n:::note\n\n  <b>&amp;</b>", "liquid")


def test_imports_of_components_are_no_text() -> None:
    """In MDX they are; elsewhere a line that begins with `import` is a sentence."""
    text = "import Tabs from '@theme/Tabs';\n\nOpen Teams.\n"
    assert read_markdown(text, components=True) == [Paragraph("Open Teams.")]
    assert len(read_markdown(text)) == 2


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (["Hold the button on the back until", "it blinks twice."], 1),
        (
            [
                "You need the serial number that is printed below the",
                "Base of the lamp and a phone.",
            ],
            1,
        ),
        (["Press it,", "Hold it, and let go."], 1),
        (["Saturday: 9 to 13", "Sunday: closed"], 2),
        (["Our office in Porto", "Our office in Lisbon"], 2),
        (["lamp update", "lamp restart"], 2),
        (["A line that ends because its writer wanted it to:  ", "another one"], 2),
        (["• a first one that is fairly long, as long as lines get", "• a second"], 2),
    ],
)
def test_lines_that_go_on_are_one(lines: list[str], kept: int) -> None:
    """Editors wrap paragraphs; what somebody put on lines of its own stays on them."""
    found = read_markdown("\n".join(lines))
    shown = 0
    for one in found:
        assert isinstance(one, Paragraph | ItemList)
        shown += one.text.count("\n") + 1 if isinstance(one, Paragraph) else len(one.items)
    assert shown == kept


def test_definitions_pictures_and_empty_sections() -> None:
    """Terms keep their meaning, a lone picture its words, a heading over nothing is text."""
    text = "Badge\n: A card.\n\n![The wiring](w.png)\n\n## Later\n"
    assert read_markdown(text) == [
        Definition("Badge", Item("A card.")),
        Picture("The wiring"),
        Paragraph("Later"),
    ]


def test_deep_nesting_ends_without_a_fault() -> None:
    """Quotes and lists within each other are read to a depth; their words stay."""
    for deep in (
        "> " * 5_000 + "word",
        "- " * 5_000 + "word",
        "<div>" * 5_000 + "word",
        "<b>" * 5_000 + "word",
        "<table><tr><td>" * 2_000 + "word",
        "".join("  " * n + "- a\n" for n in range(200)) + "\nword",
    ):
        assert "word" in str(read_markdown(deep))


def test_steps_of_components_are_steps_with_their_titles() -> None:
    """Their content is indented by their tags, and is no code for that."""
    text = (
        '<Steps>\n    <Step title="Pick a lamp">\n        Take **any** one.\n    </Step>\n'
        '    <Step title="Plug it in">\n        It blinks.\n    </Step>\n</Steps>\n'
    )
    [steps] = read_markdown(text, components=True)
    assert isinstance(steps, ItemList)
    assert steps.ordered
    assert [one.text for one in steps.items] == ["Pick a lamp", "Plug it in"]
    assert steps.items[1].blocks == (Paragraph("It blinks."),)


def test_remarks_and_embedded_files_of_obsidian() -> None:
    """Between %% nobody reads; a file that is shown in a place is no text."""
    text = "Fee 5 %% check %% now.\n\n![[plan.png]]\n\n%%\nnot yet\n%%\n\nIt is 50%% full."
    assert read_markdown(text) == [Paragraph("Fee 5 now."), Paragraph("It is 50%% full.")]
    alone = [Paragraph("%% one sign"), Paragraph("Text.")]
    assert read_markdown("%% one sign\n\nText.") == alone


def test_lines_in_columns_are_a_table() -> None:
    """Plain texts set cells below each other by blanks; behind a full stop they are a typist's."""
    (table,) = read_markdown("L4   No signal. Check it.\nL5   The pump is off.")
    assert table == Table((("L4", "No signal. Check it."), ("L5", "The pump is off.")))
    (named,) = read_markdown("Size  Fee  Days\nSmall  4  12\nLarge  15  3")
    assert isinstance(named, Table)
    assert named.header == ("Size", "Fee", "Days")
    (text,) = read_markdown("It is off.  Wait.\nIt is on.  Go.")
    assert isinstance(text, Paragraph)


def test_a_heading_in_capitals_may_hold_a_number() -> None:
    """Leaflets name a model in it; lines below that only underline it are none of the text."""
    found = read_markdown(with_headings("LAMP 300 - CODES\n=====\nIt blinks.\n\nNOISES\nIt hums."))
    assert [one.text for one in found if isinstance(one, Paragraph)] == ["It blinks.", "It hums."]


def test_a_tag_of_a_template_keeps_the_text_that_it_is_given() -> None:
    """Whatever its name for it is; what is set, compared or only looks is not told."""
    text = (
        '{% include box.html type="warning" body="The gate is shut at 22:00." %}\n\n'
        '{% assign kind = "Not for you here" %}{% include map.html class="wide tall blue" %}\n\nRing twice.'
    )
    assert read_markdown(text) == [
        Paragraph("The gate is shut at 22:00."),
        Paragraph("Ring twice."),
    ]


def test_tags_of_components_on_one_line_are_each_read() -> None:
    """A tab's name is what its reader sees, not the value that the page's program compares."""
    text = (
        '<Tabs>\n<Tabs><TabItem value="w" label="On the web">\n\nOpen People.\n\n</TabItem><TabItem value="p"'
        ' label="By phone">\n\nCall us.\n\n</TabItem></Tabs>\n</Tabs>\n'
    )
    found = [one for one in read_markdown(text) if isinstance(one, Paragraph)]
    assert [(one.heading, one.text) for one in found] == [
        (("On the web",), "Open People."),
        (("By phone",), "Call us."),
    ]


def test_a_text_that_takes_components_is_read_as_one_of_components() -> None:
    """Docusaurus takes components into any Markdown; an import that an article shows as code is code."""
    shown = "# Keys\n\n```js\nimport keys from 'keys';\n```\n"
    assert imports_components("import Tabs from '@theme/Tabs';\n\nOpen Teams.\n")
    assert not imports_components(shown)
    assert not imports_components("import duties from abroad are paid by you.\n")
