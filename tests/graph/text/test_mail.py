"""A mail's own words are kept, and only what programs added is set aside."""

import pytest

from graph.text.mail.automatic import MEANT, automatic
from graph.text.mail.reading import own_words, read_mail

QUESTION = "Where do I set the time zone?"
OLD = "How do I delete everything?"
THREADS = [
    f"Am 3. August 2026 um 09:12 schrieb Support <s@desk.example>:\n> {OLD}",
    f"Le lun. 3 août 2026 à 09:12, Support <s@desk.example> a écrit :\n> {OLD}",
    f"El lun, 3 ago 2026 a las 9:12, Support (<s@desk.example>) escribió:\n> {OLD}",
    f"Il giorno lun 3 ago 2026 alle ore 09:12 Support <s@desk.example> ha scritto:\n> {OLD}",
    f"Op ma 3 aug 2026 om 09:12 schreef Support <s@desk.example>:\n> {OLD}",
    f"Den mån 3 aug. 2026 kl 09:12 skrev Support <s@desk.example>:\n> {OLD}",
    f"pon., 3 sie 2026 o 09:12 Support <s@desk.example> napisał(a):\n> {OLD}",
    f"2026年8月3日(月) 9:12 Support <s@desk.example>:\n> {OLD}",
    f"3 Ağu 2026 Pzt 09:12 tarihinde Support <s@desk.example> şunu yazdı:\n> {OLD}",
    f"On Mon, 3 Aug 2026 at 09:12, a very long name of support\n<s@desk.example> wrote:\n\n{OLD}",
    f"From: Support <s@desk.example>\nSent: 3 August 2026 09:12\nTo: Me\nSubject: RE: hi\n\n{OLD}",
    f"De : Support\nEnvoyé : lundi 3 août 2026 09:12\nÀ : Moi\nObjet : RE: bonjour\n\n{OLD}",
    f"Da: Support\nInviato: lunedì 3 agosto 2026 09:12\nA: Io\nOggetto: R: ciao\n\n{OLD}",
    f"-----Ursprüngliche Nachricht-----\nVon: s@desk.example\nBetreff: Hallo\n\n{OLD}",
    f"##- Please type your reply above this line -##\n\n{OLD}",
    f"##- Scrivi la tua risposta sopra questa linea. -##\n\n{OLD}",
    f"---- On Mon, 3 Aug 2026 09:12:44 +0200 Support <s@desk.example> wrote ----\n\n{OLD}",
    f"Bo Lind, Aug 3, 2026, 09:12 CEST:\n{OLD}",
]


@pytest.mark.parametrize("thread", THREADS)
def test_a_quoted_thread_is_set_aside_and_kept(thread: str) -> None:
    """Gmail, Outlook and Apple, in the languages of their users."""
    found = read_mail(f"{QUESTION}\n\n{thread}")
    assert found.own == QUESTION
    assert OLD in found.aside


ADDED = [
    "{}\n\n-- \nBo Lind\n+46 8 555 01 00\nStop paper plans: ask us how to begin!",
    "{}\n\n-- \nBo Lind\nTired of paper? Read https://lind.example/?from=mail",
    "{}\n\nBest wishes, Bo",
    "{}\n\nKind regards / Mit freundlichen Grüßen\ni. A. Bo Lind",
    "{}\n\nSent with Birdmail",
    "{}\n\nKind regards\nBo Lind MSc\n\n[cid:logo.png@01]\n\nBlog | Book a demo | Follow us",
    '{}\n\n______________\nBo Lind\n"Why walk when you can swim?"',
    "{}\n\nSaludos,\nBo Lind\nEste correo puede contener datos confidenciales de su remitente y nadie más debe leerlo.",
    "{}\n\nTéléchargez Outlook pour iOS<https://aka.example/x>",
    "WARNING: External sender. Do not open attachments from people you do not know.\n\n{}",
    "Achtung: Diese E-Mail kommt von außerhalb.\nÖffnen Sie keine Anhänge.\n\n{}",
    '{{"name": "", "question": "{}"}}',
    "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n\n{}=20",
    "Content-Type: multipart/mixed; boundary=b0\n\n--b0\nContent-Type: text/plain\n\n{}\n--b0--",
    "<p style='display: none'>In this issue</p><p>{}</p>",
    "{}\n\nVerstuurd met Vogelmail",
    "{}\n\nSchönen Tag noch\nBo",
    "{}\n\n[Attachment: plan.pdf, 3 kB]",
    "--=_b1\nContent-Type: text/html\n\n<p>no</p>\n--=_b1\nContent-Type: text/plain\n\n{}\n--=_b1--",
    "{}\n--b2\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b2--",
    "{}\n\n[https://lind.example/logo.png]<https://lind.example/>\n<https://aka.example/x>",
    "{}\n\nBo Lind | Head of Boats | Lind AB | +46 8 555 01 00",
    "{}\n\nMed soliga hälsningar,\nBo Lind",
    "{}\n\nよろしくお願い致します。\nBo Lind",
    "{}\n\n-- \nBo Lind\nHamngatan 1, Malmö\nWhy walk? Swim!",
    "{}\n\nBest,\nBo Lind\n\nThis mail is privileged and confidential. You are not the intended recipient? Delete it.",
    "{}\n\nFor the addressee only. If you received it in error, please delete it. Do we waste paper? We hope not.",
    "{}\n\nLind Limited, registered in Eire. Registered office: 1 Pier, Cork. Company number 77.",
    "{}\n\nBest,\nBo\n\nDid you know that we swim, too? Ask me how!\nBlog | Films | Shop",
    "BEGIN:VCARD\nFN:Bo Lind\nEND:VCARD\n{}",
    "--- Reply above this line ---\n\n{}",
    "{}\n\nBest,\nBo\n\n====\nChecked by Birdguard. Was it wanted? https://guard.example/v\n====",
    "{}\n\nMit freundlichen Grüßen\nBo Lind\n\nLind AB, Hafen 1, 20457 Hamburg\nNoch Fragen? bo@lind.example",
    "[14:01] Guest: {}\n[14:02] Support bot: Why do you ask?\n[14:03] Guest has left",
    "02.05.26, 14:01 - Bo: {}\n02.05.26, 14:03 - Bo: thx",
]


