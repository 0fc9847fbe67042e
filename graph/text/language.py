"""The language of a message, or that there is too little of it to tell."""

from __future__ import annotations

SUPPORT_LANGUAGES = """
    en de fr es it pt nl sv da no fi pl cs sk hu ro bg hr sl et lv lt el tr ru uk ar he fa hi zh
    ja ko vi th id
    """.split()
"""Languages to choose from. Rarer ones only draw short texts away from these."""
CERTAIN = 0.6
"""Probability below which a text is undetermined rather than misnamed."""
FEWEST_LETTERS = 6
"""Below it nothing can be told."""
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


class LanguageGuesser:
    """py3langid over the languages in which support mail is commonly written."""

    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self._model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self._model.set_languages(list(SUPPORT_LANGUAGES))

    def guess(self, text: str) -> str:
        """ISO 639-1 code, or `und` where the text is too short to be certain."""
        if sum(sign.isalpha() for sign in text) < FEWEST_LETTERS:
            return UNDETERMINED
        if len(HINDI_IN_LATIN.intersection(text.lower().split())) >= FEWEST_HINDI:
            return "hi"
        code, probability = self._model.classify(text)
        return str(code) if probability >= CERTAIN else UNDETERMINED
