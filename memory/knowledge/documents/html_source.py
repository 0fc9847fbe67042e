"""HTML made safe to parse: one pass over the source, before the parser sees it.

A parser builds what it is given: a hundred thousand attributes, elements a thousand deep. Both
cost it more than linear time, and no article has them, so they are cut here. What a reader never
sees (scripts, styles, comments) is left out; no text is.
"""

from __future__ import annotations

from collections import Counter

from memory.knowledge.documents.office_html import standard

MAX_DEPTH = 40
"""Elements within each other; deeper ones are dropped, their text stays."""
MAX_ATTRIBUTES = 60
"""An element with more keeps none."""
LONGEST_NAME = 60
MAX_VALUE = 20_000
"""Characters looked at for the end of a quoted value."""

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_CLOSED_BY_OTHERS = frozenset(
    "p li dt dd td th tr thead tbody tfoot option optgroup rt rp colgroup html head body".split()
)
_UNCOUNTED = _VOID | _CLOSED_BY_OTHERS
_UNSEEN = frozenset({"script", "style", "template", "svg", "math", "iframe", "object", "noscript"})
KNOWN = (
    _VOID
    | _CLOSED_BY_OTHERS
    | _UNSEEN
    | frozenset(
        """
        a abbr address article aside audio b bdi bdo big blockquote button canvas caption center
        cite code data datalist del details dfn dialog div dl em fieldset figcaption figure font
        footer form h1 h2 h3 h4 h5 h6 header hgroup i ins kbd label legend main map mark menu
        meter nav ol output picture pre progress q ruby s samp search section small span strike
        strong sub summary sup table time tt u ul var video
        """.split()
    )
)
"""Elements of HTML; in Markdown any other `<word>` is a placeholder that somebody wrote."""
_LOWER = {upper: upper + 32 for upper in range(65, 91)}


def tamed(source: str, *, markdown: bool = False) -> str:
    """The source without what is unseen, excessive or, in Markdown, no HTML at all."""
    return _Scanner(source if markdown else standard(source), markdown=markdown).run()


class _Scanner:
    """One pass from tag to tag."""

    def __init__(self, source: str, *, markdown: bool) -> None:
        self._source = source
        self._lower = source.translate(_LOWER)
        self._markdown = markdown
        self._out: list[str] = []
        self._depth = 0
        self._dropped: Counter[str] = Counter()
        self._unclosed = False
        """Whether a quote in the tag at hand is never closed: a parser would swallow the rest."""
        self._missing: dict[str, int] = {}
        """From where on something does not occur any more: it is looked for once."""

    def run(self) -> str:
        """The whole source."""
        at, source = 0, self._source
        while (start := source.find("<", at)) >= 0:
            self._out.append(source[at:start])
            at = self._tag(start)
        self._out.append(source[at:])
        return "".join(self._out)

    def _find(self, what: str, start: int) -> int:
        if start >= self._missing.get(what, len(self._source) + 1):
            return -1
        found = self._lower.find(what, start)
        if found < 0:
            self._missing[what] = start
        return found

    def _tag(self, start: int) -> int:
        """Handle what begins at a `<`; where to go on."""
        sign = self._source[start + 1 : start + 2]
        if self._source.startswith("<!--", start):
            return self._skip(start, "-->", 4)
        if sign in ("!", "?") and sign:
            return self._skip(start, ">", 2)
        closing = sign == "/"
        name = self._name(start + 1 + closing)
        if not name:
            return self._literal(start)
        end = self._end(start + 1 + closing + len(name))
        if end < 0:
            return self._literal(start)
        return self._element(name, start, end, closing=closing)

    def _skip(self, start: int, ending: str, width: int) -> int:
        end = self._find(ending, start + width)
        return self._literal(start) if end < 0 else end + len(ending)

    def _literal(self, start: int) -> int:
        self._out.append("&lt;")
        return start + 1

    def _name(self, start: int) -> str:
        head = self._lower[start : start + LONGEST_NAME]
        if not head[:1].isalpha() or (not head.isascii() and not head[0].isascii()):
            return ""
        return head.partition(">")[0].replace("/", " ").split(None, 1)[0]

    def _end(self, at: int) -> int:
        """Where the tag's `>` stands, past quoted values; -1 if there is none."""
        plain, self._unclosed = self._find(">", at), False
        if plain < 0:
            return -1
        tag = self._source[at:plain]
        if "'" not in tag and not tag.count('"') % 2:
            return plain
        end = plain
        while True:
            quote = min(
                (q for sign in "\"'" if (q := self._source.find(sign, at, end)) >= 0), default=-1
            )
            if quote < 0:
                return end
            close = self._source.find(self._source[quote], quote + 1, quote + MAX_VALUE)
            if close < 0:
                self._unclosed = True
                return plain
            at = close + 1
            if at > end:
                end = self._find(">", at)
                if end < 0:
                    return plain

    def _element(self, name: str, start: int, end: int, *, closing: bool) -> int:
        if self._markdown and name not in KNOWN:
            return self._literal(start)
        if name in _UNSEEN and not closing:
            return self._unseen(name, start, end)
        if name not in _UNCOUNTED and not self._admitted(name, closing=closing):
            return end + 1
        tag = self._source[start : end + 1]
        if (
            self._unclosed
            or tag.count("=") > MAX_ATTRIBUTES
            or tag.count(" ") > MAX_ATTRIBUTES * 10
        ):
            tag = f"<{'/' * closing}{name}>"
        self._out.append(tag)
        return end + 1

    def _unseen(self, name: str, start: int, end: int) -> int:
        if self._source[end - 1] == "/":
            return end + 1
        close = self._find(f"</{name}", end)
        if close < 0:
            return self._literal(start) if self._markdown else end + 1
        after = self._find(">", close)
        return len(self._source) if after < 0 else after + 1

    def _admitted(self, name: str, *, closing: bool) -> bool:
        """Whether a tag is kept: one that opens too deep is not, nor the one that closes it."""
        if closing:
            if self._dropped[name]:
                self._dropped[name] -= 1
                return False
            self._depth = max(0, self._depth - 1)
            return True
        if self._depth >= MAX_DEPTH:
            self._dropped[name] += 1
            return False
        self._depth += 1
        return True
