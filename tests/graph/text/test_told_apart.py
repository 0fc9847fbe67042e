"""What looks like thanks, a wish, a threat or a program's mail, and is none; and programs known by two stems."""

import pytest

from graph.text.language import language_of
from graph.text.mail.automatic import automatic
from graph.text.mail.html import is_html, text_of
from graph.text.mail.reading import own_words
from graph.text.speech.acts import Act, speech_act
from graph.text.speech.confirming import confirms


@pytest.mark.parametrize(
    "text",
    [
        "Cheers, moved the buoy and now the pump leaks",
        "It rowed for an hour and then all boats were missing.",
        "Phew, thanks so much, now nobody on my jetty can see the tide.",
        "Thanks in advance for mailing the tide table of May.",
        "Vielen Dank im Voraus für die Zusendung der neuen Bootsliste vom Hafenamt.",
        "Fantastic, the leak is back.",
        "Thank you, the harbour map went blank.",
    ],
)
def test_thanks_that_tell_of_what_came_then_settle_nothing(text: str) -> None:
    """A customer whose matter got worse, or who waits for something, has not been helped."""
    assert not confirms(text, answered=True)


def test_excuses_and_a_good_end_are_thanks_still() -> None:
    """Late and trouble are said of oneself, and what was wanted may be that a trouble is gone."""
    assert not confirms("Thanks, and then it sank.", answered=True)
    for text in (
        "Thanks, sorry for the late answer!",
        "Thanks, and then it worked.",
        "Issue resolved, thank you",
        "Sorry to trouble you, thanks.",
        "Great, our boats are back.",
    ):
        assert confirms(text, answered=True)
    meant = dict.fromkeys(
        ("Danke, der Fehler ist verschwunden.", "der Fehler ist verschwunden."), Act.CONFIRMS
    )
    assert speech_act(next(iter(meant)), answered=True, meant=meant) is Act.CONFIRMS


@pytest.mark.parametrize(
    "text",
    [
        "Klasse, nun sind alle Boote verschwunden.",
        "Merci, toutes les bouées ont disparu.",
        "Gracias, pero el barco hace agua.",
        "Grazie, però la barca affonda.",
        "Mooi, alle boten zijn weg.",
        "Danke für gar nichts.",
        "Merci, hélas maintenant plus personne ne rame.",
        "Gracias, aunque el barco hace agua.",
        "ありがとう。船が消えました。",
        "Held for a minute, then it sank.",
        "Hello again",
    ],
)
def test_no_meaning_outweighs_a_loss_or_an_objection(text: str) -> None:
    """A model of meanings hears the thanks, and not what is gone."""
    assert speech_act(text, answered=True, meant={text: Act.CONFIRMS}) is not Act.CONFIRMS


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (Act.WANTS_PERSON, "I hope somebody knows the tides."),
        (Act.WANTS_PERSON, "Hopefully one of you can advise."),
        (Act.SERIOUS, "Is the harbour safe?"),
        (Act.SERIOUS, "Who can read the log of a boat?"),
        (Act.OPT_OUT, "Leave our list: unsubscribe at https://boats.example.org/off"),
    ],
)
def test_a_sentence_that_says_less_than_it_seems_to_mean(act: Act, sentence: str) -> None:
    """A general hope, a question that is put to nobody, and a company's footer."""
    text = f"When does the ferry leave? {sentence}"
    assert speech_act(text, answered=False, meant={sentence: act}) is None


