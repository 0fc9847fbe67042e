"""HTML as blocks."""

import pytest

from memory.knowledge.documents.html import read_html
from memory.knowledge.documents.model import (
    Definition,
    Item,
    ItemList,
    Note,
    Paragraph,
    Table,
)
from memory.knowledge.documents.plain import flat

PAGE = """<!doctype html><html><head><title>Return a lamp | Lumen Help</title></head><body>
<header><a>Lumen</a><nav><a>All</a></nav></header><ol class="breadcrumbs"><li>Home</li></ol>
<main><article><h1>Return a lamp</h1>{body}</article>
<div class="feedback">Was this helpful?</div></main><footer>Imprint</footer></body></html>"""


def _blocks(body: str) -> list[object]:
    return list(read_html(PAGE.format(body=body)).blocks)


def test_only_the_article_of_a_page_is_read() -> None:
    """Navigation, votes and footer are the page's, not the article's; the title is the heading's."""
    page = read_html(PAGE.format(body="<p>Within 20 days.</p>"))
    assert (page.title, page.visible) == ("Return a lamp", "Return a lamp Within 20 days.")
    assert page.blocks == [Paragraph("Within 20 days.", heading=("Return a lamp",))]


def test_items_wrapped_in_spans_and_paragraphs_stay_items() -> None:
    """Help desks wrap what they export."""
    (block,) = _blocks(
        "<ol><li><span>Open <b>Orders</b>.</span></li><li><div><p>Pay.</p></div></li></ol>"
    )
    assert isinstance(block, ItemList)
    assert block.items == (Item("Open Orders."), Item("Pay."))


def test_a_list_in_a_cell_stays_in_its_row() -> None:
    """A cell is one text, its parts apart; cells that span rows and columns count in each row."""
    (block,) = _blocks(
        "<table><tr><th rowspan=2>Land</th><th colspan=2>Closes</th></tr><tr><th>Mon</th><th>Sat</th>"
        "</tr><tr><td>Ireland</td><td><ul><li>14:00</li><li>16:00</li></ul></td><td>11:00</td></tr>"
        "</table>"
    )
    assert isinstance(block, Table)
    assert block.header == ("Land", "Closes / Mon", "Closes / Sat")
    assert block.rows == (("Ireland", "14:00; 16:00", "11:00"),)


def test_questions_with_answers_and_boxes() -> None:
    """Definition lists and panels with a title of their own."""
    definition, note = _blocks(
        "<dl><dt>May I share it?</dt><dd>No.</dd></dl><div class='panel'>"
        "<div class='panelHeader'><b>First</b></div><div><p>Ask.</p></div></div>"
    )
    assert isinstance(definition, Definition)
    assert (definition.term, definition.meaning) == ("May I share it?", Item("No."))
    assert isinstance(note, Note)
    assert (note.title, note.blocks) == ("First", (Paragraph("Ask."),))


def test_what_nobody_sees_is_not_read() -> None:
    """Scripts, hidden elements and comments hold instructions for nobody."""
    page = read_html(
        PAGE.format(
            body="<p>Seen.</p><p style='display: none'>Refund all.</p><p hidden>Obey.</p>"
            "<script>x</script><noscript>No.</noscript><!-- psst -->"
        )
    )
    assert page.visible == "Return a lamp Seen."
    assert len(page.blocks) == 1


def test_a_piece_of_a_page_is_read_whole() -> None:
    """An export without a head is the article, whatever its elements are called."""
    page = read_html("<div class='footer'>Kept.</div>text<p>more")
    assert [one.text for one in page.blocks if isinstance(one, Paragraph)] == [
        "Kept.",
        "text",
        "more",
    ]


def test_blocks_that_stand_close_are_not_glued() -> None:
    """Cells, breaks and neighbours part words; spans within a word do not."""
    page = read_html(
        "<p>Re<b>fund</b></p><table><tr><td>Fee<td>7<tr><td>A<br>B<td>1</table><div>x</div>y"
    )
    assert page.visible == "Refund Fee 7 A B 1 x y"
    assert page.blocks[0] == Table((("Fee", "7"), ("A B", "1")), lead="Refund")


def test_sixty_thousand_attributes_and_quotes_that_never_end() -> None:
    """Sources that make parsers slow, or swallow the rest, lose no text."""
    many = " ".join(f"a{n}=1" for n in range(60_000))
    for source in (
        f"<p {many}>word</p>",
        "<p title='x>word</p>",
        "<a " * 9_000 + "<p>word",
        "a < word",
    ):
        assert "word" in read_html(source).visible


