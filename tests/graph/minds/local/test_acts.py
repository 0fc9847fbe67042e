"""Acts by their meaning: the shipped models on sentences that they were not fitted on."""

from collections.abc import Sequence

import pytest
from typing_extensions import override

from evals.fit.acts import sentences_of_acts
from evals.stack.stack import PROJECT_CACHE
from graph.minds.local.acts.reader import AUTOMATIC, ENGLISH, FOREIGN, LEAST, ActReader, load_model
from graph.text.language import language_of
from graph.text.mail.automatic import automatic_by_meaning
from graph.text.speech.acts import Act, speech_act
from graph.text.speech.afterwards import DEFERS
from memory.encoder.encoder import HashEncoder, Vectors
from memory.encoder.multilingual import MultilingualEncoder
from memory.encoder.opening import open_encoder

IN_ENGLISH = [
    ("wants_person", "Could I please get somebody real on the line?"),
    ("wants_person", "I refuse to discuss this with a program, give me a human."),
    ("not_helped", "Tried it, and the very same message appears."),
    ("not_helped", "That isn't the thing I asked about."),
    ("confirms", "Awesome, now everything is fine, thanks so much!"),
    ("opt_out", "Please strike me from your advertising mails."),
]
IN_OTHERS = [
    ("fr", "wants_person", "Je refuse de discuter avec une machine, je veux quelqu'un."),
    ("pl", "wants_person", "Chcę porozmawiać z człowiekiem, nie z maszyną."),
    ("es", "not_helped", "He probado todo eso y sigue el mismo fallo."),
    ("it", "confirms", "Grazie mille, adesso va tutto benissimo."),
    ("nl", "automatic", "Ik ben tot maandag op vakantie."),
    ("tr", "wants_person", "Bir insanla konuşmak istiyorum."),
]
NO_ACTS = [
    "How do I add a person to the project?",
    "The operator of the machine needs a badge.",
    "Where do I see which staff are on holiday?",
    "My order has still not been shipped.",
    "Can I unsubscribe a guest from reminders?",
    "How soon do I see the money? It is the second claim for our cat.",
    "I need help with a claim.",
    "On which day are my wages booked?",
    "Send 50 from my savings to the joint account.",
    "I would like more deposit slips for my current account.",
    "Call\n\nWhen does the sale end?",
    "Chat bot\n\nWhere do I change its colours?",
    "Mooring rights\n\nWe changed the berth list last night. Since then all 40 members get an error. I'm the harbour master. How do I undo it, and may they moor meanwhile?",
]
SPAM = [
    "A late client left nine million and has no next of kin. Write to me in private and we share it.",
    "A loan for your firm: two per cent interest rate, no collateral. Apply today.",
    "Your inbox has exceeded its quota. Increase it here: http://boxes.example/more",
    "Hi, I noticed your website and we can get you ranked on the first page of Google. Shall I send a price list?",
    "Ten tips for a better team. Read more at https://n.example.org. Unsubscribe: https://n.example.org/u",
    "Hello, our studio films short clips for firms like yours, from 400 a clip. May I show you two of them?",
    "Votre colis attend. Payez 1,20 euro ici : http://colis.example.net",
    "Vendemos listas de clientes de su sector. ¿Le interesa una muestra gratis?",
]
"""Newsletters, sellers, and those who fish for passwords and cards."""
ORDINARY = [
    "Do you film clips for firms like ours, and what do you charge for one?",
    "Your page for the breakfast wants 120 from me though my seat was free: http://seats.example.net",
    "Wir brauchen drei Planen und ein Banner. Können Sie uns ein Muster schicken?",
    "Mon colis attend depuis lundi et le lien pour payer ne marche pas.",
    "La lista de clientes que exporté de su programa está vacía.",
    "My mailbox is full, and the page to increase it shows an error.",
    "We run an agency. Which plan has separate invoices for each of our clients?",
    "I clicked on a link in a mail that said my password expires. Was it yours?",
]


@pytest.fixture(scope="module")
def reader() -> ActReader:
    """Both encoders, as in production."""
    return ActReader(open_encoder(PROJECT_CACHE), MultilingualEncoder())


