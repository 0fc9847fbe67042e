"""Articles in office formats."""

import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfWriter

from memory.knowledge import office
from memory.knowledge.article_draft import ArticleDraft, Skipped
from memory.knowledge.article_files import read_articles
from memory.knowledge.conversion import Origin
from memory.knowledge.office_bounds import Bounds
from tests.memory.knowledge.pages import printed

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ORIGIN = Origin("file", "file", "the file")
CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"


def _packed(file: Path, parts: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(file, "w") as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return file


def _docx(file: Path) -> Path:
    body = (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Lift keys</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>A key costs 12 euros.</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>"
        "Floor</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>3</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    style = '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    return _packed(
        file,
        {
            "[Content_Types].xml": f'<Types xmlns="{CONTENT}"><Default Extension="xml" '
            f'ContentType="application/xml"/><Default Extension="rels" ContentType="application/'
            f'vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml"'
            f' ContentType="{kind}.document.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r" Type="{OFFICE}/'
            'officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="s"'
            f' Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
            "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{style}</w:styles>',
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        },
    )


def _within(file: Path, **bounds: int) -> ArticleDraft | Skipped:
    with file.open("rb") as stream:
        return office.read_stream(stream, file.suffix, ORIGIN, Bounds(**bounds))


def _read(file: Path) -> ArticleDraft:
    (draft,) = read_articles(file)
    assert isinstance(draft, ArticleDraft)
    return draft


def test_a_word_document(tmp_path: Path) -> None:
    """Its first heading is the title; tables stay tables."""
    draft = _read(_docx(tmp_path / "keys.docx"))
    assert (draft.doc_id, draft.title) == ("keys", "Lift keys")
    assert draft.text == "A key costs 12 euros.\n\n|  |  |\n| --- | --- |\n| Floor | 3 |"


def test_a_workbook(tmp_path: Path) -> None:
    """Each sheet is a table under its name; whole numbers and days look like such."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Fees"
    sheet.append(["Zone", "Fee", None, "Since"])
    sheet.append(["East", 7.0, None, datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None)])
    sheet.append([None, None, None, None])
    book.save(tmp_path / "fees.xlsx")
    draft = _read(tmp_path / "fees.xlsx")
    assert draft.text.endswith(
        "| Zone | Fee |  | Since |\n| --- | --- | --- | --- |\n| East | 7 |  | 2026-03-01 |"
    )


def test_a_pdf_and_one_without_text(tmp_path: Path) -> None:
    """A scan is no article: that is said."""
    assert _read(printed(tmp_path / "a.pdf", "The pool opens at 7.")).text == "The pool opens at 7."
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "scan.pdf")
    writer.encrypt("secret")
    writer.write(tmp_path / "locked.pdf")
    for name, why in (("scan", "only pictures"), ("locked", "password")):
        (skipped,) = read_articles(tmp_path / f"{name}.pdf")
        assert isinstance(skipped, Skipped)
        assert why in skipped.why


@pytest.mark.parametrize(
    ("title", "called"),
    [
        ("r.html", "Pool rules"),
        ("Microsoft Word - Pool rules v2.DOCX", "Pool rules"),
        ("Node.js at the pool", "Node.js at the pool"),
        ("Hours", "Hours"),
    ],
)
def test_a_pdf_that_is_titled_with_a_file_name_is_called_by_its_own(
    tmp_path: Path, title: str, called: str
) -> None:
    """What was printed has no title; the program wrote what it printed."""
    writer = PdfWriter(clone_from=printed(tmp_path / "pool-rules.pdf", "The pool opens at 7."))
    writer.add_metadata({"/Title": title})
    writer.write(tmp_path / "pool-rules.pdf")
    assert _read(tmp_path / "pool-rules.pdf").title.replace("-", " ") == called


def test_a_book(tmp_path: Path) -> None:
    """Chapters come in the order in which they are read."""
    page = "<html><head><title>x</title></head><body><h1>{0}</h1><p>Text {0}.</p></body></html>"
    file = _packed(
        tmp_path / "b.epub",
        {
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="o/p.opf"/></rootfiles>'
            "</container>",
            "o/p.opf": '<package><manifest><item id="a" href="a.xhtml"/><item id="b" href="b.xhtml"/>'
            '</manifest><spine><itemref idref="b"/><itemref idref="a"/></spine></package>',
            "o/a.xhtml": page.format("Two"),
            "o/b.xhtml": page.format("One"),
        },
    )
    draft = _read(file)
    assert (draft.title, draft.text) == ("One", "Text One.\n\n## Two\n\nText Two.")


def test_a_broken_or_giant_file_is_said(tmp_path: Path) -> None:
    """Whatever its library makes of it, the other files are read."""
    for kind in ("pdf", "docx", "xlsx", "epub"):
        (tmp_path / f"{kind}.{kind}").write_bytes(b"PK\x03\x04 broken")
    found = list(read_articles(tmp_path))
    assert len(found) == 4
    assert all(isinstance(one, Skipped) and one.is_article for one in found)
    skipped = _within(_docx(tmp_path / "bomb.docx"), unpacked=10)
    assert isinstance(skipped, Skipped)
    assert "unpacks to more" in skipped.why


def test_what_unfolds_beyond_its_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entities in the XML of a document, and one cell far away from a small table."""
    bomb = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    _packed(tmp_path / "a.docx", {"word/document.xml": bomb})
    book = openpyxl.Workbook()
    book.active["A1"], book.active["ZZ900"] = "Fee", "x"
    book.save(tmp_path / "b.xlsx")
    monkeypatch.setattr(office, "MAX_GRID", 10_000)
    entities, far = (one for one in read_articles(tmp_path) if isinstance(one, Skipped))
    assert "declares entities" in entities.why
    assert "is too far away" in far.why


def test_a_hidden_sheet_is_not_read_and_said(tmp_path: Path) -> None:
    """Whoever opens the workbook does not see it."""
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"] = "Zone", "Fee"
    book.create_sheet("Costs").append(["ours", 3])
    book["Costs"].sheet_state = "hidden"
    book.save(tmp_path / "fees.xlsx")
    draft = _read(tmp_path / "fees.xlsx")
    assert "ours" not in draft.text
    assert draft.notices == ("its hidden sheets are not read: Costs",)


def test_a_chapter_whose_address_is_encoded(tmp_path: Path) -> None:
    """`two%20words.xhtml` names a file with a blank."""
    file = _packed(
        tmp_path / "c.epub",
        {
            "META-INF/container.xml": '<container><rootfile full-path="p.opf"/></container>',
            "p.opf": '<package><item id="a" href="two%20words.xhtml"/><itemref idref="a"/></package>',
            "two words.xhtml": "<html><body><p>Oil the hinge.</p></body></html>",
        },
    )
    assert _read(file).text == "Oil the hinge."


def test_shares_and_prices_keep_the_sign_that_their_format_gives_them(tmp_path: Path) -> None:
    """A quarter that the sheet shows as 25 % is no 0.25."""
    book = openpyxl.Workbook()
    book.active.append(["Share", "Fee", "Rent", "Seats"])
    book.active.append([0.285, 12.5, 90, 7])
    for cell, form in zip(
        book.active[2], ("0.0%", '#,##0.00\\ "€"', "[$£-809]#,##0", "0"), strict=True
    ):
        cell.number_format = form
    book.save(tmp_path / "fees.xlsx")
    assert _read(tmp_path / "fees.xlsx").text.endswith("| 28.5 % | 12.50 € | 90 £ | 7 |")


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (20, "[$CHF] 0.00", "20 CHF"),
        (20, "[$AUD] 0.00", "20 AUD"),
        (20, "[$-409]0", "20"),
        (28.5, '0.0"%"', "28.5 %"),
        (28.5, "0.0\\%", "28.5 %"),
        (0.004, '0.000 "€"', "0.004 €"),
    ],
)
def test_no_sign_of_a_format_makes_another_fact(
    tmp_path: Path, value: float, form: str, shown: str
) -> None:
    """Francs are no dollars, a sign in quotes multiplies nothing, and small prices are not free."""
    book = openpyxl.Workbook()
    book.active.append(["Plan", "Fee"])
    book.active.append(["Basic", value])
    book.active["B2"].number_format = form
    book.save(tmp_path / "fees.xlsx")
    assert _read(tmp_path / "fees.xlsx").text.endswith(f"| Basic | {shown} |")


