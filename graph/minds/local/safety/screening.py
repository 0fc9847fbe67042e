"""The local screener: reads a raw message before anything trusts it."""

from __future__ import annotations

from typing_extensions import override

from graph.minds.contract import Screener
from graph.minds.local.acts.reader import ActReader, is_english
from graph.minds.local.safety.injection import InjectionDetector
from graph.minds.local.safety.signals import plain
from graph.state import Screening
from graph.text.language import language_of
from graph.text.mail.automatic import automatic, automatic_by_meaning
from graph.text.mail.marks import folded
from graph.text.mail.reading import bare_subject, read_mail
from graph.text.personal_data import masked, personal_data
from graph.text.speech.acts import complains
from memory.admission import compute
from memory.characters import one_script
from memory.encoder.encoder import Encoder, SentenceEncoder
from memory.sentences import sentences

HEAD_SHARE = 0.5
"""Share of the bound that the beginning of a long text gets."""
TAIL_SHARE = 0.25
"""Share for its end; questions from the middle fill the rest."""
GAP = "\n[...]\n"


class LocalScreener(Screener):
    """Patterns and small models; see `Screener`."""

    def __init__(
        self, encoder: Encoder, text_chars: int, multilingual: SentenceEncoder | None = None
    ) -> None:
        self._injection = InjectionDetector(encoder, multilingual)
        self._acts = ActReader(encoder, multilingual)
        self._text_chars = text_chars

    @override
    async def screen(self, subject: str, text: str, headers: dict[str, str]) -> Screening:
        """The text begins with the subject where that adds something.

        It is read in plain characters: full-width letters and characters without width change nothing.
        """
        return await compute(self._screen, subject, text, headers)

    def _screen(self, subject: str, text: str, headers: dict[str, str]) -> Screening:
        written = one_script(read_mail(text, subject).own)
        body = plain(written)
        whole = with_subject(plain(subject), body)
        kept = bounded(whole, self._text_chars)
        found = personal_data(kept)
        as_written = bounded(with_subject(subject, written), self._text_chars)
        language = language_of(kept)
        english = is_english(language, kept)
        # as written: characters that nobody sees may hide words
        verdict = self._injection.verdict(as_written, english=english)
        acts = self._acts.read(kept, language)
        return Screening(
            text=kept,
            masked=masked(kept, found),
            language=language,
            automatic=automatic(subject, text, headers) or _meant(body, acts),
            injection=verdict.probability,
            injected=verdict.sentences,
            personal_data=found,
            empty=not any(sign.isalnum() for sign in kept),
            truncated=len(kept) < len(whole),
            acts=acts,
        )


def _meant(body: str, acts: dict[str, str]) -> str | None:
    """Why its sentences mean that nobody wrote it; a complaint was written by somebody."""
    return None if complains(folded(body), ()) else automatic_by_meaning(body, acts)


def with_subject(subject: str, body: str) -> str:
    """The body under its subject line; the body alone where it says the same."""
    line = bare_subject(subject)
    if not line or line.lower() in " ".join(body.split()).lower():
        return body
    return f"{line}\n\n{body}".strip()


def bounded(text: str, limit: int) -> str:
    """At most `limit` characters: the head, the tail, and between them the questions."""
    if len(text) <= limit:
        return text
    head = _head(text, int(limit * HEAD_SHARE))
    tail = _tail(text, int(limit * TAIL_SHARE))
    room = limit - len(head) - len(tail) - 2 * len(GAP)
    asked = []
    for one in sentences(text[len(head) : len(text) - len(tail)]):
        if one.text.endswith("?") and len(one.text) + 1 <= room:
            asked.append(one.text)
            room -= len(one.text) + 1
    middle = GAP + "\n".join(asked) + GAP if asked else GAP
    return (head + middle + tail)[:limit]


def _head(text: str, size: int) -> str:
    cut = text.rfind(" ", size // 2, size)
    return text[: cut if cut > 0 else size]


def _tail(text: str, size: int) -> str:
    piece = text[-size:]
    cut = piece.find(" ", 0, size // 2)
    return piece[cut + 1 :] if cut >= 0 else piece