@pytest.mark.parametrize(("act", "text"), IN_ENGLISH)
def test_an_act_is_known_by_its_meaning(reader: ActReader, act: str, text: str) -> None:
    """None of these words is in a list."""
    found = reader.read(text, "en")
    assert found[text] == act
    assert set(found.values()) == {act}  # what stands behind its praise, too


@pytest.mark.parametrize(("language", "act", "text"), IN_OTHERS)
def test_an_act_is_known_in_other_languages(
    reader: ActReader, language: str, act: str, text: str
) -> None:
    """The multilingual model carries it there."""
    found = reader.read(text, language)
    assert found[text] == act
    assert set(found.values()) == {act}  # what stands behind its thanks, too


@pytest.mark.parametrize("text", NO_ACTS)
def test_a_question_about_the_same_words_is_no_act(reader: ActReader, text: str) -> None:
    """It is answered as any other."""
    assert speech_act(text, answered=False, meant=reader.read(text, "en")) is None


@pytest.mark.parametrize("text", SPAM)
def test_an_advertisement_or_a_lure_is_known_by_the_whole_mail(
    reader: ActReader, text: str
) -> None:
    """By what it means and how it is made; no list holds its words."""
    assert reader.read(text, language_of(text)).get(text) == Act.SPAM


@pytest.mark.parametrize("text", ORDINARY)
def test_what_a_customer_writes_of_the_same_things_is_no_spam(reader: ActReader, text: str) -> None:
    """However near it comes."""
    assert Act.SPAM not in reader.read(text, language_of(text)).values()


def test_the_models_know_the_acts_and_their_encoder_alone() -> None:
    """Vectors of another encoder would be noise to them; the groups are named as the acts are."""
    assert set(LEAST) <= set(load_model(ENGLISH).acts) == set(sentences_of_acts()[0])
    assert load_model(FOREIGN).acts == load_model(ENGLISH).acts
    assert set(LEAST) - {AUTOMATIC, DEFERS} <= {act.value for act in Act}
    assert ActReader(HashEncoder()).read("Get me a human.", "en") == {}
    assert ActReader(HashEncoder()).read("Einen Menschen bitte.", "de") == {}


@pytest.mark.parametrize(
    "text",
    [
        "Page https://acme.example/rates shows the rates of May.",
        "The voucher of https://acme.example/v is refused at the till.",
        "Add the tool https://tool.example/t to your integrations, please.",
    ],
)
def test_a_link_makes_no_spam(reader: ActReader, text: str) -> None:
    """Customers show what they mean, too."""
    assert "spam" not in reader.read(text, "en").values()


@pytest.mark.parametrize(
    ("text", "act"),
    [
        (
            (
                "I'm at a boat show until Sunday and read mail late in the evening only. "
                "For anything that can't wait, ring the quay on 021 555 0177."
            ),
            AUTOMATIC,
        ),
        (
            (
                "Ich arbeite ab heute nicht mehr in der Werft. "
                "Bitte wenden Sie sich an die Leitung unter werft@example.org."
            ),
            AUTOMATIC,
        ),
        ("Gracias, ya funciona. Podéis archivar la consulta.", Act.CONFIRMS),
        ("Merci, c'est bon. Vous pouvez clore la demande.", Act.CONFIRMS),
    ],
)
def test_a_sentence_is_read_in_the_light_of_the_others(
    reader: ActReader, text: str, act: str
) -> None:
    """What cannot wait is no trouble in a note, and a wish beside thanks is none."""
    acts = reader.read(text, language_of(text))
    assert (automatic_by_meaning(text, acts) is not None) == (act == AUTOMATIC)
    assert speech_act(text, answered=True, meant=acts) is (None if act == AUTOMATIC else act)


@pytest.mark.parametrize(
    ("text", "language"),
    [("मेरी नाव कहाँ है, कृपया बताइए", "hi"), ("Missä veneeni on? En löydä sitä.", "fi")],
)
def test_nothing_is_read_in_a_language_that_no_encoder_knows(text: str, language: str) -> None:
    """What a model says of it means nothing, and might take a person for a program."""

    class Guessing(HashEncoder):
        revision = load_model(FOREIGN).revision

        @override
        def encode(self, texts: Sequence[str]) -> Vectors:
            raise AssertionError

    reader = ActReader(HashEncoder(), Guessing())
    assert reader.read(text, language) == {}
