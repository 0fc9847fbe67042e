"""Lists of Word, code and boxes of Confluence, marks of Hugo and wikis are read as what they show."""

from memory.knowledge.documents.html import read_html
from memory.knowledge.documents.markdown import read_markdown
from memory.knowledge.documents.model import Code, ItemList, Paragraph
from memory.knowledge.documents.shortcodes import liquid, plain_marks

WORD = (
    "<p class=MsoNormal>To bake:</p>"
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>{one}"
    "<span style='font:7.0pt'>&nbsp;&nbsp; </span></span><![endif]>Heat it.</p>"
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>{two}</span>Wait.</p>"
)


def test_paragraphs_that_word_numbers_are_a_list() -> None:
    """With the lead before it; the marks are none of the text."""
    for one, two, ordered in (("1.", "2.", True), ("&middot;", "&middot;", False)):
        found = read_html(WORD.format(one=one, two=two)).blocks
        assert len(found) == 1
        block = found[0]
        assert isinstance(block, ItemList)
        assert [item.text for item in block.items] == ["Heat it.", "Wait."]
        assert (block.lead, block.ordered) == ("To bake:", ordered)


def test_code_of_confluence_is_kept_as_written() -> None:
    """Its language is a parameter, which no reader sees; its title is one that they see."""
    macro = (
        '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">sql</ac:parameter>'
        '<ac:parameter ac:name="title">Count</ac:parameter>'
        "<ac:plain-text-body><![CDATA[select 1\nwhere a < b]]></ac:plain-text-body></ac:structured-macro>"
    )
    found = read_html(f"<p>Run it.</p>{macro}<p>Done.</p>").blocks
    assert [one.text for one in found if isinstance(one, Code)] == ["select 1\nwhere a < b"]
    assert "Count" in str(found)
    assert [one.text for one in found if isinstance(one, Paragraph)] == [
        "Run it.",
        "Done.",
    ]


def test_the_numbers_of_lines_are_no_code() -> None:
    """Who copies a command does not want them."""
    page = '<pre><code><span class="ln">1</span>cd /tmp\n<span class="ln">2</span>ls</code></pre>'
    found = read_html(page).blocks
    assert [one.text for one in found if isinstance(one, Code)] == ["cd /tmp\nls"]


def test_shortcodes_and_marks_leave_their_words() -> None:
    """In code they stay as they are."""
    source = '{{< tip >}}\nIt takes ==two hours==.\n{{< /tip >}}\n\nSee [[Fees|the fees]] or press {{% key "F2" %}}.'
    told = " ".join(str(one) for one in read_markdown(source))
    assert "It takes two hours." in told
    assert "See the fees or press F2." in told
    assert "{{" not in told
    assert "{{<" in " ".join(str(one) for one in read_markdown("```\n{{< tip >}}\n```"))
    assert plain_marks("a==b and c==d") == "a==b and c==d"
    assert plain_marks("if [[ -f x ]]; then") == "if [[ -f x ]]; then"
    for kept in (
        "See [[1]](https://acme.example/a).",
        "x[[1]] <- 2",
        "[[1]]: https://acme.example/a",
    ):
        assert plain_marks(kept) == kept
    assert plain_marks("See [[Fees]] [[Plans]].") == "See Fees Plans."
    assert liquid("{{ name }}") == "{{ name }}"
