"""What a person sees of an article, by the reader that judges ours."""

from evals.harness.readers.visible import seen_in


def test_a_cell_that_reaches_down_belongs_to_each_row() -> None:
    """A row is not told without the name that its cell shares with the one above."""
    page = "<table><tr><th>Pier</th><th>Day</th></tr><tr><td rowspan=2>North</td><td>Monday</td></tr><tr><td>Friday</td></tr></table>"
    assert [one.text for one in seen_in(page.encode(), ".html").blocks][-1] == "North Friday"


def test_links_of_a_wiki_show_what_stands_behind_their_bar() -> None:
    """A picture shows no words, and neither do the marks around what is no template."""
    seen = seen_in(
        b"[[_TOC_]] See [[fees|the list]], ![[map.png]]. {% raw %}Type {{ code }}{% endraw %}",
        ".md",
    )
    assert "the list" in seen.blocks[0].text
    assert "fees" not in seen.blocks[0].text
    assert "TOC" not in seen.blocks[0].text
    assert "map" not in seen.blocks[0].text