@pytest.mark.parametrize("form", ADDED)
def test_what_programs_and_companies_add_is_not_read(form: str) -> None:
    """Signatures, banners, forms, raw mails and the records of chats around one question."""
    own = own_words(form.format(QUESTION))
    assert own.removesuffix("\nthx").removeprefix("question: ") == QUESTION


READ = [
    ("Caf=C3=A9 =\nshut?", "Café shut?"),
    ("See https://a.example/?id=20&b=C3", "id=20&b=C3"),
    (
        "Our company number 77 is new.\n\nThe registered office, too: please print it.",
        "please print it",
    ),
    ("Who works when?\n\nAnn | early | 06:00 | 12345678\nBo | late | 14:00 | 87654321", "late"),
    ("With regards to the bill\nWhere is it?", "the bill"),
    ("How do I can-\ncel what was or-\ndered?", "How do I cancel what was ordered?"),
    ("It is a self-\nservice till", "self-\nservice"),
    ("Where is AB-\n104251 now?", "Where is AB-104251 now?"),
    ("My data are new.\n\nBo Lind\nAB-104251", "AB-104251"),
    ("Regards, Bo\n\nPS How do I stop it?", "How do I stop it?"),
    ("10:00 Pump: off\nWe see this each day and wonder why.\nCan you help?", "10:00 Pump: off"),
    ("Hi,\nthis list may contain confidential names, delete it", "delete it"),
    ("{broken: json", "{broken: json"),
    ("On 3 May 2026 at 09:12 the door said:\nGo away.", "Go away."),
    ("***\nWhere is it? See https://a.example/x\n***", "Where is it?"),
    ("It says:\n~~~\nE7 at https://a.example/x\n~~~", "E7 at"),
    ("No mail.\n===\nerror at https://a.example/x\n===", "error at"),
    ("Is it this one?\n---\nhttps://a.example/x\nOr which?", "Or which?"),
    ("BEGIN:VCARD\nit never ends", "it never ends"),
    ("From: the list I took Ann\nTo: Monday\nDate: next week\n\nIt vanished.", "It vanished."),
    ("Thanks,\nAnn\n\nP.S. please also cancel my trial", "cancel my trial"),
    ("Which one is\nbest\nfor us?", "for us?"),
    ("Two things\n--\nHow do I start? How do I stop?", "How do I start?"),
    ("This is confidential: who can see my salary?", "who can see my salary?"),
    (">Where is it?", "Where is it?"),
    ("On 3 May your colleague wrote:\nWe pay you back.\nWhen?", "When?"),
    ("FYI\n\n-----Original Message-----\nFrom: a@b.example\nSubject: x\n\nIt is broken", "broken"),
]


@pytest.mark.parametrize(("text", "kept"), READ)
def test_when_in_doubt_it_is_read(text: str, kept: str) -> None:
    """What asks, and what is all there is, is never cut away."""
    assert kept in own_words(text)


