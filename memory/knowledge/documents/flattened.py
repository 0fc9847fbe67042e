"""Articles whose markup was stripped: their headings and steps, found again in the running text.

Exports and scrapers often keep the words of a page and drop what stood between them. Sentences and
headings then touch what follows (see `glued_words`), and a list of steps is one paragraph, of which a
reply would tell the half. A text is changed only where it shows the habit several times and has no marks
of its own, and no word of it is: blanks, line ends and the marks of headings and steps are added. Its sentences
end as sentences do; where the last one does not, it is cut off.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise, takewhile

from memory.knowledge.documents.glued_words import VERBS, ends_prose, hints, joints
from memory.knowledge.documents.truncation import MARK
from memory.patterns import linear
from memory.sentences import sentences

FEWEST_TOUCHING = 2
"""Places where words touch, from which on a text has lost its markup; in one at least a sentence surely ends."""
MOST_MARKED = 1
"""Lines that begin with a mark, beyond which it has markup of its own."""
LONGEST_HEADING, LONGEST_QUESTION = 14, 25
"""Words of a line that may be a heading; of a question."""
LONGEST_LABEL = 5
"""Words before a colon that name the case in which the next step holds."""
FEWEST_STEPS, FEWEST_LED = 3, 2
"""Instructions in a row that are a list of steps; the second where a lead introduces them."""
MOST_BETWEEN, MOST_CHOICES = 1, 12
"""Sentences between two instructions that belong to the first; the second where it, or a hint, opens them."""

_MARKED = linear(r"^ {0,3}(?:#{1,6} |[-*+•] |\d+[.)] |>|\||```|~~~)|[;{}]$", multiline=True)
"""A line of Markdown, or of a program."""
_OPTIONAL = linear(r"\(optional\)", ignore_case=True)
"""A step begins with it, whatever stands before."""
_TOUCHING_NUMBER = linear(r"([a-z)][.!?])(?P<number>\d{1,2})[.)] ?\b")
_BEFORE_VERB = frozenset(["then", "next", "now", "first", "finally", "simply", "temporarily"])
_WAY_VERBS = frozenset(
    """
    choose click double-click drag enter go hold hover log open press right-click scroll select sign tap type
    """.split()
)
"""Those that a way begins with where nothing leads to it: "Use this report to ..." may be advice."""
_POINTS = linear(r"\b(?:learn|read|find out|see) more\b|^click here\b", ignore_case=True)
_CHOICE = linear(r"^[\w’'-]+(?: [\w’'-]+){0,3}: \S")
_FAQ = linear(r"\bfaqs?\b|\bfrequently asked\b", ignore_case=True)
_GUARDED = linear(r"^(?:[-+*#>|~`]|\d+[.)])")
_OF_A_PERSON = linear(r"^(?:I|My|We|Our)(?:\W|$)")
"""What a customer says before a question that is a heading: "I sold it. How do I ...?"."""


@dataclass(frozen=True)
class _Piece:
    """A sentence, or a line without an end."""

    text: str
    first: bool
    """Whether a line begins with it."""
    last: bool
    """Whether a line ends with it."""
    touches: bool
    """Whether the next one stood right behind it, without a blank."""

    @property
    def leads(self) -> bool:
        return self.text.endswith(":")

    @property
    def instructs(self) -> bool:
        """Whether it is a whole instruction; "Rename: Change the name." is a choice."""
        whole = self.text.endswith((".", "!", ":", ")", MARK))
        instruction = self.verb in VERBS and not _POINTS.search(self.text)
        return whole and instruction and not _CHOICE.match(self.text)

    @property
    def verb(self) -> str:
        """The first word, behind "(Optional)", "Then" and the like."""
        said = self.text.partition(")")[2] if self.text.startswith("(") else self.text
        first = [word.lower().strip(",.:") for word in said.split(None, 2)[:2]]
        return first[-1] if first[:1] and first[0] in _BEFORE_VERB else "".join(first[:1])

    @property
    def asks(self) -> bool:
        return self.text.endswith("?") and self.text.count(" ") < LONGEST_QUESTION

    @property
    def is_heading(self) -> bool:
        """A short piece without an end, or a question right before its answer."""
        if self.asks and self.touches:
            return True
        if self.text.count(" ") >= LONGEST_HEADING:
            return False
        closed = self.text.endswith((".)", "!)", "?)"))
        open_end = self.text[-1].isalnum() or (self.text.endswith(")") and not closed)
        begins = self.text[0].isupper() and not self.instructs
        return begins and open_end and (self.touches or self.last)


def restored(text: str) -> str:
    """The text with its headings and steps marked as in Markdown; as it is where nothing was lost."""
    if sum(1 for _ in islice(_MARKED.finditer(text), MOST_MARKED + 1)) > MOST_MARKED:
        return text
    found = list(joints(text))
    if len(found) < FEWEST_TOUCHING or not any(ends_prose(text, at) for at in found):
        return text
    text = _without_numbers(text)
    cuts = sorted({*joints(text), *(one.start() for one in _OPTIONAL.finditer(text))})
    *pieces, last = _pieces(text, cuts)
    cut = replace(last, text=last.text + MARK) if last.text[-1].isalnum() else last
    return "\n\n".join(_blocks([*pieces, cut]))


def _without_numbers(text: str) -> str:
    """The text without the numbers of its steps where they touch: "Click Edit.4. Click Save.5. Wait."."""
    found = [int(one["number"]) for one in _TOUCHING_NUMBER.finditer(text)]
    counted = any(other == one + 1 for one, other in pairwise(found))
    return _TOUCHING_NUMBER.sub(r"\1 ", text) if counted else text


@dataclass
class _Step:
    """An instruction with what is said of it: its choices, or a hint."""

    text: str
    more: list[str] = field(default_factory=list)

    def markdown(self, number: int) -> str:
        mark = f"{number}. "
        if not self.text.endswith(":"):
            return mark + " ".join([self.text, *self.more])
        indent = " " * len(mark)
        return "\n".join([mark + self.text, *(f"{indent}- {one}" for one in self.more)])


def _pieces(text: str, cuts: Sequence[int]) -> Iterator[_Piece]:
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        inside = cuts[bisect_left(cuts, start) : bisect_left(cuts, end)]
        parts = [text[one:other] for one, other in pairwise([start, *inside, end])]
        said = [list(_whole(part)) for part in parts]
        for number, part in enumerate(said):
            for place, one in enumerate(part, start=1):
                ends = place == len(part)
                touches = ends and number < len(said) - 1
                yield _Piece(one, number == 0 and place == 1, ends and not touches, touches)
        start = end + 1


def _whole(part: str) -> Iterator[str]:
    """Its sentences; a name may end with a mark: "Click the Which colour? menu."."""
    said = ""
    for one in sentences(part):
        if said and not (said.endswith("?") and one.text[:1].islower()):
            yield said
            said = ""
        said = f"{said} {one.text}" if said else one.text
    if said:
        yield said


def _blocks(pieces: Sequence[_Piece]) -> Iterator[str]:
    """Headings, paragraphs and lists of steps, as Markdown."""
    said: list[str] = []
    at, answers = 0, False
    while at < len(pieces):
        one, led = pieces[at], bool(said) and said[-1].endswith(":")
        steps, taken = _steps(pieces, at, FEWEST_LED if led else FEWEST_STEPS)
        if steps:
            lead = [said.pop()] if led else []
            yield from _paragraph(said)
            yield "\n".join([*lead, *(step.markdown(n) for n, step in enumerate(steps, start=1))])
        elif (one.is_heading or (answers and one.asks)) and not led and at + 1 < len(pieces):
            told = said.pop() + " " if said and _OF_A_PERSON.match(said[-1]) else ""
            answers = answers or _FAQ.search(one.text) is not None
            yield from _paragraph(said)
            yield f"## {told}{one.text}"
        else:
            if hints(one.text):
                yield from _paragraph(said)
            said.append(one.text)
            if one.last and not one.leads:
                yield from _paragraph(said)
        at += taken
    yield from _paragraph(said)


def _paragraph(said: list[str]) -> Iterator[str]:
    """What was said so far, which is then told."""
    if said:
        text = " ".join(said)
        said.clear()
        yield f"\\{text}" if _GUARDED.match(text) else text


def _steps(pieces: Sequence[_Piece], at: int, fewest: int) -> tuple[list[_Step], int]:
    """The steps that begin at a piece, with how many pieces they take; none where they are too few."""
    steps: list[_Step] = []
    between: list[str] = []
    ends: list[int] = []
    end = at
    if not pieces[at].instructs or (fewest == FEWEST_STEPS and pieces[at].verb not in _WAY_VERBS):
        return [], 1
    for place in range(at, len(pieces)):
        one = pieces[place]
        if one.instructs and not (steps and one.first and one.text == pieces[at].text):
            label = between.pop() + " " if between and _labels(between[-1]) else ""
            if steps:
                steps[-1].more += between
            steps.append(_Step(label + one.text))
            between, ends, end = [], [], place + 1
        elif not steps or one.instructs or not _belongs(one, steps[-1], between):
            break
        elif between and between[-1].endswith(":"):
            between[-1] += f" {one.text}"
            ends[-1] = place + 1
        else:
            between.append(one.text)
            ends.append(place + 1)
    if len(steps) < fewest:
        return [], 1
    if steps[-1].text.endswith(":"):  # what it opens ends the list
        chosen = list(takewhile(_CHOICE.match, between))
        steps[-1].more += chosen
        end = ends[len(chosen) - 1] if chosen else end
    return steps, end - at


def _belongs(one: _Piece, step: _Step, between: Sequence[str]) -> bool:
    """Whether a sentence may be said of the step before, if another step follows."""
    if one.is_heading or (one.leads and not _labels(one.text)):
        return False
    opened = step.text.endswith(":") or hints((*between, one.text)[0])
    return len(between) < (MOST_CHOICES if opened else MOST_BETWEEN)


def _labels(text: str) -> bool:
    """Whether it names the case of what follows, as "PayPal:"."""
    return text.endswith(":") and len(text.split()) <= LONGEST_LABEL
