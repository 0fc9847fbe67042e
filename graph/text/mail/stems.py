"""What the mail programs of many languages say alike: two stems that stand together are enough, whatever the wording."""

from __future__ import annotations

from memory.patterns import linear

MOST_NAME_WORDS, MOST_ALONE_WORDS = 6, 4
"""Of the name that a program puts before the subject it answers, and of one that is all of a subject."""
_NAME_ENDS = linear(r"[:：|(\]]| ?[-–] ")
_OF_ITSELF = linear(
    r"autom[aáā]|otomat|avtomat|samodejn|sjálfvirk|αυτόματ|а[ву]томат|אוטומטי|تلقائي|خودکار|स्वचालित|स्वत|อัตโนมัติ|tự động|自動|自动|자동"
)
_ANSWERS = linear(
    r"\b(?:od(?:po|go)v\w*|odpowied\w*|svar|resp(?:osta|uesta)|réponse|risposta|antwoord|antwort|atsakymas|cevap\w*|cavab|balasan|jawapan|jawaban|erantzun)\b"
    r"|vast(?:au|u)s|válasz|răspuns|atbilde|yanıt|përgjigje|trả lời|відповідь|ответ|отговор|одговор|жауап|απάντηση|応答|返信|答复|回复|回覆|答覆|회신|응답|תשובה|מענה|\bرد\b|الرد|رد |پاسخ|جواب|ตอบ|उत्तर"
)
"""Of an answer: not in English, where "automatic replies: how?" is a person's subject."""
_DELIVERS = linear(
    r"zustell|\bremis|remett|distribu|entreg|consegn|recapit|bezorg|aflever|lever|toimit|toimeta|dostarcz|doruč|kézbesít|livra|isporu|dostav|pristat|piegād|teslim|terkirim|достав|παράδοσ|παραδ|配信|配達|投递|投遞|送达|送達|传递|傳遞|배달|전달|ส่ง|gửi|تسليم"
)
_RECIPIENTS = linear(
    r"destinat|empfänger|ontvanger|geadresseerd|mottag|modtag|mottak|vastaanottaj|adress?[aá]a?[td]|odbiorc|příjemc|príjemc|címzett|primatelj|prejemnik|gavėj|saņēmēj|alıcı|penerima|người nhận|получател|одержувач|прималац|παραλήπτ|受信者|宛先|收件|받는 사람|수신자|المستلم|נמען|ผู้รับ"
)
"""Together they tell whom a mail did not reach; in English phrases do."""


def names_an_automatic_reply(subject: str) -> bool:
    """Whether a mail program named its own answer before the subject it answers; `subject` is folded.

    >>> names_an_automatic_reply("sjálfvirkt svar: boats"), names_an_automatic_reply("automatic gate: no answer")
    (True, False)
    """
    ends = _NAME_ENDS.search(subject)
    name = subject if ends is None else subject[: ends.start()]
    if len(name.split()) > (MOST_NAME_WORDS if name != subject else MOST_ALONE_WORDS):
        return False
    return _OF_ITSELF.search(name) is not None and _ANSWERS.search(name) is not None


def tells_of_recipients(said: str) -> bool:
    """Whether it speaks of delivering and of recipients, as a mail system's report does; `said` is folded.

    >>> tells_of_recipients("sporočila ni bilo mogoče dostaviti tem prejemnikom")
    True
    """
    return _DELIVERS.search(said) is not None and _RECIPIENTS.search(said) is not None
