"""Tables of a printed page."""

from pathlib import Path

from memory.knowledge.article_draft import ArticleDraft
from memory.knowledge.article_files import read_articles


def _pdf(file: Path, text: str) -> Path:
    stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n" + table
    file.write_bytes(
        out + head + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    )
    return file


def test_the_rows_of_a_printed_table_are_rows(tmp_path: Path) -> None:
    """As running text all of them are one sentence, and a reply tells the first few whichever was asked for."""
    rows = [("Ward", "Fee", "Beds"), ("North", "40 EUR", "12"), ("South", "55 EUR", "30")]
    shown = "".join(
        f"1 0 0 1 {50 + 150 * at} {700 - 20 * n} Tm ({cell}) Tj "
        for n, row in enumerate(rows)
        for at, cell in enumerate(row)
    )
    (draft,) = read_articles(_pdf(tmp_path / "wards.pdf", f") Tj {shown}("))
    assert isinstance(draft, ArticleDraft)
    text = draft.text
    assert text.endswith("| North | 40 EUR | 12 |\n| South | 55 EUR | 30 |")
    assert text.startswith("| Ward | Fee | Beds |\n| --- | --- | --- |")
