"""The words that mail programs and people put into mails, language by language."""

from dataclasses import dataclass

AT = "support@desk.example"


@dataclass(frozen=True)
class Tongue:
    """One language."""

    question: str
    """What the customer asks."""
    wrote: str
    """Gmail's or Apple's line above a quotation."""
    heads: tuple[str, str, str, str]
    """Outlook's names of From, Sent, To, Subject."""
    forwarded: str
    """The line above what was passed on."""
    away_subject: str
    """How Outlook begins the subject of an automatic reply."""
    away: str
    """What somebody says who is away."""
    mobile: str
    """What a telephone writes below."""
    regards: str


D = "<support@desk.example>"
TONGUES: dict[str, Tongue] = {
    "en": Tongue(
        "Where do I change the address on my bill?",
        f"On Mon, Nov 2, 2026 at 9:14 AM Desk {D} wrote:",
        ("From", "Sent", "To", "Subject"),
        "---------- Forwarded message ---------",
        "Automatic reply: ",
        "I am out of the office until 9 November and will reply when I am back.",
        "Sent from my iPhone",
        "Kind regards",
    ),
    "de": Tongue(
        "Wo ändere ich die Adresse auf meiner Rechnung?",
        f"Am Mo., 2. Nov. 2026 um 09:14 Uhr schrieb Desk {D}:",
        ("Von", "Gesendet", "An", "Betreff"),
        "---------- Weitergeleitete Nachricht ---------",
        "Automatische Antwort: ",
        "Ich bin bis zum 9. November nicht im Büro und antworte nach meiner Rückkehr.",
        "Von meinem iPhone gesendet",
        "Mit freundlichen Grüßen",
    ),
    "fr": Tongue(
        "Où puis-je changer l'adresse de ma facture ?",
        f"Le lun. 2 nov. 2026 à 09:14, Desk {D} a écrit :",
        ("De", "Envoyé", "À", "Objet"),
        "---------- Forwarded message ---------",
        "Réponse automatique : ",
        "Je suis absente du bureau jusqu'au 9 novembre et vous répondrai à mon retour.",
        "Envoyé de mon iPhone",
        "Cordialement",
    ),
    "es": Tongue(
        "¿Dónde cambio la dirección de mi factura?",
        f"El lun, 2 nov 2026 a las 9:14, Desk ({D}) escribió:",
        ("De", "Enviado", "Para", "Asunto"),
        "---------- Forwarded message ---------",
        "Respuesta automática: ",
        "Estoy fuera de la oficina hasta el 9 de noviembre y responderé a mi regreso.",
        "Enviado desde mi iPhone",
        "Un saludo",
    ),
    "it": Tongue(
        "Dove cambio l'indirizzo della mia fattura?",
        f"Il giorno lun 2 nov 2026 alle ore 09:14 Desk {D} ha scritto:",
        ("Da", "Inviato", "A", "Oggetto"),
        "---------- Forwarded message ---------",
        "Risposta automatica: ",
        "Sono fuori ufficio fino al 9 novembre e risponderò al mio rientro.",
        "Inviato da iPhone",
        "Cordiali saluti",
    ),
    "pt": Tongue(
        "Onde mudo o endereço da minha fatura?",
        f"Em seg., 2 de nov. de 2026 às 09:14, Desk {D} escreveu:",
        ("De", "Enviado", "Para", "Assunto"),
        "---------- Forwarded message ---------",
        "Resposta automática: ",
        "Estou fora do escritório até 9 de novembro e respondo quando voltar.",
        "Enviado do meu iPhone",
        "Atenciosamente",
    ),
    "nl": Tongue(
        "Waar wijzig ik het adres op mijn factuur?",
        f"Op ma 2 nov 2026 om 09:14 schreef Desk {D}:",
        ("Van", "Verzonden", "Aan", "Onderwerp"),
        "---------- Forwarded message ---------",
        "Automatisch antwoord: ",
        "Ik ben tot 9 november afwezig en beantwoord uw bericht daarna.",
        "Verstuurd vanaf mijn iPhone",
        "Met vriendelijke groet",
    ),
    "sv": Tongue(
        "Var ändrar jag adressen på min faktura?",
        f"Den mån 2 nov. 2026 kl 09:14 skrev Desk {D}:",
        ("Från", "Skickat", "Till", "Ämne"),
        "---------- Forwarded message ---------",
        "Autosvar: ",
        "Jag är inte på kontoret förrän den 9 november och svarar när jag är tillbaka.",
        "Skickat från min iPhone",
        "Med vänlig hälsning",
    ),
    "da": Tongue(
        "Hvor ændrer jeg adressen på min faktura?",
        f"Den man. 2. nov. 2026 kl. 09.14 skrev Desk {D}:",
        ("Fra", "Sendt", "Til", "Emne"),
        "---------- Forwarded message ---------",
        "Automatisk svar: ",
        "Jeg er ikke på kontoret før den 9. november og svarer, når jeg er tilbage.",
        "Sendt fra min iPhone",
        "Med venlig hilsen",
    ),
    "nb": Tongue(
        "Hvor endrer jeg adressen på fakturaen min?",
        f"man. 2. nov. 2026 kl. 09:14 skrev Desk {D}:",
        ("Fra", "Sendt", "Til", "Emne"),
        "---------- Forwarded message ---------",
        "Automatisk svar: ",
        "Jeg er ikke på kontoret før 9. november og svarer når jeg er tilbake.",
        "Sendt fra min iPhone",
        "Med vennlig hilsen",
    ),
    "fi": Tongue(
        "Missä vaihdan laskuni osoitteen?",
        f"ma 2. marrask. 2026 klo 9.14 Desk ({D}) kirjoitti:",
        ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
        "---------- Forwarded message ---------",
        "Automaattinen vastaus: ",
        "Olen poissa toimistolta 9. marraskuuta asti ja vastaan palattuani.",
        "Lähetetty iPhonesta",
        "Ystävällisin terveisin",
    ),
    "pl": Tongue(
        "Gdzie zmienię adres na mojej fakturze?",
        f"pon., 2 lis 2026 o 09:14 Desk {D} napisał(a):",
        ("Od", "Wysłano", "Do", "Temat"),
        "---------- Forwarded message ---------",
        "Odpowiedź automatyczna: ",
        "Jestem poza biurem do 9 listopada i odpowiem po powrocie.",
        "Wysłane z iPhone'a",
        "Z poważaniem",
    ),
    "cs": Tongue(
        "Kde změním adresu na své faktuře?",
        f"po 2. 11. 2026 v 9:14 odesílatel Desk {D} napsal:",
        ("Od", "Odesláno", "Komu", "Předmět"),
        "---------- Forwarded message ---------",
        "Automatická odpověď: ",
        "Do 9. listopadu jsem mimo kancelář a odpovím po návratu.",
        "Odesláno z iPhonu",
        "S pozdravem",
    ),
    "tr": Tongue(
        "Faturamdaki adresi nerede değiştiririm?",
        f"Desk {D}, 2 Kas 2026 Pzt, 09:14 tarihinde şunu yazdı:",
        ("Kimden", "Gönderildi", "Kime", "Konu"),
        "---------- Forwarded message ---------",
        "Otomatik Yanıt: ",
        "9 Kasım'a kadar ofis dışındayım, döndüğümde yanıtlayacağım.",
        "iPhone'umdan gönderildi",
        "Saygılarımla",
    ),
    "ja": Tongue(
        "請求書の住所はどこで変更できますか？",
        f"2026年11月2日(月) 9:14 Desk {D}:",
        ("差出人", "送信日時", "宛先", "件名"),
        "---------- Forwarded message ---------",
        "自動応答: ",
        "11月9日まで不在にしております。戻り次第ご連絡いたします。",
        "iPhoneから送信",
        "よろしくお願いいたします",
    ),
    "ru": Tongue(
        "Где изменить адрес в моём счёте?",
        f"пн, 2 нояб. 2026 г. в 09:14, Desk {D}:",
        ("От", "Отправлено", "Кому", "Тема"),
        "---------- Forwarded message ---------",
        "Автоматический ответ: ",
        "Меня нет в офисе до 9 ноября, отвечу после возвращения.",
        "Отправлено с iPhone",
        "С уважением",
    ),
    "uk": Tongue(
        "Де змінити адресу в моєму рахунку?",
        f"пн, 2 лист. 2026 р. о 09:14 Desk {D} пише:",
        ("Від", "Надіслано", "Кому", "Тема"),
        "---------- Forwarded message ---------",
        "Автоматична відповідь: ",
        "Мене немає в офісі до 9 листопада, відповім після повернення.",
        "Надіслано з iPhone",
        "З повагою",
    ),
    "zh": Tongue(
        "在哪里可以更改发票上的地址？",
        f"Desk {D} 于2026年11月2日周一 09:14写道：",
        ("发件人", "发送时间", "收件人", "主题"),
        "---------- Forwarded message ---------",
        "自动答复: ",
        "我在11月9日之前不在办公室，回来后会尽快回复。",
        "从我的iPhone发送",
        "此致",
    ),
    "ko": Tongue(
        "청구서의 주소는 어디에서 바꾸나요?",
        f"2026년 11월 2일 (월) 오전 9:14, Desk {D}님이 작성:",
        ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
        "---------- Forwarded message ---------",
        "자동 회신: ",
        "11월 9일까지 부재중이며 돌아와서 답변드리겠습니다.",
        "나의 iPhone에서 보냄",
        "감사합니다",
    ),
    "ro": Tongue(
        "Unde schimb adresa de pe factura mea?",
        f"În lun., 2 nov. 2026 la 09:14, Desk {D} a scris:",
        ("De la", "Trimis", "Către", "Subiect"),
        "---------- Forwarded message ---------",
        "Răspuns automat: ",
        "Nu sunt la birou până pe 9 noiembrie și voi răspunde când mă întorc.",
        "Trimis de pe iPhone",
        "Cu stimă",
    ),
}
"""By language code."""
