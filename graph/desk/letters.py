"""How a reply begins and ends in the languages that can be searched: the desk's tone is in its own."""

from __future__ import annotations

from typing import NamedTuple


class Letter(NamedTuple):
    """What stands around the answer."""

    greeting: str
    """With `{name}` for a space and the customer's name, or nothing."""
    closing: str
    sources: str


LETTERS: dict[str, Letter] = {
    "ar": Letter("مرحبًا{name}،", "مع أطيب التحيات", "المصادر:"),
    "de": Letter("Guten Tag{name},", "Freundliche Grüße", "Quellen:"),
    "en": Letter("Hello{name},", "Kind regards", "Sources:"),
    "es": Letter("Hola{name}:", "Un saludo", "Fuentes:"),
    "fr": Letter("Bonjour{name},", "Cordialement", "Sources :"),
    "it": Letter("Buongiorno{name},", "Cordiali saluti", "Fonti:"),
    "ja": Letter("お問い合わせありがとうございます。", "よろしくお願いいたします。", "参照："),
    "ko": Letter("안녕하세요.", "감사합니다.", "출처:"),
    "nl": Letter("Hallo{name},", "Met vriendelijke groet", "Bronnen:"),
    "pl": Letter("Dzień dobry{name},", "Z poważaniem", "Źródła:"),
    "pt": Letter("Olá{name},", "Com os melhores cumprimentos", "Fontes:"),
    "ru": Letter("Здравствуйте{name}!", "С уважением", "Источники:"),
    "th": Letter("สวัสดี{name}", "ขอแสดงความนับถือ", "แหล่งข้อมูล:"),
    "tr": Letter("Merhaba{name},", "Saygılarımızla", "Kaynaklar:"),
    "zh": Letter("您好！", "此致", "来源："),
}