def test_a_word_document_is_called_by_its_title(tmp_path: Path) -> None:
    """The style of a title is no heading to the library that reads it, and the headings below it are no titles."""
    file = _docx(tmp_path / "lift.docx")
    with zipfile.ZipFile(file) as packed:
        parts = {one: packed.read(one).decode() for one in packed.namelist()}
    styles = parts["word/styles.xml"]
    added = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style></w:styles>'
    parts["word/styles.xml"] = styles.replace("</w:styles>", added)
    body = parts["word/document.xml"]
    title = (
        '<w:body><w:p><w:pPr><w:pStyle w:val="T"/></w:pPr><w:r><w:t>House rules</w:t></w:r></w:p>'
    )
    parts["word/document.xml"] = body.replace("<w:body>", title)
    _packed(file, parts)
    (read,) = read_articles(tmp_path)
    assert isinstance(read, ArticleDraft)
    assert read.title == "House rules"


@pytest.mark.parametrize("begin", ["<x>", "\ufeff<x>", " " * 100 + "<x>"])
def test_what_is_parsed_is_counted_by_how_it_begins(tmp_path: Path, begin: str) -> None:
    """Before it is unpacked, and whatever it is called; pictures cost nothing beside it."""
    parts = {"word/a.png": "\x89PNG" + "x" * 5_000, "word/b.bin": begin + "y" * 3_000}
    small = _within(_packed(tmp_path / "a.docx", parts), markup=2_000)
    assert isinstance(small, Skipped)
    assert small.why == "holds more than 2,000 bytes of text and its form: split it"
    large = _within(tmp_path / "a.docx", markup=4_000)
    assert isinstance(large, Skipped)
    assert "Could not find main document part" in large.why


def test_of_a_pdf_no_more_is_read_than_is_wanted(tmp_path: Path) -> None:
    """A message tells its beginning only, and what its pages draw is counted before it is read."""
    writer = PdfWriter()
    for thing in ("a key", "the lease", "some cash"):
        writer.append(printed(tmp_path / "one.pdf", f"Bring {thing} to the desk."))
    writer.write(tmp_path / "three.pdf")
    whole = _within(tmp_path / "three.pdf")
    begin = _within(tmp_path / "three.pdf", beginning=10)
    pages = _within(tmp_path / "three.pdf", beginning=1_000, pages=2)
    drawn = _within(tmp_path / "three.pdf", drawn=60)
    counts = [
        one.text.count("Bring") for one in (whole, begin, pages) if isinstance(one, ArticleDraft)
    ]
    assert counts == [3, 1, 2]
    assert isinstance(drawn, Skipped)
    assert drawn.why == "its pages draw more than 60 bytes: split it"