FORWARDS = [
    "---------- Forwarded message ---------\nFrom: Kim <k@x.example>\nDate: 3 May 2026\nSubject: y\nTo: Me\n\n",
    "Anfang der weitergeleiteten Nachricht:\n\nVon: Kim <k@x.example>\nBetreff: y\nDatum: 3. Mai 2026\n\n",
    "---------- Message transféré ---------\nDe : Kim <k@x.example>\nDate : 3 mai 2026\nObjet : y\n\n",
    "Inizio messaggio inoltrato:\n\nDa: Kim <k@x.example>\nOggetto: y\nData: 3 maggio 2026\n\n",
]


@pytest.mark.parametrize("head", FORWARDS)
def test_what_is_passed_on_is_read(head: str) -> None:
    """With the words above it, and without the forwarded head."""
    assert own_words(f"Can you answer Kim?\n\n{head}{QUESTION}\n") == (
        f"Can you answer Kim?\n\n{QUESTION}"
    )


def test_html_is_read_as_its_text() -> None:
    """Blocks become lines; quotations and signatures that programs mark are left out."""
    html = (
        "<div>Hello,<br>where is <b>order 7</b>?</div><div class='gmail_quote'>old words</div>"
        "<div class='gmail_signature'>Ann</div>"
    )
    assert own_words(html) == "Hello,\nwhere is order 7?"
    forward = "<div class='gmail_quote'>Forwarded message<br><br><div>Where is order 8?</div></div>"
    assert own_words(f"<div>For you</div>{forward}").endswith("Where is order 8?")
    head = "".join(
        f"<div><b>{one}</b></div>\n" for one in ("From: s@d.example", "Sent: 3 May", "To: Me")
    )
    assert own_words(f"<div>Where is it?</div>{head}<div>old words</div>") == "Where is it?"
    assert own_words("Where is it?<br>And when?") == "Where is it?\nAnd when?"


ROBOTS = [
    ("Respuesta automática: Hola", "Estoy de vacaciones."),
    ("[EXT] Automatisch antwoord: vraag", "Ik ben er niet."),
    ("Re: x", "Je suis en congé jusqu'au 3 mai et répondrai à mon retour."),
    ("Re: x", "Jestem na urlopie do 3 maja."),
    ("Re: x", "Thank you. We have received your request and opened ticket 12."),
    ("Mail delivery failed", "The message to a@b.example could not be delivered."),
    ("Re: x", "Bo Lind no longer works here. Please contact office@x.example."),
    ("Re: x", "This address is no longer in use. Please write to office@x.example."),
    ("Abgelehnt: Besuch am Montag", ""),
    ("Accepted: Tour of the hall", "Bo Lind has accepted this invitation."),
    ("Re: x", "I am away until Monday, see https://lind.example/?page=help"),
    ("Re: x", "Votre demande n° 7 a bien été enregistrée."),
    ("KEY-7 Login", "Just confirming that we got your request. We are on it."),
    ("Re: x", "Jag har slutat på Lind AB. Kontakta kontoret."),
    ("Leído: Su pregunta", "Su mensaje\nPara: Ann\nAsunto: Su pregunta\nse leyó el lunes."),
    ("Case 7", "Your case 7 was closed. Write within a week if it comes back."),
    ("Vorgang 7", "Ihre Anfrage 7 wurde soeben abgeschlossen."),
    ("Hello", "Thank you for your message to Lind AB. Our team usually replies within an hour."),
    ("Merci", "Merci pour votre demande. Nous vous répondrons demain."),
    ("Re: x", "Back on 4 May. Bo covers for me."),
    ("Re: x", "Vuelvo el 4 de mayo. En mi ausencia escriba a Bo."),
    ("SV: x", "Tillbaka den 4 maj. Vid akuta ärenden, ring Bo."),
    ("Re: x", "Ik ben met vakantie. Bij spoed kunt u Bo bellen."),
    ("Recall: plan", "Bo Lind would like to recall the message “plan”."),
    ("Returned", "a@b.example: the mail account is over quota."),
]
PEOPLE = [
    ("Out of office in the calendar", "How do I mark a day?"),
    ("Re: x", "Ann is on parental leave, but the plan still shows her."),
    ("Re: x", "Unsere Uhr ist nicht erreichbar."),
    ("Delivery failed", "My parcel came back. The courier found nobody."),
    ("Re: x", "Bo no longer works for us, remove his account."),
    ("Declined: our card", "The bank says no. Please look into it."),
    ("Accepted: the offer", "We take the larger tent then."),
    ("Re: x", "The crate could not be delivered on Monday. Send it once more."),
    ("Read: the rules", "I read the rules and have a question about rule 3."),
    ("Re: x", "Your ticket 7 was closed but the door is still broken."),
    ("Re: x", "Thank you for your message. The team cannot get in, they wait outside."),
    ("Re: x", "I am back on Monday and need the key until then."),
    ("Re: x", "Bis dahin vertritt mich Bo. Können Sie ihm den Zugang geben?"),
    ("Re: x", "Our mailbox is full of your reminders."),
    ("Re: x", "My mailbox is over quota since noon. I emptied it."),
    ("Re: x", "Breakfast is no longer part of my tariff. I tried to contact you."),
    ("Re: x", "Bo is no longer part of our team. Write to me about the crates, please contact me."),
    ("Re: x", "Ich möchte die Nachricht auf dem Band ändern."),
    ("Re: x", "Ik wil het bericht op de band veranderen."),
    ("Re: x", "I would like to recall the message of this morning."),
    ("Re: x", "My wife is back on Monday. In the meantime you can contact me."),
    (
        "Re: x",
        "I will be back on Friday. The porter has the keys, the engineer can get in touch with him.",
    ),
]
UNSURE = [
    "Danke für Ihre Nachricht. Wir werden am Montag ab 8 Uhr zu Hause sein.",
    "Merci pour votre réponse. Notre équipe a regardé la page hier.",
    "Thank you for your message. We will answer the door from 8 on.",
    "Your case has been closed twice now.",
    "I will be back on Friday. Until then contact the porter about the meter.",
]
HANDED_OVER = [
    "We have moved on from the harbour. Please use office@lind.example from now on.",
    "Hello, my old address is being retired in May. Update your contacts and write to bo@lind.example instead.",
    "Our contact has changed. For all of the boats please write to bo@lind.example in future.",
]


