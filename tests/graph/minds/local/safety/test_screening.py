"""What the local screener reads in a message, on frozen cases."""

from typing import Any

import pytest
from py3langid.langid import LanguageIdentifier

from graph.minds.local.safety.screening import LocalScreener, bounded, with_subject
from graph.text.language import language_of
from graph.text.mail.automatic import automatic
from graph.text.mail.reading import own_words
from graph.text.personal_data import masked, personal_data
from memory.encoder.encoder import HashEncoder

PERSONAL = [
    ("Write to anna.b@example.org.", "Write to [email]."),
    ("My card is 4111 1111 1111 1111, thanks", "My card is [card], thanks"),
    ("IBAN GB82 WEST 1234 5698 7654 32 please", "IBAN [iban] please"),
    ("Call me at +49 170 1234567.", "Call me at [phone]."),
    ("They do not answer at 451 5986", "They do not answer at 451 5986"),
    ("My phone: 451 5986", "My phone: [phone]"),
    ("Ring 259.735.7502x459 today", "Ring [phone] today"),
    ("Ours is 001-259-735-7502 ext. 12", "Ours is [phone]"),
    ("(259)735-7502 answers", "[phone] answers"),
    ("634 120 987 is our mobile", "[phone] is our mobile"),
    ("2597357502 (work phone)", "[phone] (work phone)"),
    ("Tel 0 3 0 9 8 7 6 5 4 3", "Tel [phone]"),
    ("Mobil:+4915198765432", "Mobil:[phone]"),
    ("order 2597357502 is my phone order", "order 2597357502 is my phone order"),
    ("1-800-555-0199 is busy", "[phone] is busy"),
    ("Call \uff10\uff19\uff10-1234-5678", "Call [phone]"),
    ("Order 2597357502 is late", "Order 2597357502 is late"),
    ("Requests from 203.0.113.7 fail", "Requests from [ip] fail"),
    ("SSN 536-22-1234 on file", "SSN [national_id] on file"),
    ("the password is Hunter2! and", "the password is [secret]! and"),
    ("key sk_live_4eC39HqLyjWDarjtT1zdp7dc leaked", "key [secret] leaked"),
    ("Where is FH-123456, see INV-2026-0001?", "Where is FH-123456, see INV-2026-0001?"),
    ("My password is wrong and expired", "My password is wrong and expired"),
    ("Order 4111111111111112 of 2026-11-22", "Order 4111111111111112 of 2026-11-22"),
    ("Firmware version 10.4.2.1 is out", "Firmware version 10.4.2.1 is out"),
]


@pytest.mark.parametrize(("text", "expected"), PERSONAL)
def test_masks_personal_data_and_nothing_else(text: str, expected: str) -> None:
    """Checksums and context decide; product ids, dates and versions stay readable."""
    assert masked(text, personal_data(text)) == expected


OWN_WORDS = [
    ("Hi\n\nIt broke.\n\nBest regards,\nAnna\nACME", "Hi\n\nIt broke."),
    ("Still broken.\n\nOn Mon, 3 Nov 2026, Support wrote:\n> Try again.", "Still broken."),
    ("Yes.\n\n-----Original Message-----\nFrom: Support\nSent: Monday\nSubject: x\n\nold", "Yes."),
    ("> Does it blink?\nIt does.\n> Which colour?\nRed.", "It does.\nRed."),
    ("No.\n\nThis e-mail is confidential and for the addressee only.", "No."),
    ("It broke.\n\n-- \nAnna Berg | Head of IT | ACME GmbH | +49 30 5550142", "It broke."),
    ("Thanks\nbut where is it?", "Thanks\nbut where is it?"),
]


@pytest.mark.parametrize(("text", "expected"), OWN_WORDS)
def test_keeps_the_customers_own_words(text: str, expected: str) -> None:
    """Threads, signatures and disclaimers go; what the customer wrote stays."""
    assert own_words(text) == expected


