"""Numbers of a Word document's steps."""

import zipfile
from pathlib import Path

import pytest

from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.article_files import read_articles

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def _says(text: str, list_: int | None = None) -> str:
    number = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{list_}"/></w:numPr>' if list_ else ""
    return f"<w:p><w:pPr>{number}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def _read(file: Path, body: str) -> str:
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{CONTENT}"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{KIND}.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r" Type="{OFFICE}/officeDocument"'
        ' Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="n"'
        f' Type="{OFFICE}/numbering" Target="numbering.xml"/></Relationships>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:abstractNum w:abstractNumId="1">'
        '<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId'
        ' w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3">'
        '<w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        "</w:numbering>",
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
    }
    with zipfile.ZipFile(file, "w") as made:
        for name, text in parts.items():
            made.writestr(name, text)
    (draft,) = read_articles(file)
    assert isinstance(draft, ArticleDraft)
    return draft.text


@pytest.mark.parametrize(
    ("lists", "marks"),
    [
        ((1, 1, None, 1), ["1.", "2.", "Mind", "3."]),
        ((1, None, 3, 3), ["1.", "Mind", "1.", "2."]),
        ((2, None, 1, 1), ["-", "Mind", "1.", "2."]),
        ((1, 1, 1, None), ["1.", "2.", "3.", "Mind"]),
    ],
)
def test_steps_go_on_below_what_stands_between_them(
    tmp_path: Path, lists: tuple[int | None, ...], marks: list[str]
) -> None:
    """A remark or a picture ends no list; only another one, or one that is begun anew, counts from 1."""
    body = _says("Lay the table in this order, please.") + "".join(
        _says("Mind the glasses." if one is None else f"Take the plate from shelf {n}.", one)
        for n, one in enumerate(lists)
    )
    lines = _read(tmp_path / "table.docx", body).split("\n")
    assert [one.split()[0] for one in lines if one.strip() and not one.startswith("Lay")] == marks
