"""Files that hold many articles."""

import json
from pathlib import Path

import pytest

from memory.knowledge.article_draft import ArticleDraft, Skipped
from memory.knowledge.article_files import read_articles
from memory.tables.knowledge import Visibility


def _read(file: Path, content: str | bytes) -> list[ArticleDraft | Skipped]:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_articles(file))


def _one(found: list[ArticleDraft | Skipped]) -> ArticleDraft:
    (draft,) = found
    assert isinstance(draft, ArticleDraft)
    return draft


def test_a_list_of_articles_is_found_however_deep_an_export_wraps_it(tmp_path: Path) -> None:
    """Under any name, where it is the only list; an object that is an article itself is that one."""
    row = {"question": "Is there a slide?", "html_body": "<p>Yes, a <b>long</b> one.</p>"}
    for content in ({"data": {"faqs": [row]}}, {"version": 2, "export": {"pages": [row]}}, row):
        [article] = _read(tmp_path / "a.json", json.dumps(content))
        assert isinstance(article, ArticleDraft)
        assert (article.title, article.text) == ("Is there a slide?", "Yes, a long one.")


def test_what_was_said_of_an_article_is_no_article(tmp_path: Path) -> None:
    """The comments are its only list, and may be of colleagues: where its text is not known, nothing is read."""
    remark = {"name": "Bo", "body": "Never tell customers that the slide is closed on Mondays."}
    content = {"title": "Slide", "prose": "It is long.", "comments": [remark]}
    [skipped] = _read(tmp_path / "a.json", json.dumps(content))
    assert isinstance(skipped, Skipped)


def test_a_row_without_a_text_says_how_to_name_it(tmp_path: Path) -> None:
    """It is not called empty: there may be words under a name of its own."""
    [skipped] = _read(tmp_path / "a.json", json.dumps([{"title": "Slide", "prose": "It is long."}]))
    assert isinstance(skipped, Skipped)
    assert skipped.why == "has no text under text, answer, body, content: name it so"


def test_a_json_array_and_an_object_around_one(tmp_path: Path) -> None:
    """Exports wrap their articles in one way or the other."""
    rows = [{"id": 3, "title": "A", "text": "One."}, {"doc_id": "b", "title": "B", "text": "Two."}]
    for content in (rows, {"articles": rows}, {"count": 2, "results": rows}):
        found = _read(tmp_path / "kb.json", json.dumps(content))
        assert [one.doc_id for one in found if isinstance(one, ArticleDraft)] == ["3", "b"]
    assert isinstance(_read(tmp_path / "kb.json", '"text"')[0], Skipped)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("help.json", '[{"title": "How to pay?", "text": "By card."}]'),
        ("help.jsonl", '{"title": "How to pay?", "text": "By card."}\n'),
    ],
)
def test_an_object_without_an_id_is_known_by_its_title(
    tmp_path: Path, name: str, content: str
) -> None:
    """As a row of a table is: nobody has to invent ids for their first articles."""
    assert _one(_read(tmp_path / name, content)).doc_id == "help/how-to-pay"


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_rows_of_questions_and_answers(tmp_path: Path, sign: str) -> None:
    """Each row is an article, known by its question."""
    text = (
        f'Question{sign}Answer{sign}status\nHow to pay?{sign}"By card{sign}\nor cash."{sign}draft\n'
    )
    draft = _one(_read(tmp_path / "faq.csv", text))
    assert (draft.doc_id, draft.title) == ("faq/how-to-pay", "How to pay?")
    assert draft.text == f"By card{sign.strip()} or cash."
    assert draft.visibility is Visibility.DRAFT


def test_a_csv_of_figures_is_one_table(tmp_path: Path) -> None:
    """Columns that are no article's are read as a table with its header."""
    draft = _one(_read(tmp_path / "fees.csv", "Zone,Fee (EUR)\nEast,7\nWest,9\n"))
    assert draft.text == "| Zone | Fee (EUR) |\n| --- | --- |\n| East | 7 |\n| West | 9 |"


