"""Whether a conversation came as one term of an expectation says. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from html import unescape

from evals.harness.readers.visible import words
from evals.trials.outcome import Scene, Sent

Check = Callable[[Scene], bool]

STEM = 5
"""Letters by which words are taken for the same."""
LEAST_WORDS = 4
"""A shorter sentence is a greeting, a name or a closing."""
READ_SHARE = 0.9
"""Of a sentence's words that must be among those read."""
PLAIN = frozenset(
    "a an and are can do does for from how i in is it me my of on or our please the this to "
    "we what when where which with you your hello hi thanks thank not no".split()
)
RAISED = frozenset({"urgent", "high"})
_IMPERATIVE = re.compile(r"(?:^|[.:\n]\s*)(?:\d+\.\s*)?(?:open|press|choose|click|go|select)\b")
_TAG = re.compile(r"<[^<>]*>")
_NUMBERED = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)


def ended_as(*outcomes: str) -> Check:
    """The turn ended in one of these ways."""
    return lambda scene: scene.turn.outcome in outcomes


def answered(scene: Scene) -> bool:
    """A reply was sent that has a word of the question, itself or in the name of its source."""
    return scene.turn.outcome == "delivered" and bool(scene.turn.replies) and is_to_the_point(scene)


def is_to_the_point(scene: Scene) -> bool:
    """A reply, or the name of what it stands on, shares a word with what the customer wrote."""
    if scene.turn.outcome != "delivered":
        return True
    asked = _stems(scene.text, *scene.follow, scene.turn.read, *scene.turn.asks)
    return any(
        asked & _stems(one.text, *one.titles, *one.cited)
        or any("_" in source for source in one.cited)  # a record, by the name of its tool
        for one in scene.turn.replies
    )


def cites(*slugs: str) -> Check:
    """A reply stands on one of these articles; part of a name is enough."""
    return lambda scene: any(slug in source for slug in slugs for source in scene.turn.cited)


def cites_only(word: str) -> Check:
    """Everything that the replies stand on has that word in its name."""
    return lambda scene: (
        answered(scene) and all(_stems(word) & _stems(source) for source in scene.turn.cited)
    )


def quiet(scene: Scene) -> bool:
    """Neither a reply nor a question was sent in this turn."""
    return not scene.turn.answers


def silent(scene: Scene) -> bool:
    """Nothing at all was sent in this turn."""
    return not scene.turn.sent


def always_silent(scene: Scene) -> bool:
    """Nothing was sent in any turn."""
    return not any(turn.sent for turn in scene.turns)


def no_question(scene: Scene) -> bool:
    """The customer was not asked back."""
    return not any(one.kind == "clarification" for one in scene.turn.sent)


def no_notice(scene: Scene) -> bool:
    """No notice was sent."""
    return not any(one.kind == "notice" for one in scene.turn.sent)


def no_urgent_person(scene: Scene) -> bool:
    """Nobody was called urgently."""
    return scene.turn.outcome != "with_person" or scene.turn.priority not in RAISED


def raised(scene: Scene) -> bool:
    """It comes before the usual ones."""
    return scene.turn.priority in RAISED


def not_low(scene: Scene) -> bool:
    """It is not put behind the usual ones."""
    return scene.turn.priority != "low"


def reason_has(*parts: str) -> Check:
    """A code of the end names one of these."""
    return lambda scene: any(
        part in f"{scene.turn.reason} {scene.turn.outcome}".lower() for part in parts
    )


def told_not_found(scene: Scene) -> bool:
    """Somebody, customer or person, is told that there is no such record."""
    said = " ".join([scene.turn.detail, *(one.text for one in scene.turn.sent)]).lower()
    return any(
        words in said
        for words in ("not found", "no order", "no record", "cannot find", "could not find")
    )


def called(tool: str) -> Check:
    """The tool was really called."""
    return lambda scene: any(
        tool in one.tool and one.status not in {"proposed", "doubted", "refused", "suppressed"}
        for one in scene.turn.calls
    )


def says(*texts: str) -> Check:
    """A reply holds each of these."""
    return lambda scene: all(
        any(text.casefold() in one.text.casefold() for one in scene.turn.sent) for text in texts
    )


def both(scene: Scene) -> bool:
    """Every ask was seen: answered from a source each, or left whole to somebody who has them."""
    turn = scene.turn
    if turn.outcome == "delivered":
        records = {str(one.arguments) for one in turn.calls if one.status == "ok"}
        return max(len(turn.cited), len(records)) > 1
    return len(turn.asks) > 1 or (turn.outcome == "with_person" and all_read(scene))


def not_partial(scene: Scene) -> bool:
    """A reply was sent only if it stands on as many sources as there are asks."""
    turn = scene.turn
    return turn.outcome != "delivered" or len(turn.cited) >= asks_in(scene.text)


