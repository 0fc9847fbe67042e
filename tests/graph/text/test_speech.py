"""What a message does is told from its words, in many languages."""

import pytest

from graph.text.mail.automatic import automatic, automatic_by_meaning
from graph.text.speech.acts import Act, speech_act
from memory.sentences import sentences

PERSONS = [
    "Could I please speak with someone from your team?",
    "Put me through to a human being.",
    "I want a real person to look at this.",
    "operator please",
    "Can I phone someone about this?",
    "I want you to escalate this.",
    "Stop the bot, get me your supervisor",
    "Ich möchte mit einem Menschen sprechen.",
    "Kann mich bitte jemand zurückrufen? Rufen Sie mich an.",
    "Je voudrais parler à un conseiller.",
    "¿Puedo hablar con un agente?",
    "Vorrei parlare con qualcuno del servizio clienti",
    "Gostaria de falar com uma pessoa",
    "Ik wil graag met een medewerker spreken",
    "Jag vill prata med en människa",
    "Chcę rozmawiać z konsultantem",
    "Соедините меня с оператором, пожалуйста",
    "Müşteri temsilcisine bağlanmak istiyorum",
    "オペレーターにつないでください",
    "请帮我转人工客服",
    "상담원과 통화하고 싶어요",
    "أريد التحدث مع موظف",
]
SERIOUS = [
    "The hall was shut again and I do not want to live any more.",
    "Ich will so nicht mehr leben.",
    "My lawyer will contact you on Monday.",
    "I wish to make a formal complaint about your service.",
    "We will see you in court.",
    "Our workspace was hacked last night",
    "Unser Zugang wurde gehackt.",
    "Ich schalte einen Rechtsanwalt ein.",
    "Je vais porter plainte.",
    "Voy a poner una denuncia ante consumo.",
    "Mi rivolgerò al mio avvocato.",
    "Я подам жалобу и обращусь к юристу.",
]
THANKS = [
    "spotted the switch. Ta, thanks",
    "Ah, we are back in. Cheers",
    "I can see it now",
    "Thanks a lot!",
    "Thank you for the fast refund!",
    "Loving the new calendar 😍",
    "That solved it, cheers.",
    "Perfect, it works now. Have a nice weekend!",
    "Vielen Dank, es funktioniert.",
    "Merci beaucoup, ça marche !",
    "Muchas gracias, ya funciona",
    "👍👍",
    "ok",
    "You can close the ticket, I found it.",
    "Dziękuję, działa",
    "Спасибо, помогло!",
    "Never mind, I have it now.",
    "解決しました。",
    "Bo Lind reacted via Gmail 👍",
    "Liked “Open the lid.”",
    "Bo reacted to your message:\n\n❤",
]
NOT_HELPED = [
    "That did not solve it.",
    "Still the same error.",
    "Das hat leider nicht geholfen.",
    "Ça n'a pas marché.",
    "No me ha ayudado, sigue igual.",
    "Не помогло.",
]
SCHEMES = [
    "As our bank is new, remit all bills of May to the new account from now on.",
    "Unsere Bank ist neu. Bitte überweisen Sie jede Rechnung auf das neue Konto.",
    "I filmed you at your desk. Send bitcoin to this wallet or all your friends see it.",
    "Get me four gift cards for a guest today and e-mail me the codes. Rob",
    "I opened an account at another bank. Could my wages of this month go there?",
    "Mein Gehalt bitte ab Mai auf mein neues Konto.",
    "Do me a favour, but keep this between us. I can't talk now.",
    "Get some vouchers for the guests and text me the codes.",
    "I filmed you. Send one coin to my bitcoin wallet.",
    "You are the winner of 90,000 euros. Write back to claim it.",
    "I need you to run a quick task. Are you at your desk? I cannot call now.",
    "I need you to make a transfer. I am in a conference and will send the details.",
    "Le client décédé laisse des millions. Donnez vos coordonnées.",
]
ORDINARY = [
    "I want to die cut my labels.",
    "I want to die of shame, I typed the wrong street",
    "Is there no reason to live-stream the match?",
    "Ohne den Kalender kann ich nicht mehr leben",
    "Can a guest talk to the staff in the chat of the hall?",
    "Could I have a free quote without obligation for two doors?",
    "Pouvez-vous m'envoyer un devis sans engagement pour deux portes ?",
    "Ich hätte gerne ein unverbindliches Angebot zum Festpreis für zwei Türen.",
    "Wij zijn een bureau en willen vrijblijvend een offerte voor twee deuren.",
    "I need you to make a transfer from my savings account, I have meetings until noon.",
    "My mother is deceased and I am her heir; it is almost a million. What details do you need?",
    "The letter says to pay the bill to your new bank account. Is that genuine?",
    "Another bank pays my wages now. Do I have to change anything in the app?",
    "We changed banks. Please send the refund of both payments to our new account.",
    "Where do I pay the invoice? The account on your bill is not the one that we know.",
    "Bea's account is locked, she cannot log in at https://app.acme.example/login. Please unlock it.",
    "Is this from you? 'Your mailbox is full, sign in here: http://acmee.example/verify'",
    "Your mail says the account will be closed within 24 hours, and the page behind the link is blank.",
    "Got billed twice. Thanks",
    "We run a notary office with two solicitors. Where do I set the holidays?",
    "Ads: unsubscribe at https://acme.example/x. How do I change my shift?",
    "The code 4417 came by call, 8005550100 is not our number",
    "How do I add a person to my team?",
    "Can my manager approve timesheets on the phone?",
    "Thanks, but it still does not work.",
    "Thank you! And where do I find the invoice?",
    "How do I stop sending reminders to people?",
    "Who can I talk about in the report field?",
    "My account is locked, what do I do?",
    "Why was I logged out of the app?",
    "Our tennis court booking shows twice.",
    "The agent on our server does not start.",
    "I cannot sign in, please help.",
    "I have a new bank account. Where do I enter it for my salary?",
    "I got a mail that asks for vouchers and codes, is it yours?",
    "Can we pay with gift cards?",
    "Our wages export holds an old account of one person.",
    "Your form won't take my claim of 50 euros. Please contact me.",
    "You owe me a voucher for the delay. Please send me the code.",
    "The scratch panel of my gift card is damaged.",
    "My wages came late as my bank is another now, so the payment failed. Try again.",
    "I cannot call the API to make a task, it says 403.",
    "Do me a favour and answer by mail, I can't talk at work.",
    "My top-up was recorded, but my wallet is empty.",
    "I won the draw of your fair and claim my prize. Please contact me.",
    "It cost me a fortune. Send me my 20 euros.",
    "We want 20 gift cards for our staff. Please mail me the codes.",
    "Until what time can I call you on Saturday?",
]


