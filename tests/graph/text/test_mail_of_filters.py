"""Mail by which a filter asks who wrote, bounces by name, and slogans beside a telephone number."""

import pytest

from graph.text.mail.automatic import automatic
from graph.text.mail.reading import own_words


@pytest.mark.parametrize(
    "text",
    [
        "Your mail is parked. To have it delivered, prove that you are not a robot: https://sieve.example/1",
        "I let nobody in unasked: your message waits until you solve this captcha https://sieve.example/2",
        "This address takes mail of approved senders only. Click here once: https://sieve.example/3",
        "Ihre Nachricht wartet. Bitte bestätigen Sie, dass Sie ein Mensch sind: https://sieve.example/4",
        "Votre courriel est retenu. Cliquez ici pour montrer que vous êtes une personne.",
        "Il suo messaggio sarà consegnato quando conferma di essere una persona.",
        "I am protecting myself from receiving junk. Please click https://sieve.example/5 and you are known.",
        "Ihre E-Mail wird zurückgehalten. Um sie zuzustellen, klicken Sie bitte auf https://sieve.example/6",
    ],
)
def test_a_filter_that_asks_who_wrote_is_a_program(text: str) -> None:
    """It keeps our mail until somebody shows that they are one; a ticket has nobody who would."""
    assert automatic("", text, {})


@pytest.mark.parametrize(
    "text",
    [
        "Your message about the parcel reached me. Please confirm the new date.",
        "Our guests must confirm that they are human before they enter. The page stays empty.",
        "Please verify the invoice, I hold your mail in my hands.",
        "My mails to the crew are held by your filter. Please let them through.",
        "Your e-mails have stopped. Click here to keep your mailbox: http://bait.example",
        "Thank you for your message about the delivery. Please confirm it will arrive on Friday.",
        "Your e-mail says that the boat is waiting at the quay. Please make sure it stays there until I come.",
        "I got your mail, and the page it leads to shows nothing. Please solve it this week, I am not a robot.",
        "I clicked the link in your email, https://boat.example/pay, and it gets me nowhere.",
        "I want to protect myself from spam. When I click on the filter, it stays empty.",
        "Ihre Mail hat mich erreicht, mein Bruder wartet. Bitte bestätigen Sie mir einmalig die Lieferung.",
        "Merci pour votre message sur la livraison en attente. Je confirme que je suis une personne âgée.",
        "Gracias por su mensaje sobre la entrega. Confirmo que soy una persona mayor.",
    ],
)
def test_what_people_and_bait_say_of_mail_is_not_a_filters(text: str) -> None:
    """Both notions together make it, and each alone does not."""
    assert automatic("", text, {}) is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Recapito non riuscito: barca", "Impossibile recapitare il messaggio al destinatario."),
        ("Går inte att leverera: båt", "Leveransen till mottagaren@boat.example misslyckades."),
        ("未送达: 船", "邮件未能送达 crew@boat.example"),
        ("Nelivrabil: barcă", "Livrarea către crew@boat.example a eșuat."),
    ],
)
def test_a_bounce_is_told_by_its_subject(subject: str, text: str) -> None:
    """As the mail programs of those languages name it."""
    assert automatic(subject, text, {})


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Mancata consegna: barca 7", "La barca non è arrivata. La mia email è ada@boat.example."),
        ("Impossibile recapitare", "Il corriere trova impossibile recapitare la mia barca, email!"),
        ("Не доставлено", "Мой заказ не пришёл, я жду письма на ada@boat.example."),
        ("Zustellung fehlgeschlagen", "Mein Boot kam nicht an. Meine E-Mail: ada@boat.example."),
    ],
)
def test_a_person_tells_of_their_parcel_under_the_subject_of_a_bounce(
    subject: str, text: str
) -> None:
    """Parcels fail to be delivered, too, and a mail system speaks of nobody's own."""
    assert automatic(subject, text, {}) is None


def test_what_stands_beside_a_telephone_number_asks_us_nothing() -> None:
    """A slogan behind a bar; a line of its own below the number is read."""
    letter = "How do I row?\n\nKind regards\nAda Boat | Boat Ltd\nT +44 20 7946 0000 | {}"
    assert own_words(letter.format("Ask how we cut your fuel bill!")) == "How do I row?"
    below = letter.format("www.boat.example\nCould you send the bill as well?")
    assert "send the bill" in own_words(below)
