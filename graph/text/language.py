"""The language of a message, or that there is too little of it to tell."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from memory.patterns import linear

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SUPPORT_LANGUAGES = """
    en de fr es it pt nl sv da no fi pl cs sk hu ro bg hr sl et lv lt el tr ru uk ar he fa hi zh
    ja ko vi th id
    """.split()
"""Languages to choose from. Rarer ones only draw short texts away from these."""
CERTAIN = 0.6
"""Probability below which a text is undetermined rather than misnamed."""
FEWEST_LETTERS = 6
"""Below it nothing can be told."""
FEWEST_OWN_LETTERS = 16
"""Beside words in quotation marks, by which the language of who cites them is told."""
_CITED = linear(
    r"\"[^\"\n]{1,200}\"|“[^“”\n]{1,200}”|„[^„“”\n]{1,200}[“”]|«[^«»\n]{1,200}»|»[^«»\n]{1,200}«|「[^「」\n]{1,200}」"
)
UNDETERMINED = "und"
HINDI_IN_LATIN = frozenset(
    """
    hai hain nahi nahin nhi kya kaise kyun kyu mera meri mere mujhe mujhko hum hume aap aapka
    tum yeh ye woh kab kahan karo karu karun karna kar raha rahi rahe hua hota hoga gaya gayi
    chahiye batao bataiye bata sakte sakta sakti bhai yaar jaldi wala apna apni abhi bhi ka ki
    ko
    """.split()
)
"""Words of grammar of Hindi and Urdu in Latin letters, which no model of languages knows."""
FEWEST_HINDI = 2
"""Different words of them: one alone may be a name."""


def language_of(text: str) -> str:
    """ISO 639-1 code, or `und` where the text is too short to be certain."""
    own = _CITED.sub(" ", text)
    if sum(map(str.isalpha, own)) >= FEWEST_OWN_LETTERS:
        text = own  # a screen may speak another language than who reads it
    if sum(sign.isalpha() for sign in text) < FEWEST_LETTERS:
        return UNDETERMINED
    if len(HINDI_IN_LATIN.intersection(text.lower().split())) >= FEWEST_HINDI:
        return "hi"
    code, probability = _model().classify(text)
    return str(code) if probability >= CERTAIN else UNDETERMINED


@lru_cache(maxsize=1)
def _model() -> LanguageIdentifier:
    """One for all desks of a process, 60 MB: made anew of the languages that are left, it lets go of the rest."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    every = LanguageIdentifier.from_model_file(MODEL_FILE)
    every.set_languages(list(SUPPORT_LANGUAGES))
    return LanguageIdentifier(
        every.nb_ptc,
        every.nb_pc,
        every.nb_classes,
        every.tk_nextmove,
        every.tk_output,
        norm_probs=True,
        tk_row=every.tk_row,
    )
