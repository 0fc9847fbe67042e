"""Whatever reads foreign text takes time that grows with it and no faster."""

from collections.abc import Callable

import pytest

from api.http.validation import field_problems
from api.telemetry.logs import wordless
from graph import guidance
from graph.desk import variables
from graph.desk.macros import filled
from graph.desk.model import Desk
from graph.minds.local.planning import arguments, asks, queries, vagueness
from graph.minds.local.safety import screening, signals
from graph.minds.local.writing import statements, values
from graph.text import deeds, forms, money, offers, personal_data, records, requests, words
from graph.text.ages import ages, holds_for
from graph.text.bounds import met, stated
from graph.text.heat import heat
from graph.text.mail.automatic import automatic
from graph.text.mail.containers import unwrapped
from graph.text.mail.reading import read_mail
from graph.text.passages import numbered
from graph.text.speech.acts import speech_act
from graph.text.speech.afterwards import asks_again, defers
from graph.text.speech.confirming import confirms
from graph.text.synonyms import has_long_form
from memory.characters import compatible
from memory.knowledge.conversion import _with_title_apart
from memory.knowledge.documents import letter_html
from memory.knowledge.documents.capital_headings import with_headings
from memory.knowledge.documents.flattened import restored
from memory.knowledge.documents.office_html import standard
from memory.knowledge.documents.shortcodes import plain_marks
from memory.knowledge.orders import orders_in
from memory.knowledge.to_agents import TO_AGENTS
from memory.sentences import sentences
from memory.verification import codes
from tests import growth
from tests.adversarial import FAMILIES
from tools.checks.permission import ADDRESS
from tools.contract import ToolSpec

SLOWER = {"personal data": 2.5, "log line": 2.5}
"""Readers of twenty patterns, which see no more than a desk's `text_chars` (8,000) of a message; and
one that replaces each pair of quotation marks, in the first line of what a library logs."""

TOOL = ToolSpec(
    name="refund",
    description="pays back",
    arguments={
        "order": {"type": "string", "pattern": r"^FH-\d{6}$"},
        "amount": {"type": "number", "description": "amount"},
        "day": {"type": "string", "format": "date"},
        "email": {"type": "string", "format": "email"},
        "count": {"type": "integer"},
        "kind": {"enum": ["full_refund", "part"]},
    },
    effect="write",
)
DESK = Desk(tenant="growth", company="Growth", never_promise=(r"\bguarantee\w*",))


def _values(text: str) -> object:
    return arguments.found_arguments(TOOL, [text], text, writes=True)


pytestmark = pytest.mark.usefixtures("no_collector")

READERS: dict[str, Callable[[str], object]] = {
    "mail": read_mail,
    "mail with a forward's subject": lambda text: read_mail(text, "Fwd: " + text),
    "a raw mail, JSON, a chat": lambda text: [
        unwrapped(f"{begins}{text}")
        for begins in (
            "Content-Type: text/html\n\n",
            "{",
            "9:01 A: b\n",
            "--a\nContent-Type: text/html\n\n",
            "a=\n",
        )
    ],
    "tables of a letter": lambda text: letter_html.plain_tables(f"| a |\n| --- |\n{text}"),
    "automatic mail": lambda text: automatic(text, text, {"Precedence": text, "From": text}),
    "sentences": sentences,
    "flattened article": lambda text: restored(f"It ends.Then it goes on.{text}"),
    "article in capitals": with_headings,
    "bounded": lambda text: screening.bounded(text, 4_000),
    "speech": lambda text: speech_act(text, answered=True),
    "thanks": lambda text: confirms(text, answered=True),
    "after an answer": lambda text: (defers(text), asks_again(text)),
    "asks that differ": lambda text: asks.split(text, lambda _left, _right: True),
    "HTML of Word and Confluence": lambda text: [
        standard(begins + text)
        for begins in ("<ac:x", "<![CDATA[", "<p style='mso-list: l0 level1'>", "<p mso-list: ")
    ],
    "marks of Hugo and wikis": lambda text: [
        plain_marks(begins + text) for begins in ("{{<", "{{< a >}}", "[[", "==a")
    ],
    "subject": lambda text: screening.with_subject(text, text),
    "words": words.content_words,
    "numbers": words.numbers,
    "names": words.names,
    "negations": words.negations,
    "personal data": lambda text: personal_data.masked(text, personal_data.personal_data(text)),
    "plain form": forms.plain_form,
    "compatible": compatible,
    "fitting": lambda text: list(forms.fitting(r"^FH-\d{6}$", text)),
    "amounts": lambda text: money.amounts(forms.plain_form(text)),
    "arguments": _values,
    "deeds": deeds.deeds,
    "a thing that is not named": lambda text: offers.unnamed(f"Do you sell {text}", text),
    "a price that is not told": lambda text: offers.unpriced(f"What is the price of {text}", text),
    "a name written out": lambda text: has_long_form("abababab", text),
    "names alone": words.lists_names,
    "deeds of an article": deeds.told,
    "asks": lambda text: asks.split(text, lambda _left, _right: False),
    "strength": requests.strength,
    "more than a state": requests.asks_more,
    "a deed for a record": records.to_be_done,
    "more than a record tells": lambda text: records.beyond(text, {"box"}, "box"),
    "article without a blank line": _with_title_apart,
    "way of another section": statements.leans,
    "steps in a line": numbered,
    "ages": lambda text: [holds_for(text, one) for one in ages(text)] or holds_for(text, 7),
    "figures": lambda text: met(stated(text), text),
    "value": lambda text: values.holds_a_value(text, text),
    "requesting": requests.requesting,
    "pointing": vagueness.points_at,
    "query": lambda text: queries.contextual_query(
        text, [{"seq": 1, "role": "customer", "kind": "message", "text": text}]
    ),
    "signals": lambda text: [name for name, one in signals.SIGNALS.items() if one.search(text)],
    "no order": lambda text: signals.OF_NO_ORDER.sub(" ", text),
    "unpacked": lambda text: signals.unpacked(signals.plain(text)),
    "orders in articles": orders_in,
    "words to a machine": TO_AGENTS.search,
    "statements": guidance.statements,
    "heat": heat,
    "code": codes.CANDIDATE.findall,
    "address": ADDRESS.match,
    "log line": wordless,
    "desk's variables": variables.VARIABLE.findall,
    "macro": lambda text: filled(text, {}),
    "unknown field": lambda text: field_problems(
        {"type": "extra_forbidden", "loc": ("body", text)} for _ in range(100)
    ),
}


@pytest.mark.parametrize("reader", READERS)
def test_the_time_grows_with_the_text_and_no_faster(reader: str) -> None:
    """Twice the text takes at most about twice the time, and 64 kB less than a tenth of a second."""
    read, most = READERS[reader], growth.MOST_SECONDS * SLOWER.get(reader, 1.0)
    read("warm")
    found = [growth.fault(read, name, made, most) for name, made in FAMILIES.items()]
    assert [one for one in found if one] == []


def test_a_reader_that_backtracks_is_found() -> None:
    """The measure sees what it is for: a quadratic reader fails on the family it fears."""

    def quadratic(text: str) -> int:
        return sum(text.count("x", 0, place) for place in range(0, len(text), 16))

    assert growth.fault(quadratic, "blanks", FAMILIES["blanks"], most=60.0) is not None
