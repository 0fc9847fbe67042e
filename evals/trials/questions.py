"""A question about an article: is the reply made of that article's own facts, unharmed?

The answer is looked for here by plain means: the block that shares most words with the question,
and the list or code that it leads in. Its numbers, nine tenths of its words and every line of its code
must stand in the reply; no number of the reply may come from elsewhere.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from evals.harness.readers.visible import Block, Visible, words
from evals.trials.checks import PLAIN
from evals.trials.outcome import CameTurn
from evals.trials.trial import Trial, Verdict

TOLD = 0.8
"""Share of the answering block's words that a reply holds: it may leave out "use this script"."""
GENERIC = "own facts"
"""What an expectation says that names no fact."""
_NAME = re.compile(r"^([a-z]+)0*(\d+)(?!\d)")
_LISTED = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)
_SOURCE_MARK = re.compile(r" ?\[\d+\](?!\()")
"""What points at the list of sources is no figure of the reply."""
_STRUCK = re.compile(r"~~[^~]*~~")
"""A price that is none any more."""
_FACT = re.compile(r"\"([^\"]+)\"|'([^']+)'|(\d[\d.,: ]*\d|\d)")

Article = tuple[Path, str, Visible]


def judged_question(trial: Trial, turn: CameTurn, articles: Sequence[Article]) -> Verdict:
    """How a question was answered. `articles`: (file, doc_id, what is seen of it)."""
    came = _told(turn)
    if turn.crashed:
        return Verdict(right=False, came=came)
    answered = turn.outcome == "delivered"
    meant = [one for one in articles if _number(one[0].stem) == _number(Path(trial.id).name)]
    if meant and not any(visible.words for _, _, visible in meant):
        return Verdict(not answered, came)  # there is nothing that could be told
    about = meant or [one for one in articles if one[1] in turn.cited]
    if not answered or not about:
        return Verdict(right=False, came=came)
    faults = [_fault(trial, turn, one) for one in about]
    best = min(faults, key=len)
    return Verdict(not best, f"{came}; {best}" if best else came)


def _told(turn: CameTurn) -> str:
    said = " | ".join(" ".join(one.text.split())[:200] for one in turn.replies)
    return f"{turn.told()}: {said}" if said else turn.told()


def _number(name: str) -> tuple[str, str] | None:
    found = _NAME.match(name.lower())
    return (found[1], found[2]) if found else None


def _fault(trial: Trial, turn: CameTurn, article: Article) -> str:
    """What is wrong with the reply; empty if nothing is."""
    _, doc_id, visible = article
    reply = "\n".join(one.text for one in turn.replies)
    if doc_id not in turn.cited:
        return f"does not stand on {doc_id}"
    if GENERIC not in trial.expect:
        missing = [fact for fact in _facts(trial.expect) if not _holds(reply, fact)]
        if missing:
            return f"does not tell {', '.join(missing)}"
        wanted = []  # what is named is what must be told
    else:
        wanted = answering(visible.blocks, trial.text)
    named = [title for one in turn.replies for title in one.titles]
    return _untold(wanted, reply) or _foreign(reply, visible, named)


def _facts(expect: str) -> list[str]:
    return [next(part for part in found if part) for found in _FACT.findall(expect)]


def _holds(reply: str, fact: str) -> bool:
    return " ".join(words(fact)) in " ".join(words(reply))


def answering(blocks: Sequence[Block], question: str) -> list[Block]:
    """The block nearest to the question, and the list or code right behind it."""
    asked = _content(question)
    bodies = [n for n, one in enumerate(blocks) if _answers(one)]
    if not bodies:
        return []
    best = max(bodies, key=lambda n: len(asked & _content(f"{blocks[n].header} {blocks[n].text}")))
    found = [blocks[best]]
    if blocks[best].kind == "text":
        for one in blocks[best + 1 :]:
            if one.kind not in {"item", "code"}:
                break
            found.append(one)
    return found


def _answers(block: Block) -> bool:
    """A heading, a question and the header of a table answer nothing by themselves."""
    asks = block.text.strip().endswith("?")
    return block.kind != "heading" and not asks and block.text != block.header


def _content(text: str) -> set[str]:
    return {word[:5] for word in words(text) if word not in PLAIN}


def _untold(wanted: Sequence[Block], reply: str) -> str:
    said = words(reply)
    for block in wanted:
        if block.kind == "code":
            lines = [line for line in block.text.split("\n") if line.strip()]
            if harmed := [line for line in lines if line not in reply]:
                return f"the line {harmed[0]!r} is harmed or missing"
            continue
        inside = words(_STRUCK.sub(" ", block.text))
        numbers = [word for word in inside if any(char.isdigit() for char in word)]
        if missing := [one for one in numbers if one not in said]:
            return f"{missing[0]} is missing"
        if sum(word in said for word in inside) < TOLD * len(inside):
            return f"{block.text.strip()[:60]!r} is not told"
    return ""


def _foreign(reply: str, visible: Visible, named: Sequence[str]) -> str:
    inside = {*visible.words, *words(" ".join(named))}
    new = [
        one
        for one in words(_SOURCE_MARK.sub("", _LISTED.sub("", reply)))
        if any(c.isdigit() for c in one) and one not in inside
    ]
    return f"{new[0]} does not stand in the article" if new else ""