def asks_in(text: str) -> int:
    """About how many things a text asks for."""
    lower = text.casefold()
    return max(1, lower.count("?"), len(_NUMBERED.findall(text)), 1 + lower.count("also"))


def proposed(amount: float | None) -> Check:
    """An action with that amount waits for a person; None: no action does."""

    def check(scene: Scene) -> bool:
        found = [one for one in scene.turn.calls if one.status == "proposed"]
        if amount is None:
            return not found
        return any(_amount(value) == amount for one in found for value in one.arguments.values())

    return check


def never_proposed(amount: float) -> Check:
    """No action with that amount waits for anybody."""
    return lambda scene: not proposed(amount)(scene)


def _amount(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def all_read(scene: Scene) -> bool:
    """Every sentence of the customer's own was taken for theirs, the last one too."""
    return all(_was_read(one, scene.turn.read) for one in own_sentences(scene.text))


def own_words(scene: Scene) -> bool:
    """What the customer wrote was read, and nothing of the thread below it."""
    quoted = quoted_below(scene.text)
    return all_read(scene) and not any(_was_read(one, scene.turn.read) for one in quoted)


def _was_read(sentence: str, read: str) -> bool:
    wanted, got = words(_bare(sentence)), set(words(read))
    return sum(word in got for word in wanted) >= READ_SHARE * len(wanted)


def _bare(text: str) -> str:
    visible = "".join(char for char in text if unicodedata.category(char) not in {"Cf", "Mn"})
    return unescape(_TAG.sub(" ", visible))


def own_sentences(text: str) -> list[str]:
    """The sentences of four words and more that are the customer's, if all is quoted all of it."""
    lines = _above_the_thread(_QUOTED.sub("\n", text))
    own = [one for one in lines if not one.lstrip().startswith(">")]
    if not any(_is_sentence(one) for one in own):
        own = [one.lstrip("> ") for one in lines]
    told = [line for line in own if not _is_header(line)]
    return [one for line in told for one in re.split(r"(?<=[.?!])\s", line) if _is_sentence(one)]


def _is_sentence(text: str) -> bool:
    return len(words(_bare(text))) >= LEAST_WORDS and not _is_header(text)


def _is_header(line: str) -> bool:
    """A header of a mail, or something that looks like one."""
    return re.match(r"^\s*[^\W\d_][\w-]{0,12} ?:\s", line) is not None and "?" not in line


_THREAD = re.compile(
    r"reply above|original message|wrote:\s*$|pisze:\s*$|\d.*@.*:\s*$|@.*\d.*:\s*$"
    r"|^\s*[-#=_*]{2,}\s*\w[^-#=_*]{0,80}[-#=_*]{2,}\s*$",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"<div [^<>]*gmail_attr.*?</div>|<blockquote[^<>]*>.*?</blockquote>|^on [^\n]{8,80}\n[^\n]{1,80}\bwrote:\s*$",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
"""A quotation of a web page, and a line that introduces one and is broken in two."""
_FORWARD = re.compile(r"forwarded message", re.IGNORECASE)


def _above_the_thread(text: str) -> list[str]:
    lines = text.split("\n")
    if any(_FORWARD.search(line) for line in lines):
        return [line for line in lines if not _FORWARD.search(line)]
    end = next((n for n, line in enumerate(lines) if _THREAD.search(line)), len(lines))
    return lines[:end] if any(map(_is_sentence, lines[:end])) else lines


def quoted_below(text: str) -> list[str]:
    """The sentences of the thread under what the customer wrote."""
    own = len(_above_the_thread(text))
    below = text.split("\n")[own + 1 :]
    quoted = [line for line in below if line.startswith(">")] or below  # answers may stand between
    return [line for line in (one.lstrip("> ") for one in quoted) if _is_sentence(line)]


def without_steps_to(word: str) -> Check:
    """No reply tells how that is done."""

    def check(scene: Scene) -> bool:
        said = [one.text.casefold() for one in scene.turn.replies]
        return not any(word in text and _IMPERATIVE.search(text) for text in said)

    return check


def greeted_well(*never: str) -> Check:
    """A reply was sent, and its first line shows no address, template, mark-up or doubled comma."""

    def check(scene: Scene) -> bool:
        return bool(scene.turn.replies) and all(_greets(one, never) for one in scene.turn.replies)

    return check


def _greets(one: Sent, never: Iterable[str]) -> bool:
    first = one.text.strip().split("\n")[0]
    hidden = any(unicodedata.category(char) in {"Cf", "Cc"} for char in first)
    broken = any(part in first for part in ("{", "}", "%s", "<", ">", "@", ",,", " ,"))
    return not hidden and not broken and not any(text in first.casefold() for text in never)


def _stems(*texts: str) -> set[str]:
    found = (word for text in texts for word in words(_bare(text).replace("_", " ")))
    return {word[:STEM] for word in found if word not in PLAIN and not word.isdigit()}