AUTOMATIC = [
    ("Automatic reply: your ticket", "I am away", {}, True),
    ("Hi", "Hello", {"auto-submitted": "auto-replied"}, True),
    ("Hi", "Hello", {"Auto-Submitted": "no"}, False),
    ("News", "Hello", {"Precedence": "bulk"}, True),
    ("Abwesenheitsnotiz: Urlaub", "", {}, True),
    ("Undeliverable: your reply", "", {}, True),
    ("", "I am out of the office until Monday.", {}, True),
    ("", "I am out of the office until Monday. Can you pause my account?", {}, False),
    ("Automatic reply does not work", "Our automatic reply is off.", {}, False),
]


@pytest.mark.parametrize(("subject", "text", "headers", "expected"), AUTOMATIC)
def test_tells_automatic_mail(
    subject: str, text: str, headers: dict[str, str], *, expected: bool
) -> None:
    """By headers, subjects and phrases, but not where a person asks something."""
    assert (automatic(subject, text, headers) is not None) is expected


LANGUAGES = [
    ("Where is my refund? I have been waiting for weeks.", "en"),
    ("cancel my order", "en"),
    ("Wo bleibt meine Rechnung, ich warte seit Wochen?", "de"),
    ("Je n'arrive pas à me connecter à mon compte", "fr"),
    ("hi", "und"),
    ("INV-2026-0001", "und"),
]


def test_names_the_language_or_says_that_it_cannot() -> None:
    """Short English texts are never called something else."""
    assert [language_of(text) for text, _ in LANGUAGES] == [code for _, code in LANGUAGES]


async def test_all_desks_of_a_process_read_with_one_model_of_languages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes 60 MB: one for each desk would fill a machine with a dozen tenants."""
    read: list[str] = []
    load = LanguageIdentifier.from_model_file

    def counted(path: str) -> Any:
        read.append(path)
        return load(path)

    monkeypatch.setattr(LanguageIdentifier, "from_model_file", counted)
    for _ in range(3):
        screener = LocalScreener(HashEncoder(), 2000)
        found = await screener.screen("", "Wie lange dauert eine Erstattung?", {})
        assert found["language"] == "de"
    assert len(read) <= 1


def test_a_long_text_keeps_head_tail_and_questions() -> None:
    """The bound holds, and the question from the middle survives."""
    filler = "This happened and then that happened. " * 100
    text = f"Start. {filler} Where is the export button? {filler} The end."
    kept = bounded(text, 1000)
    assert len(kept) <= 1000
    assert kept.startswith("Start.")
    assert kept.endswith("The end.")
    assert "Where is the export button?" in kept


def test_the_subject_comes_first_where_it_adds_something() -> None:
    """A subject that the body repeats is left out, and so are marks of replies."""
    assert with_subject("Re: Refund", "Please.") == "Refund\n\nPlease."
    assert with_subject("refund", "I want a refund.") == "I want a refund."


async def test_screens_a_message_whole() -> None:
    """All parts come together: words, masks, language, emptiness, instructions."""
    screener = LocalScreener(HashEncoder(), 2000)
    found = await screener.screen("Login", "My mail is a@example.org.\n\nRegards,\nBo", {})
    assert found["text"] == "Login\n\nMy mail is a@example.org."
    assert found["masked"] == "Login\n\nMy mail is [email]."
    assert found["personal_data"] == [{"kind": "email", "start": 18, "end": 31}]
    assert not found["empty"]
    assert (await screener.screen("", "?", {}))["empty"]


@pytest.mark.parametrize(
    "written",
    [
        "Where is the key\u00adcard?",
        "Where\u200b is the key\u2060card?",
        "Ｗｈｅｒｅ is the keycard？",
    ],
)
async def test_a_message_is_read_in_plain_signs(written: str) -> None:
    """Characters without width and full-width letters change nothing of what is asked."""
    found = await LocalScreener(HashEncoder(), 2000).screen("Ｋｅｙ", written, {})
    assert found["masked"] == "Where is the keycard?"