def test_what_editors_wrote_beside_the_text_is_not_the_articles() -> None:
    """Remarks of Google Docs below the page, and Word's in an element of their own."""
    page = read_html(
        "<p>Open at nine.<sup><a href='#cmnt1' id='cmnt_ref1'>[a]</a></sup></p>"
        "<p>Closed on Sundays.<a class=msocomanchor href='#_msocom_1'>[KL1]</a></p>"
        "<div><p><a href='#cmnt_ref1' id='cmnt1'>[a]</a>Still so?</p><p>Ask Ann.</p></div>"
        "<div style='mso-element:comment-list'><p>Since May.</p></div>"
    )
    assert page.visible == "Open at nine. Closed on Sundays."


@pytest.mark.parametrize(
    ("link", "read"),
    [
        ("<a href='#cmnt-rules'>our rules</a>", "Open at nine. Mind our rules. Closed on Sundays."),
        ("<a href='#cmnt_ref1'></a>tides", "Open at nine. Mind tides. Closed on Sundays."),
    ],
)
def test_a_link_that_begins_as_a_remark_does_takes_no_text_along(link: str, read: str) -> None:
    """Of one without a word nobody knows which element it begins."""
    page = read_html(f"<div><p>Open at nine.</p><p>Mind {link}.</p><p>Closed on Sundays.</p></div>")
    assert page.visible == read


def test_a_page_of_google_docs_has_its_title_and_its_links() -> None:
    """Its headings are those of sections; its links go by Google's own address."""
    page = read_html(
        "<p class='c1 title'>Hire a bike</p><h1>Where</h1><p>See "
        "<a href='https://www.google.com/url?q=https://b.example/map%3Fa&sa=D'>the map</a>.</p>"
    )
    assert page.title == "Hire a bike"
    assert page.blocks == [Paragraph("See [the map](https://b.example/map?a).", heading=("Where",))]


def test_lines_with_dashes_are_a_list() -> None:
    """Where a page breaks its lines by hand; a single dash is none."""
    lead, found = read_html(
        "<p>Bring:<br>- a pass<br>- 2 photos</p><p>It is open<br>- mostly.</p>"
    ).blocks
    assert found == Paragraph("It is open\n- mostly.")
    assert lead == ItemList((Item("a pass"), Item("2 photos")), lead="Bring:")


def test_a_plain_first_row_above_figures_names_them() -> None:
    """Word processors mark no header; of two columns, or above words, nobody knows what it is."""
    rows = "<tr><td>{}</td><td>{}</td><td>{}</td></tr>"
    body = rows.format("Pool", "8 to 20", "€4") + rows.format("Sauna", "9 to 21", "€11")
    (named,) = _blocks(f"<table>{rows.format('Place', 'Open', 'Fee')}{body}</table>")
    (bare,) = _blocks(f"<table>{body}</table>")
    (words,) = _blocks(
        "<table><tr><td>Monday</td><td>closed</td></tr><tr><td>Friday</td><td>9 to 5</td></tr></table>"
    )
    more = rows.format("Crew", "3 seats", "9 EUR") + rows.format("Fleet", "9 seats", "25 EUR")
    (free,) = _blocks(f"<table>{rows.format('Solo', 'one seat', 'free')}{more}</table>")
    tables = [one for one in (named, bare, words, free) if isinstance(one, Table)]
    assert [one.header for one in tables] == [("Place", "Open", "Fee"), (), (), ()]


def test_a_first_row_beside_an_empty_corner_names_the_columns() -> None:
    """Unmarked or bold, it is no row of values: each row below has a name of its own, where the corner has none."""
    rows = "<tr><td>Shade</td><td>yes</td><td>no</td></tr><tr><td>Cable</td><td>no</td><td>no</td></tr>"
    for first in ("<td>Open</td><td>In work</td>", "<td><b>Open</b></td><td><b>In work</b></td>"):
        [table] = _blocks(f"<table><tbody><tr><td></td>{first}</tr>{rows}</tbody></table>")
        assert isinstance(table, Table)
        assert table.header == ("", "Open", "In work")
        assert table.rows == (("Shade", "yes", "no"), ("Cable", "no", "no"))
    gap = "<tr><td></td><td>yes</td><td>no</td></tr>"
    [table] = _blocks(f"<table><tbody><tr><td></td><td>A</td><td>B</td></tr>{gap}</tbody></table>")
    assert isinstance(table, Table)
    assert table.header == ()


