"""One plain sentence in many languages: a person has the message and will answer."""

from __future__ import annotations

NOTICES: dict[str, str] = {
    "de": "Vielen Dank für Ihre Nachricht. Eine Kollegin oder ein Kollege liest sie und antwortet Ihnen hier.",
    "fr": "Merci pour votre message. Une personne de notre équipe va le lire et vous répondra ici.",
    "es": "Gracias por su mensaje. Una persona de nuestro equipo lo leerá y le responderá aquí.",
    "it": "Grazie per il suo messaggio. Una persona del nostro team lo leggerà e le risponderà qui.",
    "pt": "Obrigado pela sua mensagem. Uma pessoa da nossa equipa vai lê-la e responder-lhe aqui.",
    "nl": "Bedankt voor uw bericht. Een medewerker leest het en antwoordt u hier.",
    "sv": "Tack för ditt meddelande. En medarbetare läser det och svarar dig här.",
    "da": "Tak for din besked. En medarbejder læser den og svarer dig her.",
    "no": "Takk for meldingen. En medarbeider leser den og svarer deg her.",
    "fi": "Kiitos viestistäsi. Työntekijämme lukee sen ja vastaa sinulle tähän.",
    "pl": "Dziękujemy za wiadomość. Przeczyta ją nasz pracownik i odpowie tutaj.",
    "cs": "Děkujeme za zprávu. Přečte si ji náš kolega a odpoví vám zde.",
    "sk": "Ďakujeme za správu. Prečíta si ju náš kolega a odpovie vám tu.",
    "hu": "Köszönjük üzenetét. Egy munkatársunk elolvassa, és itt válaszol Önnek.",
    "ro": "Vă mulțumim pentru mesaj. Un coleg îl va citi și vă va răspunde aici.",
    "bg": "Благодарим за съобщението. Наш служител ще го прочете и ще Ви отговори тук.",
    "ru": "Спасибо за сообщение. Его прочитает наш сотрудник и ответит вам здесь.",
    "uk": "Дякуємо за повідомлення. Наш співробітник прочитає його та відповість вам тут.",
    "el": "Ευχαριστούμε για το μήνυμά σας. Ένας συνεργάτης μας θα το διαβάσει και θα σας απαντήσει εδώ.",
    "tr": "Mesajınız için teşekkür ederiz. Bir çalışanımız okuyup size buradan yanıt verecek.",
    "ja": "お問い合わせありがとうございます。担当者が拝見し、こちらでお返事いたします。",
    "zh": "感谢您的来信。我们的同事会阅读并在此回复您。",
    "ko": "메시지를 보내 주셔서 감사합니다. 담당자가 읽고 여기로 답변드리겠습니다.",
    "ar": "شكرًا لرسالتك. سيقرؤها أحد زملائنا ويرد عليك هنا.",
    "he": "תודה על הודעתך. אחד מעמיתינו יקרא אותה וישיב לך כאן.",
    "hi": "आपके संदेश के लिए धन्यवाद। हमारे एक सहकर्मी इसे पढ़कर यहीं उत्तर देंगे।",
    "id": "Terima kasih atas pesan Anda. Rekan kami akan membacanya dan membalas Anda di sini.",
    "vi": "Cảm ơn bạn đã nhắn tin. Nhân viên của chúng tôi sẽ đọc và trả lời bạn tại đây.",
    "en": "Thank you for your message. A colleague will read it and answer you here.",
}
"""By ISO 639-1 code."""
