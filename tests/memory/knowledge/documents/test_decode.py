"""Bytes as text."""

import pytest

from memory.knowledge.documents.decode import UnknownEncoding, decode, storable


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Größe 5 €".encode(), "utf-8"),
        ("Größe 5 €".encode("utf-8-sig"), "utf-8-sig"),
        ("Größe 5 €".encode("utf-16"), "utf-16"),
        ("Größe 5 €".encode("utf-16-le"), "utf-16-le"),
        ("Größe 5 €".encode("utf-16-be"), "utf-16-be"),
        ("Größe 5 €".encode("utf-32"), "utf-32"),
        ("Größe 5 €".encode("cp1252"), "cp1252"),
    ],
)
def test_an_encoding_is_told_from_the_bytes(content: bytes, encoding: str) -> None:
    """With or without a mark, as old editors write it."""
    found = decode(content)
    assert (found.text, found.encoding) == ("Größe 5 €", encoding)


def test_a_page_names_its_own_encoding() -> None:
    """Of bytes that are no UTF-8 the page's own word is believed."""
    page = '<meta charset="windows-1251"><p>Цена</p>'.encode("windows-1251")
    assert "Цена" in decode(page, markup=True).text
    assert "schön" in decode("<meta charset=iso-8859-1>schön".encode("latin-1"), markup=True).text


LONG = {
    "euc_jp": "ご注文の品は三日でお届けします。日時は指定できます。",
    "cp1253": "Μπορείτε να αλλάξετε τη διεύθυνση πριν την αποστολή του δέματος.",
    "cp1251": "Товар можно вернуть в течение двух недель после покупки, если он не был в употреблении и сохранён чек.",
    "shift_jis": "商品の返品はお届けから二週間以内に限りお受けいたします。送料はお客様のご負担となりますのでご了承ください。",
    "euc_kr": "상품은 받은 날부터 이 주 안에 돌려보낼 수 있습니다. 보내는 값은 사신 분이 내셔야 하니 미리 알아 두시기 바랍니다.",
}


@pytest.mark.parametrize("encoding", LONG)
def test_an_old_encoding_of_another_script_is_told_from_enough_text(encoding: str) -> None:
    """By how often its letters follow each other."""
    assert decode(LONG[encoding].encode(encoding)).text == LONG[encoding]


def test_bytes_that_nobody_can_read_are_refused() -> None:
    """A guess would store nonsense that nobody ever finds."""
    for content in ("Цена и доставка".encode("koi8-r"), b"a\x81b\xff" + b"plain text " * 9):
        with pytest.raises(UnknownEncoding, match="save it as UTF-8"):
            decode(content)


def test_signs_that_are_no_text_part_words() -> None:
    """Control characters go, and two words that one of them parted stay two."""
    assert storable("a\x00b\x0bc\r\nd\re\u2028f\x1b[0m\ud800") == "a b c\nd\ne\nf[0m?"