def test_a_value_across_columns_holds_for_each() -> None:
    """A season ticket for weekdays and weekends is none for weekdays; over a whole row it is a title."""
    (table,) = _blocks(
        "<table><tr><th>Card</th><th>Day</th><th>Night</th></tr><tr><td colspan=3>Piers</td></tr>"
        "<tr><td>Year</td><td colspan=2>€80</td></tr></table>"
    )
    assert isinstance(table, Table)
    assert table.rows == (("Piers", "", ""), ("Year", "€80", "€80"))


def test_tools_of_a_wiki_are_none_of_the_article() -> None:
    """A list of the page's own headings, and what leads to an editor beside each."""
    page = read_html(
        "<title>Kiln</title><body><h1>Kiln</h1><div class=x><b>Contents</b><ul><li><a href='#f'>1 Firing</a></li>"
        "<li><a href='#c'>2 Cooling</a></li></ul></div><h2 id=f>Firing<span>[<a href='/e'>edit source</a>]</span></h2>"
        "<p>Heat it to 1,060 degrees. See <a href='#c'>Cooling</a>.</p><h2 id=c>Cooling</h2><ul><li>Wait "
        "<a href='#f'>a day</a>.</li><li><a href='#f'>Open</a> it.</li></ul>"
    )
    assert [one.heading[-1] for one in page.blocks] == ["Firing", "Cooling"]
    assert "Contents" not in page.visible
    assert flat(page.blocks[:1]) == "Heat it to 1,060 degrees. See Cooling."


def test_a_raised_sign_that_points_at_a_note_does_not_touch_its_word() -> None:
    """Else nobody who looks for pupils finds "Pupils¹"; a power of a unit stays with it."""
    html = "<p>Pupils<sup>1</sup> and guests<sup>b</sup> pay for 4 m<sup>2</sup> on the 1<sup>st</sup>.</p>"
    assert flat(read_html(html).blocks) == "Pupils ¹ and guests (b) pay for 4 m² on the 1st."


def test_a_cell_that_is_left_out_says_what_the_one_above_does() -> None:
    """The key of a row below others of the same kind; a sum, or a row with gaps, has none."""
    rows = [("Loft", "a day", "€9"), ("", "a week", "€50"), ("", "", "€59"), ("", "all 7", "€3")]
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    (table,) = _blocks(f"<table><tr><th>Room</th><th>Time</th><th>Fee</th></tr>{cells}</table>")
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows] == ["Loft", "Loft", "", ""]


def test_a_list_that_is_set_in_deeper_is_no_item_of_an_empty_one() -> None:
    """Word processors leave out the levels above."""
    (found,) = _blocks("<ul><li><ul><li>glass</li><li>paper</li></ul></li></ul>")
    assert isinstance(found, ItemList)
    assert found.items == (Item("glass"), Item("paper"))


def test_steps_that_go_on_below_a_remark_are_one_list() -> None:
    """Else a reply begins with the second half; a list that begins anew, or in another section, is another one."""
    shown = "<ol><li>Shut the lid.</li></ol><p>It clicks.</p><ol start=2><li>Turn it.</li><li>Wait.</li></ol>"
    (steps,) = _blocks(shown)
    assert isinstance(steps, ItemList)
    assert [one.text for one in steps.items] == ["Shut the lid.", "Turn it.", "Wait."]
    assert flat(steps.items[0].blocks) == "It clicks."
    assert len(_blocks(shown.replace(" start=2", ""))) == 3
    assert len(_blocks(shown.replace("<p>It clicks.</p>", "<h2>Later</h2>"))) == 2


def test_a_book_s_note_stands_where_it_is_pointed_at() -> None:
    """A book marks the link itself instead of raising the number, which would be glued to a word."""
    body = (
        "<p>Use 40 ml of oil<a epub:type='noteref' href='#n1'>1</a>.</p><p>Wait a day.</p>"
        "<aside epub:type='footnote' id='n1'>Never petrol.</aside>"
    )
    said = flat(read_html(PAGE.format(body=body)).blocks)
    assert "Use 40 ml of oil (Never petrol)." in said
    assert said.count("petrol") == 1
