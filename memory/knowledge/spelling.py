"""One spelling for what Britain and America write otherwise, so that a colour is found where "color" stands.

For comparison only: what comes out may be no word ("lettr"), but it is the same for both spellings.
"""

from __future__ import annotations

SHORTEST = 5
"""Letters of a stem whose ending may differ; shorter ones ("our", "tre") are other words."""
_WORDS = {
    "grey": "gray",
    "tyre": "tire",
    "tyr": "tir",
    "programm": "program",
    "aluminium": "aluminum",
    "jewellery": "jewelry",
    "pyjama": "pajama",
    "moustach": "mustach",
    "sceptic": "skeptic",
    "plough": "plow",
}
_ENDINGS = (
    ("our", "or"),
    ("ogu", "og"),
    ("isation", "ization"),
    ("isat", "izat"),
    ("is", "iz"),
    ("ys", "yz"),
    ("enc", "ens"),
    ("ter", "tr"),
    ("ber", "br"),
)
"""Of stems without their last e: "organis", "licenc", "centr"."""


def one_spelling(stem: str) -> str:
    """The stem as both sides of the ocean have it.

    >>> one_spelling("colour"), one_spelling("organis"), one_spelling("encyclopaedia")
    ('color', 'organiz', 'encyclopedia')
    """
    if stem in _WORDS:
        return _WORDS[stem]
    if len(stem) < SHORTEST:
        return stem
    plain = stem.replace("ae", "e")
    for ending, other in _ENDINGS:
        if plain.endswith(ending):
            return plain.removesuffix(ending) + other
    return plain