def test_a_header_alone_is_reported(tmp_path: Path) -> None:
    """Nobody is to find an article "title body" in an export that came empty."""
    (found,) = _read(tmp_path / "none.csv", "title,body\n")
    assert isinstance(found, Skipped)
    assert "no row" in found.why


def test_lines_in_utf_16_and_rows_of_html(tmp_path: Path) -> None:
    """As other programs write them."""
    row = {"doc_id": "u", "title": "", "text": "<h2>Fee</h2><table><tr><td>a<td>7</table>"}
    draft = _one(_read(tmp_path / "u.jsonl", json.dumps(row).encode("utf-16")))
    assert (draft.title, draft.text) == ("Fee", "|  |  |\n| --- | --- |\n| a | 7 |")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"doc_id": True, "text": "x"}, "'doc_id'"),
        ({"doc_id": " ", "text": "x"}, "'doc_id'"),
        ({"doc_id": "a", "text": ["x"]}, "must be texts"),
        ({"doc_id": "a", "text": "x", "visibility": "someone"}, "public, internal or draft"),
        ({"doc_id": "a", "text": "x", "draft": "perhaps"}, "true or false"),
        ({"doc_id": "a" * 501, "text": "x"}, "longer than 500"),
    ],
)
def test_a_row_that_is_no_article_says_why(
    tmp_path: Path, row: dict[str, object], why: str
) -> None:
    """What cannot be used is refused in plain words, above all who may see it."""
    (skipped,) = _read(tmp_path / "kb.jsonl", json.dumps(row))
    assert isinstance(skipped, Skipped)
    assert why in skipped.why


def test_what_is_not_used_is_said(tmp_path: Path) -> None:
    """Fields that nobody knows, addresses that are none: kept out, and told."""
    row = '{"doc_id": "a", "title": "T\\n\\u001b[1m", "text": "x", "url": NaN, "mood": 1}'
    draft = _one(_read(tmp_path / "kb.jsonl", row))
    assert (draft.title, draft.url) == ("T [1m", None)
    assert draft.notices == ("fields that are not used: mood",)
    long = _one(
        _read(tmp_path / "c.jsonl", json.dumps({"doc_id": "c", "title": "t" * 301, "text": "x"}))
    )
    assert long.notices == ("its title is cut to 300 characters, and stands above its text",)
    assert long.text == "t" * 301 + "\n\nx"
    script = _one(_read(tmp_path / "b.jsonl", '{"doc_id":"b","text":"x","url":"javascript:a()"}'))
    assert (script.url, script.notices) == (None, ("its url is not a web address and is not kept",))


@pytest.mark.parametrize(
    ("fields", "visibility"),
    [
        ("title: A", Visibility.PUBLIC),
        ("visibility: internal", Visibility.INTERNAL),
        ("draft: true", Visibility.DRAFT),
        ("published: false", Visibility.DRAFT),
        ("published: 2026-01-02", Visibility.PUBLIC),
        ("status: Published", Visibility.PUBLIC),
        ("visibility: public\ndraft: yes", Visibility.DRAFT),
        ("internal: true", Visibility.INTERNAL),
    ],
)
def test_front_matter_says_who_may_see_an_article(
    tmp_path: Path, fields: str, visibility: Visibility
) -> None:
    """The narrowest word counts."""
    (tmp_path / "a.md").write_text(f"---\n{fields}\n---\nText.")
    (draft,) = read_articles(tmp_path)
    assert isinstance(draft, ArticleDraft)
    assert draft.visibility is visibility


