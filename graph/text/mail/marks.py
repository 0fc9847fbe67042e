"""Words by which mail programs mark what they add, in the languages of their users.

Everything is compared folded: case-folded, with plain characters and single blanks.
"""

from __future__ import annotations

from memory.characters import compatible


def folded(text: str) -> str:
    """The text for comparison: case-folded, compatible characters unified, single blanks."""
    return " ".join(compatible(text).casefold().replace("’", "'").split())


REPLY_MARKS = frozenset(
    """
    re aw sv vs odp ynt antw res rif atb ref על回 回复 回覆 答复 返信 답장 ответ отв απ vá svar
    """.split()
)
"""Marks of a reply before a subject, without the colon."""
FORWARD_MARKS = frozenset(
    """
    fw fwd wg tr rv enc i vb vl pd doorst ilt i̇lt tov továbbítás προώθ 转发 轉寄 転送 전달 пересл fs
    """.split()
)
"""Marks of a forward before a subject, without the colon."""

FORWARDED = (
    "forwarded message",
    "forwarded by",
    "weitergeleitete nachricht",
    "weitergeleiteten nachricht",
    "message transféré",
    "message réexpédié",
    "mensaje reenviado",
    "mensaje reenvíado",
    "messaggio inoltrato",
    "doorgestuurd bericht",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "vidarebefordrat meddelande",
    "videresendt melding",
    "videresendt meddelelse",
    "videresendt besked",
    "przekazana wiadomość",
    "przekazanej wiadomości",
    "wiadomość przekazana",
    "přeposlaná zpráva",
    "přeposlané zprávy",
    "preposlaná správa",
    "továbbított üzenet",
    "edelleenlähetetty viesti",
    "välitetty viesti",
    "mesaj redirecționat",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "переслане повідомлення",
    "yönlendirilen ileti",
    "iletilen mesaj",
    "προωθημένο μήνυμα",
    "転送されたメッセージ",
    "转发的邮件",
    "转发邮件",
    "轉寄的郵件",
    "전달된 메시지",
    "pesan yang diteruskan",
    "הודעה שהועברה",
    "الرسالة المعاد توجيهها",
)
"""What stands in the line above a forwarded mail."""

ORIGINAL = (
    "original message",
    "reply message",
    "original mail",
    "ursprüngliche nachricht",
    "originalnachricht",
    "message d'origine",
    "message original",
    "mensaje original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "mensagem original",
    "originalmeddelande",
    "ursprungligt meddelande",
    "opprinnelig melding",
    "oprindelig meddelelse",
    "oryginalna wiadomość",
    "wiadomość oryginalna",
    "původní zpráva",
    "pôvodná správa",
    "eredeti üzenet",
    "alkuperäinen viesti",
    "mesaj original",
    "исходное сообщение",
    "оригінальне повідомлення",
    "orijinal ileti",
    "özgün ileti",
    "αρχικό μήνυμα",
    "原始邮件",
    "原始郵件",
    "元のメッセージ",
    "원본 메일",
    "원본 메시지",
)
"""What stands in the line above a quoted mail."""

ABOVE = (
    "reply above this line",
    "type your reply above",
    "write above this line",
    "respond above this line",
    "antworten sie oberhalb dieser zeile",
    "antwort oberhalb dieser zeile",
    "répondre au-dessus de cette ligne",
    "répondez au-dessus de cette ligne",
    "escriba su respuesta por encima de esta línea",
    "responda por encima de esta línea",
    "rispondi sopra questa riga",
    "antwoord boven deze regel",
    "responda acima desta linha",
    "svara ovanför denna rad",
    "svar over denne linjen",
    "odpowiedz powyżej tej linii",
)
"""A helpdesk's line below which its own words stand."""

WROTE = (
    " wrote",
    " schrieb",
    " a écrit",
    " escribió",
    " ha scritto",
    " schreef",
    " escreveu",
    " skrev",
    " napisał",
    " pisze",
    " napsal",
    " napísal",
    " írta",
    " kirjoitti",
    " a scris",
    " написал",
    " написав",
    " пишет",
    " пише",
    " написа",
    " yazdı",
    " έγραψε",
    " kirjutas",
    " rašė",
    " rakstīja",
    " je napisao",
    " je napisal",
    " viết",
    " menulis",
    "写道",
    "寫道",
    "のメール",
    "書きました",
    "작성",
    "เขียนว่า",
    " ने लिखा",
    " כתב",
    " كتب",
)
"""The verb of the line above a quotation."""