@pytest.mark.parametrize("text", PERSONS)
def test_a_wish_for_a_person_is_heard(text: str) -> None:
    """In the first message and after an answer alike."""
    assert speech_act(text, answered=False) is Act.WANTS_PERSON


@pytest.mark.parametrize("text", SERIOUS)
def test_law_and_complaints_are_serious(text: str) -> None:
    """They go to a person, whatever else is asked."""
    assert speech_act(text, answered=False) is Act.SERIOUS


@pytest.mark.parametrize("text", THANKS)
def test_thanks_after_an_answer_confirm_it(text: str) -> None:
    """Thanks, success and nods, and nothing else beside them."""
    assert speech_act(text, answered=True) is Act.CONFIRMS


@pytest.mark.parametrize("text", NOT_HELPED)
def test_an_answer_that_did_not_help_is_told_apart(text: str) -> None:
    """Only after an answer: before it the same words tell a problem."""
    assert speech_act(text, answered=True) is Act.NOT_HELPED
    assert speech_act(text, answered=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "I'd like to opt out of your mails, the unsubscribe button is dead.",
        "Please unsubscribe us, we opt out of the newsletter.",
        "Bitte vom Newsletter abmelden.",
    ],
)
def test_who_wants_no_newsletter_is_none(text: str) -> None:
    """In words that stand below one as well."""
    assert speech_act(text, answered=False) is Act.OPT_OUT


@pytest.mark.parametrize("text", SCHEMES)
def test_schemes_by_which_money_is_stolen_are_spam(text: str) -> None:
    """Whoever they say they are from."""
    assert speech_act(text, answered=False) is Act.SPAM


def test_who_was_answered_sends_no_spam() -> None:
    """Whatever a model takes it for: a customer in the middle of a conversation is read."""
    text = "See the page: https://net.example/a"
    assert speech_act(text, answered=False, meant={text: "spam"}) is Act.SPAM
    assert speech_act(text, answered=True, meant={text: "spam"}) is None


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_question_is_no_act(text: str) -> None:
    """It is searched for, however near its words come."""
    assert speech_act(text, answered=False) is None
    assert speech_act(text, answered=True) in {None, Act.NOT_HELPED}


