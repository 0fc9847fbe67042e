"""All mails of the corpus."""

from collections.abc import Sequence

from tests.mail_corpus import building, special
from tests.mail_corpus.building import Case

MAKERS = (
    building.replies,
    building.bottom_posts,
    building.html_replies,
    building.forwards,
    building.aways,
    building.signed,
    special.reports,
    special.news,
    special.calendars,
    special.sealed,
    special.charsets,
    special.people,
    special.inline_answers,
    special.parts,
)


def corpus() -> Sequence[Case]:
    """Each with a name of its own."""
    return [case for make in MAKERS for case in make()]
