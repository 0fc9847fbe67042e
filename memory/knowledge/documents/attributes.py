"""What stands in a tag that Markdown passes on."""

from __future__ import annotations


def name_of(tag: str) -> str:
    """What a tag is called: `Tab` of `<Tab title="A">` and of `</Tab>`."""
    return tag[1:-1].strip("/ ").partition(" ")[0]


def attributes_of(text: str) -> dict[str, str]:
    """`name="value"` pairs.

    >>> attributes_of('style="info" title="A b"')
    {'style': 'info', 'title': 'A b'}
    """
    found: dict[str, str] = {}
    at = 0
    while (sign := text.find("=", at)) >= 0:
        name = text[at:sign].split()[-1:] or [""]
        start = sign + 1
        while text[start : start + 1] in (" ", "{"):
            start += 1
        quote = text[start : start + 1]
        if quote in ('"', "'", "`") and quote:
            end = text.find(quote, start + 1)
            value = text[start + 1 : end if end > 0 else len(text)]
            at = end + 1 if end > 0 else len(text)
        else:
            value = text[start:].split(" ", 1)[0]
            at = start + max(len(value), 1)
        found[name[0].lower()] = value
    return found