@pytest.mark.parametrize(("subject", "text"), ROBOTS)
def test_a_robots_mail_is_told_by_its_form(subject: str, text: str) -> None:
    """Without any header."""
    assert automatic(subject, text, {}) is not None


@pytest.mark.parametrize("text", UNSURE)
def test_what_a_customer_may_say_as_well_ends_no_ticket_in_silence(text: str) -> None:
    """It reads as an automatic reply, and a person decides: only what no customer says is sure."""
    assert automatic("Re: x", text, {}) in {None, MEANT}


@pytest.mark.parametrize("text", HANDED_OVER)
def test_a_note_that_names_another_address_goes_to_a_person(text: str) -> None:
    """No article answers it, and nobody is passed over; who wants something done asks us."""
    assert automatic("", text, {}) == MEANT
    assert automatic("", f"{text} Please unlock the boat.", {}) is None


@pytest.mark.parametrize(("subject", "text"), PEOPLE)
def test_a_persons_mail_is_not(subject: str, text: str) -> None:
    """Though they speak of the same things."""
    assert automatic(subject, text, {}) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"List-Id": "<office.x.example>"},
        {"Precedence": "list"},
        {"Auto-Submitted": "auto-generated"},
    ],
)
def test_an_odd_header_on_a_persons_mail_is_no_proof(headers: dict[str, str]) -> None:
    """Groups and rules of mail programs set them on what people wrote."""
    assert automatic("Login", "I cannot sign in any more.", headers) is None


@pytest.mark.parametrize(
    "notice",
    [
        "Le informazioni sono riservate e destinate al solo destinatario.",
        "Dit bericht is vertrouwelijk en alleen voor de geadresseerde.",
        "Drucken Sie dies nur, wenn nötig: der Umwelt zuliebe.",
    ],
)
def test_a_notice_below_a_letter_is_told_by_what_it_speaks_of(notice: str) -> None:
    """Of what is confidential and for whom, or of printing and nature; a question of both is read."""
    assert own_words(f"Where is it?\n\nAnn Lee\n\n{notice}") == "Where is it?\n\nAnn Lee"
    asked = "Which recipient may read confidential notes?"
    assert asked in own_words(f"Hello,\n\n{asked}")


def test_a_notice_that_asks_whether_to_print_is_a_notice() -> None:
    """Its own question is nobody's; one of a writer who got it by mistake is."""
    notice = "It may hold privileged facts; if you are not the intended recipient, delete it. Think of the environment: must you print it?"
    found = read_mail(f"{QUESTION}\n\nBo Lind\n\n{notice}")
    assert "environment" in found.aside
    assert "environment" not in found.own
    mine = "We are not the intended recipient of this bill. Whom do we send it to?"
    assert mine in own_words(f"{QUESTION}\n\n{mine}")


def test_a_line_to_write_above_with_nothing_above_it_begins_the_text() -> None:
    """A helpdesk's first mail has it at the top, below a rule; a sign of thanks is something said."""
    text = "-.-.-\n".replace(".", "-") + "Reply above this line.\n\nYour case 7 was opened."
    assert "Your case 7 was opened." in own_words(text)
    assert (
        own_words(f"👍\n\nOn Mon, 3 Aug 2026 at 09:12, Ann <a@desk.example> wrote:\n> {OLD}")
        == "👍"
    )