def test_a_footer_of_ones_own_list_is_no_wish_to_leave_ours() -> None:
    """Whoever wishes so says it of themselves."""
    footer = "Ada Boat\nBoat Ltd\nUnsubscribe from our newsletter: https://boats.example.org/off"
    assert speech_act(f"When does the ferry leave?\n\n{footer}", answered=False) is None
    assert speech_act("Please unsubscribe me from the newsletter.", answered=False) is Act.OPT_OUT


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Sjálfvirkt svar: bátur", "Ég kem aftur á mánudag."),
        ("Аутоматски одговор: брод", "Враћам се у понедељак."),
        ("Përgjigje automatike: varka", "Kthehem të hënën."),
        ("Nedostavljeno: ladja", "Sporočila ni bilo mogoče dostaviti tem prejemnikom."),
        ("Saatmata: paat", "Teadet ei õnnestunud adressaadile toimetada."),
        ("Chưa gửi: thuyền", "Thư chưa gửi tới người nhận."),
        ("Sõnum: paat", "Meddelandet kunde ej levereras till dessa mottagare."),
    ],
)
def test_programs_are_known_by_two_stems(subject: str, text: str) -> None:
    """Of answering by itself, or of delivering and recipients, whatever the wording."""
    assert automatic(subject, text, {})


def test_people_who_write_about_such_mail_are_heard() -> None:
    """A subject in the plural, or without a program's name before it, is a person's."""
    assert automatic("Samodejni odgovor: čoln", "Vrnem se v ponedeljek.", {})
    assert automatic("Önskan: båt", "Leveransen till följande mottagare misslyckades.", {})
    for subject, text in (
        ("Automatische Antworten einrichten", "Ich möchte das für mein Boot."),
        ("Réponses automatiques : réglage", "Je cherche le menu."),
        ("Boot", "Die Empfänger wurden nicht beliefert, die Zustellung hängt."),
    ):
        assert automatic(subject, text, {}) is None


def test_what_stands_behind_outlooks_mark_is_quoted() -> None:
    """Outlook on the web marks the place by an id alone."""
    html = (
        '<div>When does the ferry leave?</div><div id="divRplyFwdMsg"><b>Fra:</b> Harbour</div>'
        "<div>Which boat do you mean?</div>"
    )
    assert own_words(html) == "When does the ferry leave?"


def test_a_head_below_a_fence_with_nothing_above_is_passed_on() -> None:
    """Whatever the fence says in whatever language: a reply has words above the mail that it answers."""
    head = "Kimden: Ada Boat <ada@boat.example>\nTarih: 2 Ağustos 2026\nKonu: feribot\nKime: Kai"
    letter = f"------- Gelen yazı -------\n{head}\n\nWhen does the ferry leave?"
    assert own_words(letter) == "When does the ferry leave?"
    assert own_words(f"Ahoy, any news?\n\n{letter}") == "Ahoy, any news?"


def test_a_page_without_a_closed_tag_is_a_page() -> None:
    """Old mail programs close none; a letter that names a tag is no page."""
    assert is_html("<div>Ahoy<div><p>When does the ferry leave?")
    assert not is_html("<p> and <div> are shown as text on my page")


def test_what_is_hidden_ends_where_its_element_ends() -> None:
    """However many tags inside it were never closed, and where a paragraph ends by the next one."""
    unclosed = "<span>" * 40
    text = "When does the ferry leave?"
    assert text in text_of(f'<div style="display:none">Preview{unclosed}</div><div>{text}</div>')
    assert text in text_of(f'<p style="display:none">Preview<p>{text}</p>')
    assert "Preview" not in text_of(f'<p style="display:none">Preview<p>{text}</p>')
    deep = "<div>" * 5_000
    assert text in text_of(f"{deep}{text}")


def test_a_slogan_leads_to_an_address_in_any_language() -> None:
    """It asks whoever reads the letter."""
    letter = "When does the ferry leave?\n\nHälsningar\nAda Boat\nBåtchef\nVill ni veta mer? Ring oss gärna: +46 8 555 01 99"
    assert own_words(letter) == "When does the ferry leave?"


def test_words_in_quotation_marks_tell_no_language() -> None:
    """A screen speaks another language than who reads it."""
    text = "My screen says „Der Anleger ist heute leider nicht frei“. When does the ferry leave?"
    assert language_of(text) == "en"
    assert language_of("„Der Anleger ist heute leider nicht frei“") == "de"
