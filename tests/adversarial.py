"""Families of texts that make careless readers slow: each by its size in characters.

What reads foreign text is run on all of them; see `tests/security/test_growth.py`.
"""

from collections.abc import Callable

Family = Callable[[int], str]


def repeated(piece: str) -> Family:
    """The piece over and over."""
    return lambda size: (piece * (size // len(piece) + 1))[:size]


def between(head: str, piece: str, tail: str) -> Family:
    """A long run between two ends, so that what began must fail at the last character."""
    return lambda size: head + repeated(piece)(max(0, size - len(head) - len(tail))) + tail


FAMILIES: dict[str, Family] = {
    "blanks": between("x", " ", "x"),
    "dashes and blanks": between("--", " ", "x"),
    "dashes": between("x", "-", "x"),
    "dots": between("x", ".", "x"),
    "dots and blanks": repeated(". "),
    "abbreviations": repeated("a. "),
    "new lines": between("x", "\n", "x"),
    "blank lines": between("x", " \n\t", "x"),
    "carriage returns": repeated("\r"),
    "quotation marks": repeated('"'),
    "quoted words": repeated('"ab'),
    "deep quotes": between("", "> ", "x"),
    "quoted lines": repeated("> On 3 May 2026 at 09:12 a <a@b.example> wrote:\n"),
    "attributions": repeated("On Mon, 3 Aug 2026 at 09:12 Ann wrote:\n"),
    "heads of mails": repeated("From: a@b.example\nDate: 1 May 2026\nTo: x\nSubject: y\n"),
    "rules": repeated("-----Original Message-----\n"),
    "closings": repeated("Thanks,\nDana\n\n"),
    "dashed lines": repeated("--\n"),
    "opening brackets": repeated("["),
    "links": repeated("[a]("),
    "opening fields": repeated("${a:-"),
    "nested brackets": lambda size: "(" * (size // 2) + ")" * (size // 2),
    "opening tags": repeated("<div>"),
    "unclosed tags": between("<p>", "<a ", "</p>"),
    "attributes": between("<p ", 'a="b" ', "></p>"),
    "comments": between("<p>", "<!--", "</p>"),
    "entities": between("<p>", "&amp", "</p>"),
    "stars": repeated("*a "),
    "underscores": repeated("__a "),
    "hashes": repeated("#"),
    "backticks": repeated("`a"),
    "pipes": repeated("|-"),
    "table": repeated("| a | b |\n"),
    "nested list": lambda size: "".join("  " * (line % 40) + "- a\n" for line in range(size))[
        :size
    ],
    "numbered list": repeated("1. a\n"),
    "combining marks": between("a", "\u0301\u0316", "b"),
    "zero width": between("a", "\u200b", "b"),
    "right to left": repeated("\u202e\u05d0"),
    "wide digits": repeated("\uff11"),
    "expanding signs": repeated("\ufdfa"),
    "one token": repeated("a"),
    "one token of base64": between("", "QUJD", "!"),
    "one number": repeated("1"),
    "numbers": repeated("12 34 "),
    "groups of a card": repeated("4111 1111 1111 1111 "),
    "phones": repeated("+49 170 1234567 "),
    "amounts": repeated("1 200 \u20ac "),
    "amount that never ends": between("\u20ac1", "'000", "x"),
    "addresses": repeated("a@b.co "),
    "half an address": between("", "a.", "@"),
    "domains": between("a@", "b.", "1"),
    "urls": repeated("http://a.b/c "),
    "key value": repeated("password: "),
    "private key": between("-----BEGIN PRIVATE KEY-----", "-", ""),
    "spaced letters": repeated("a b "),
    "order numbers": repeated("FH-1234567 "),
    "joined asks": between("How do I", " and how do I", "?"),
    "joined orders": between("Cancel", " and then cancel it", "."),
    "questions": repeated("a? "),
    "pointing": repeated("And it? "),
    "requests": repeated("please "),
    "openers": between("", "and also so but ", "x"),
    "politeness": between("thanks", " a", "x"),
    "instructions": repeated("ignore send reveal tell "),
    "capitals": repeated("Ab Cd "),
    "languages": repeated("\u0436\u4e2d\u0627\u05d0\u0e01\uac00 "),
    "emoji": repeated("\U0001f44d\U0001f3fd"),
}
"""By what they are made of."""