OPENERS = (
    "on ", "am ", "le ", "el ", "il ", "op ", "em ", "den ", "w dniu ", "dne ", "dňa ", "pe ", "på ",
    "ti ", "vào ", "в ", "на ", "στις ", "kl ", "pada ", "dana ", "v ", "om ", "bericht van ", "mon",
    "tue", "wed", "thu", "fri", "sat", "sun", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "-", "*",
)  # fmt: skip
"""How such a line begins where it is broken over several."""

HEADERS: dict[str, str] = {
    folded(name): kind
    for kind, names in {
        "from": "from|von|de|de la|da|van|od|fra|från|lähettäjä|feladó|kimden|gönderen|nadawca|odesílatel"
        "|odosielateľ|expéditeur|mittente|remitente|от|от кого|від|від кого|από|מאת|من|发件人|寄件者|差出人"
        "|보낸 사람|보낸사람|dari|từ|จาก|afzender|absender|avsändare|šalje|pošiljatelj|saatja|nuo|no|pošiljateľ|प्रेषक|فرستنده",
        "date": "date|sent|sent at|datum|gesendet|gesendet am|envoyé|envoyé le|enviado|enviado el"
        "|enviada em|enviado em|fecha|data|inviato|verzonden|skickat|sendt|dato|lähetetty|päiväys"
        "|elküldve|dátum|tarih|gönderildi|gönderilen|gönderilme|gönderme|gönderme tarihi|gönderilme tarihi|wysłano|wysłane|odesláno|datum odeslání|odoslané"
        "|дата|отправлено|надіслано|ημερομηνία|στάλθηκε|תאריך|נשלח|التاريخ|发送时间|發送時間|日期|送信日時"
        "|日時|보낸 날짜|날짜|tanggal|dikirim|trimis|ngày|poslano|saadetud|išsiųsta|nosūtīts|dátum odoslania|изпратено|寄件日期|发送日期|ส่ง|đã gửi|تم الإرسال|تاريخ الإرسال|भेजा गया|enviat",
        "to": "to|an|à|a|para|aan|till|til|vastaanottaja|címzett|kime|alıcı|do|komu|pre|кому|προς|אל"
        "|إلى|收件人|收件者|宛先|받는 사람|받는사람|kepada|către|đến|za|adressaat|kam|prima|до|ถึง|प्रति|per a",
        "subject": "subject|betreff|objet|asunto|oggetto|onderwerp|assunto|ämne|emne|aihe|tárgy|konu"
        "|temat|předmět|predmet|тема|θέμα|נושא|الموضوع|主题|主旨|件名|제목|subjek|subiect|chủ đề|zadeva|teema|tema|tēma|относно|เรื่อง|विषय|assumpte",
        "other": "cc|kopie|kopia|kópia|másolatot kap|bilgi|κοιν|副本|копия|抄送|参照|참조|reply-to|antwort an|répondre à|importance|anlagen"
        "|attachments|pièces jointes",
    }.items()
    for name in names.split("|")
}  # fmt: skip
"""Names of the lines of a mail's head, and what each is."""

BELOW = frozenset(
    [
        "see below", "please see below", "pls see below", "below", "as below", "fyi", "fyi see below",
        "see the mail below", "see email below", "see message below", "siehe unten", "s. u", "s.u",
        "zur info", "zur information", "z. k", "bitte siehe unten", "voir ci-dessous", "cf. ci-dessous",
        "pour info", "ver abajo", "ver más abajo", "vedi sotto", "zie hieronder", "zie onder", "ter info",
        "ver abaixo", "se nedan", "se nedenfor", "patrz niżej", "viz níže", "см. ниже", "下記参照",
    ]
)  # fmt: skip
"""Words that say no more than: read what is below."""


_QUESTION_MARKS = frozenset("?？؟⁇")


def asks(text: str) -> bool:
    """Whether a question mark stands in it; one in an address of the web asks nothing."""
    if _QUESTION_MARKS.isdisjoint(text):
        return False
    return any(
        not _QUESTION_MARKS.isdisjoint(word if "://" not in word else word[-1:])
        for word in text.replace("www.", "://").split()
    )