def test_hidden_files_and_folders_are_not_read(tmp_path: Path) -> None:
    """Nor reported: their owner hid them."""
    for name in (".draft.md", ".git/a.md", "sub/.trash/b.md", "~$c.docx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("Secret.")
    assert list(read_articles(tmp_path)) == []


def test_exports_of_help_centres_and_blogs_name_their_parts_otherwise(tmp_path: Path) -> None:
    """The text is told by any of its usual names, or wrapped in a mapping; who has no id goes by the title."""
    rows = [
        {"id": 7, "title": "Lost key", "body": "<p>Ring the <b>porter</b>.</p>", "draft": True},
        {"id": 8, "title": {"rendered": "Bins"}, "content": {"rendered": "<p>On Fridays.</p>"}},
        {"id": 9, "title": "Gate", "body": {"storage": {"value": "<p>Code 11.</p>"}}},
        {"question": "Is there a lift?", "text": "", "answer": "To the roof."},
    ]
    found = _read(tmp_path / "export.json", json.dumps(rows))
    drafts = [one for one in found if isinstance(one, ArticleDraft)]
    assert [(one.doc_id, one.title, one.text) for one in drafts] == [
        ("7", "Lost key", "Ring the porter."),
        ("8", "Bins", "On Fridays."),
        ("9", "Gate", "Code 11."),
        ("export/is-there-a-lift", "Is there a lift?", "To the roof."),
    ]
    assert drafts[0].visibility is Visibility.DRAFT
    (line,) = _read(tmp_path / "faq.jsonl", json.dumps(rows[3]))
    assert isinstance(line, ArticleDraft)
    assert line.doc_id == "faq/is-there-a-lift"


def test_excels_word_on_what_parts_the_cells_is_no_row(tmp_path: Path) -> None:
    """`sep=;` is not the header."""
    draft = _one(
        _read(tmp_path / "faq.csv", "sep=;\r\nQuestion;Answer\r\nDogs?;On a lead, yes\r\n")
    )
    assert (draft.title, draft.text) == ("Dogs?", "On a lead, yes")


def test_what_a_sheet_is_called_stands_above_its_header(tmp_path: Path) -> None:
    """A single cell at the top names no column."""
    draft = _one(_read(tmp_path / "fees.csv", "Fees of 2031,,\nZone,Day,Night\nEast,7,9\n"))
    assert draft.text == (
        "Fees of 2031\n| Zone | Day | Night |\n| --- | --- | --- |\n| East | 7 | 9 |"
    )


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("Zone,\nEast,7\nWest,9\n", "| Zone |  |"),
        ("Be kind.\nBe quiet.\nOffice,Ring twice\n", "| Be kind. |  |"),
        ("Rules\nBe kind.\nBe quiet.\nBe dry.\nBe early.\nDoor,Gate\nRed,Blue\n", "| Rules |  |"),
    ],
)
def test_a_row_of_figures_and_the_end_of_a_text_are_no_header(
    tmp_path: Path, content: str, header: str
) -> None:
    """Else what a thing costs would be the name of a column, and a text one long title."""
    draft = _one(_read(tmp_path / "fees.csv", content))
    assert draft.text.splitlines()[0] == header


def test_an_exports_page_is_linked_and_what_is_current_is_public(tmp_path: Path) -> None:
    """Zendesk names its API's address beside the page's; each page of Confluence says that it is current."""
    rows = [
        {"id": 7, "title": "Key", "body": "Ring.", "url": "https://a.example/7.json", "html_url": "https://a.example/7"},
        {"id": 8, "title": "Bins", "body": {"storage": {"value": "Fridays."}}, "status": "current"},
        {"id": 9, "title": "Gate", "body": "Code 11.", "status": "trash"},
    ]  # fmt: skip
    found = _read(tmp_path / "export.json", json.dumps(rows))
    drafts = [one for one in found if isinstance(one, ArticleDraft)]
    assert [one.visibility for one in drafts] == [
        Visibility.PUBLIC,
        Visibility.PUBLIC,
        Visibility.DRAFT,
    ]
    assert drafts[0].url == "https://a.example/7"
