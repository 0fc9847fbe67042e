"""How heated a message sounds: general English words and symbols only."""

from __future__ import annotations

from memory.patterns import linear

HEATED = 0.5
"""Heat from which a message counts as heated."""
MOST_READ_CHARS = 8_000
SHOUTED_LETTERS = 12
"""Letters without which capitals say nothing."""

_ANGRY = linear(
    r"\b(?:unacceptable|outrag\w+|ridiculous|furious|angry|disgust\w*|appalling|terrible|awful|"
    r"horrible|worst|useless|pathetic|joke|scam|fraud\w*|rip[- ]?off|steal\w*|stolen|liars?|"
    r"incompeten\w+|disgrace\w*|fed up|sick of|had enough|disappointed|frustrat\w+|annoy\w+|"
    r"complain\w*|complaint)\b",
    ignore_case=True,
)
_THREAT = linear(
    r"\b(?:lawyers?|solicitors?|attorney|legal action|sue (?:you|them|your|for)|(?:will|shall|going to) sue|"
    r"(?:in|to|before|through) court|(?:to|before) the courts?|small claims|ombudsman|regulator|chargeback|"
    r"consumer protection|trading standards|police|(?:to|with) the press|journalist|cancel (?:my|our) (?:account|"
    r"contract|subscription))\b",
    ignore_case=True,
)
_AGAIN = linear(
    r"\b(?:(?:second|third|fourth|fifth|\d+(?:nd|rd|th)) time|again and again|still (?:waiting|no|"
    r"not|nothing|haven't|have not)|no (?:answer|reply|response)|nobody (?:answers|replies|helps)|"
    r"for (?:days|weeks|months))\b",
    ignore_case=True,
)


def heat(text: str) -> float:
    """From 0 to 1, by anger, threats, repetition, shouting. It orders a queue, and decides nothing else."""
    read = text[:MOST_READ_CHARS]
    letters = [sign for sign in read if sign.isalpha()]
    shouted = sum(sign.isupper() for sign in letters) / max(len(letters), 1)
    loud = len(letters) >= SHOUTED_LETTERS and shouted > HEATED
    found = (
        0.35 * min(len(_ANGRY.findall(read)), 2)
        + 0.5 * bool(_THREAT.search(read))
        + 0.3 * bool(_AGAIN.search(read))
        + 0.3 * loud
        + 0.15 * min(read.count("!") // 2, 2)
    )
    return round(min(found, 1.0), 2)