@pytest.mark.parametrize("text", ["ok", "yes", "👍"])
def test_a_nod_to_a_question_is_an_answer(text: str) -> None:
    """Without an answer before it there is nothing to confirm."""
    assert speech_act(text, answered=False) is None


@pytest.mark.parametrize("text", ["Status of parcel 4711 please.", "Copy of the bill, please!"])
def test_a_wish_without_a_verb_is_no_automatic_mail(text: str) -> None:
    """Whatever its sentences are near to by their meaning: who says please at the end wants something."""
    assert automatic_by_meaning(text, {text: "automatic"}) is None
    notice = "The office is closed."
    assert automatic_by_meaning(notice, {notice: "automatic"}) is not None


def test_who_says_that_mail_cannot_be_answered_wishes_nothing() -> None:
    """Elsewhere "I am not able to" begins a wish."""
    said = "As I am ill I am not able to answer mails. Nothing is passed on."
    assert automatic_by_meaning(said, {said: "automatic"}) is not None


@pytest.mark.parametrize(
    "text",
    [
        "How did we do in sales last month? Where do I see it?",
        "How would you rate the two plans for five boats?",
        "You rate our service as premium. What does it cost?",
        "Can you rate our support contract anew?",
    ],
)
def test_who_asks_about_ratings_is_no_survey(text: str) -> None:
    """Nobody would answer them."""
    assert automatic("", text, {}) is None
    assert automatic("", "How did we do? Please rate our service: good or bad.", {}) is not None


def test_one_sentence_of_several_makes_no_automatic_mail() -> None:
    """Most of it has to read so: a person who is polite, or tells what a program did, wrote the rest."""
    said = "Thank you for looking into it. It is version 4.2. The screen stays dark."
    first, *_ = sentences(said)
    assert automatic_by_meaning(said, {first.text: "automatic"}) is None
    notice = "The office is closed. We are back on Monday."
    acts = dict.fromkeys((one.text for one in sentences(notice)), "automatic")
    assert automatic_by_meaning(notice, acts) is not None


def test_an_automatic_reply_that_wants_something_done_is_read() -> None:
    """What they all ask of whoever reads them is nothing to do."""
    for last, reads in (("Please post the keys to me.", True), ("Please liaise with Bo.", False)):
        acts = dict.fromkeys(("I am away until May.", last), "automatic")
        assert (automatic_by_meaning(" ".join(acts), acts) is None) is reads


def test_who_wants_no_more_offers_is_none_who_makes_them() -> None:
    """Though both say "unsubscribe"."""
    text = "Please unsubscribe me from the mails about 30% off boots."
    assert speech_act(text, answered=False) is Act.OPT_OUT


@pytest.mark.parametrize(
    "text",
    [
        "help me see where crate 12 is",
        "can i pay for the crate later",
        "check crate 12",
        "A note for the clerk. Now give me news of crate 12.",
        "I know the office is closed. Tell me the weight of crate 12.",
    ],
)
def test_a_wish_without_any_mark_is_no_automatic_mail(text: str) -> None:
    """Whatever a model takes it for."""
    assert automatic_by_meaning(text, {text: "automatic"}) is None
    closed = "I saw that my order was closed. Please open it again."
    assert automatic_by_meaning(closed, {closed: "automatic"}) is None
    assert automatic_by_meaning(
        "Crate 12 is in our yard.", {"Crate 12 is in our yard.": "automatic"}
    )


def test_steps_that_were_done_are_no_success() -> None:
    """What was tried tells of no result; "done" alone does."""
    tried = "I have already done all three steps of it."
    assert speech_act(tried, answered=True, meant={tried: "not_helped"}) is Act.NOT_HELPED
    assert speech_act("Done, thank you!", answered=True) is Act.CONFIRMS


def test_a_lure_from_a_lawyer_threatens_nobody() -> None:
    """Who introduces themselves so may be anybody; where the whole mail is a lure it is spam."""
    lure = "This is Attorney Paul Voss, I hold 3 million for you as an heir."
    assert speech_act(lure, answered=False, meant={lure: "spam"}) is Act.SPAM
    assert speech_act("My attorney will write to you.", answered=False) is Act.SERIOUS


def test_who_hands_over_a_post_writes_no_question() -> None:
    """A note that names the address to use instead is automatic, whatever its writer does now."""
    note = "I have moved to another team and no longer handle orders. Please use orders@north.example.com."
    assert automatic("Re: lamp", note, {}) is not None
    assert automatic("Lamp", "I no longer handle orders. Where do I hand them over?", {}) is None
