"""Closing phrases, programs' footers and legal notices, in the languages of their users."""

from __future__ import annotations

from memory.patterns import LEFT, RIGHT

CLOSINGS = frozenset(
    [
        # English
        *("regards", "best", "cheers", "sincerely", "respectfully", "br", "kr", "rgds", "brgds"),
        *("kind regards", "best regards", "warm regards", "warmest regards", "many regards"),
        *("best wishes", "kind wishes", "warm wishes", "all the best", "yours", "yours sincerely"),
        *("yours faithfully", "yours truly", "with kind regards", "with best regards", "take care"),
        *("kindest regards", "thanks and regards", "thanks & regards", "thanks and kind regards"),
        *("thanks", "many thanks", "thanks again", "thanks a lot", "thanks in advance", "thx", "ta"),
        *("kind thanks", "with thanks", "thanks so much", "thank you", "thank you very much"),
        *("thank you so much", "thank you in advance", "thank you again", "thank you and regards"),
        *("thank you for your help", "thank you for your time", "thank you for your support"),
        *("thanks for your help", "thanks for your time", "thanks for your support", "cordially"),
        *("have a nice day", "have a great day", "have a good day", "have a nice weekend"),
        # German
        *("mit freundlichen grüssen", "mit freundlichem gruss", "freundliche grüsse", "mfg", "lg"),
        *("viele grüsse", "beste grüsse", "liebe grüsse", "vg", "bg", "herzliche grüsse", "grüsse"),
        *("schöne grüsse", "gruss", "hochachtungsvoll", "mit besten grüssen", "besten dank"),
        *("vielen dank", "danke", "vielen dank im voraus", "danke im voraus", "herzlichen dank"),
        *("danke und gruss", "danke und viele grüsse", "vielen dank und viele grüsse"),
        # French
        *("cordialement", "bien cordialement", "bonne journée", "bien à vous", "salutations", "merci"),
        *("sincères salutations", "meilleures salutations", "très cordialement", "merci d'avance"),
        *("merci beaucoup", "merci par avance", "bonne soirée", "crdt", "cdt", "cdlt"),
        # Spanish, Portuguese, Italian
        *("saludos", "un saludo", "saludos cordiales", "un cordial saludo", "atentamente", "gracias"),
        *("muchas gracias", "gracias de antemano", "atte", "abrazos", "un abrazo"),
        *("atenciosamente", "cumprimentos", "com os melhores cumprimentos", "obrigado", "obrigada"),
        *("muito obrigado", "muito obrigada", "abraços", "att", "melhores cumprimentos", "grato"),
        *("cordiali saluti", "distinti saluti", "saluti", "grazie", "grazie mille", "un saluto"),
        *("buona giornata", "grazie in anticipo", "cordialmente", "tante grazie"),
        # Dutch and the north
        *("met vriendelijke groet", "met vriendelijke groeten", "mvg", "groeten", "groetjes", "gr"),
        *("hartelijke groet", "bedankt", "alvast bedankt", "dank u wel", "vriendelijke groet"),
        *("med vänliga hälsningar", "vänliga hälsningar", "mvh", "hälsningar", "tack", "tack på förhand"),
        *("med venlig hilsen", "med vennlig hilsen", "venlig hilsen", "vennlig hilsen", "hilsen"),
        *("tak", "takk", "på forhånd tak", "på forhånd takk", "mange tak", "tusen takk"),
        *("ystävällisin terveisin", "terveisin", "parhain terveisin", "kiitos", "kiitos etukäteen"),
        # the east and the south
        *("pozdrawiam", "z poważaniem", "pozdrowienia", "dziękuję", "z góry dziękuję", "serdecznie pozdrawiam"),
        *("s pozdravem", "s přátelským pozdravem", "děkuji", "předem děkuji", "zdravím"),
        *("s pozdravom", "ďakujem", "vopred ďakujem", "lep pozdrav", "hvala", "srdačan pozdrav"),
        *("üdvözlettel", "tisztelettel", "köszönöm", "előre is köszönöm", "üdv"),
        *("cu stimă", "cu respect", "mulțumesc", "mulțumesc anticipat", "o zi bună"),
        *("с уважением", "спасибо", "заранее спасибо", "всего доброго", "з повагою", "дякую"),
        *("с поздрави", "поздрави", "благодаря", "με εκτίμηση", "ευχαριστώ", "φιλικά"),
        *("saygılarımla", "saygılar", "iyi günler", "teşekkürler", "teşekkür ederim", "iyi çalışmalar"),
        *("lugupidamisega", "tänan", "ar cieņu", "paldies", "pagarbiai", "ačiū"),
        *("miłego dnia", "hezký den", "pekný deň", "fijne dag", "ha en fin dag", "ha en bra dag", "god dag videre", "хорошего дня"),
        *("que tenga un buen día", "buen día", "bom dia", "schönen tag", "schönen tag noch", "herzlichst", "szép napot"),
        # further scripts
        *("בברכה", "תודה", "תודה רבה", "مع التحية", "مع خالص التحية", "شكرا", "تحياتي", "با احترام"),
        *("よろしくお願いします", "よろしくお願いいたします", "よろしくお願い致します", "宜しくお願いいたします", "宜しくお願い致します", "敬具", "此致敬礼", "此致", "谢谢", "謝謝", "祝好", "顺祝商祺"),
        *("감사합니다", "고맙습니다", "salam", "terima kasih", "hormat saya", "trân trọng", "cảm ơn", "धन्यवाद"),
        *("ขอบคุณ", "ขอบคุณครับ", "ขอบคุณค่ะ"),
    ]
)  # fmt: skip
"""Lines that close a letter, folded (ß as ss) and without the marks at their end."""

CLOSING_HEADS = frozenset(
    """
    regards greetings wishes grüsse gruss grüße gruß grüssen grüßen salutations saludos saludo saluti cumprimentos saudações
    groet groeten groetjes hälsning hälsningar hilsen hilsener hilsner terveisin pozdrowienia pozdrowieniami pozdrawiam pozdravem
    pozdrav pozdravom üdvözlettel уважением приветом пожеланиями повагою поздрави χαιρετισμούς saygılarımla saygılarımızla selamlar
    tervitades lugupidamisega sveicieniem linkėjimais salam
    """.split()
)
"""A short line with one of these closes a letter: "Sunny greetings from the coast"."""

FOOTERS = (
    "sent from my ", "sent from mail for ", "sent from outlook", "sent from yahoo", "sent from proton",
    "sent with proton", "sent via ", "sent from gmail", "sent from samsung", "get outlook for ",
    "yahoo mail:", "gesendet von ", "gesendet mit ", "diese nachricht wurde von meinem ",
    "envoyé de mon ", "envoyé depuis ", "envoyé à partir de ", "télécharger outlook", "enviado desde ",
    "enviado do meu ", "enviado de mi ", "enviado a partir do ", "obtener outlook", "obter o outlook",
    "inviato da ", "inviato dal ", "scarica outlook", "verstuurd vanaf ", "verzonden vanaf ",
    "skickat från ", "sendt fra ", "lähetetty ", "wysłane z ", "wysłano z ", "odesláno z ", "odoslané z ",
    "iphone'umdan gönderildi", "отправлено с ", "отправлено из ", "надіслано з ", "στάλθηκε από ",
    "iphoneから送信", "发自我的", "나의 iphone에서 보냄", "trimis de pe ", "elküldve ", "נשלח מ",
)  # fmt: skip
"""How the line begins that a phone or a program adds."""

FROM_MY = ("von meinem ", "von meiner ", "从我的", "從我的", "fra min ", "från min ")
SENT_WITH = (
    "envoyé avec ", "enviado con ", "enviado com ", "inviato con ", "verzonden met ", "verstuurd met ", "skickat med ", "sendt med ",
    "wysłano za pomocą ", "odesláno pomocí ", "odesláno z ", "lähetetty ",
)  # fmt: skip
DEVICES = (
    "iphone", "ipad", "galaxy", "samsung", "android", "handy", "smartphone", "telefon", "mobil", "tablet",
    "blackberry", "huawei", "xiaomi", "pixel", "outlook", "mail", "windows phone", "手机", "手機", "邮件", "郵件",
)  # fmt: skip
"""A line that begins with the first is a phone's only where it is short and names one of these: "von
meinem Konto wurde zweimal abgebucht" is what a customer tells."""
PLATFORMS = frozenset({"ios", "android", "mac", "iphone", "ipad"})
"""A short line that names Outlook and one of these advertises it, in whatever language."""

DISCLAIMERS = (
    "intended solely for", "intended only for", "intended for the named", "intended for the use of",
    "intended for the addressee", "for the addressee only", "not the intended recipient",
    "not the intended addressee", "is confidential and", "are confidential and", "privileged and confidential",
    "confidential and may be", "confidential and/or",
    "consider the environment before printing", "virus-free", "scanned for viruses",
    "vertrauliche und", "vertrauliche oder", "nicht der richtige adressat",
    "nicht der beabsichtigte empfänger", "irrtümlich erhalten", "destinataire prévu",
    "n'êtes pas le destinataire", "si no es el destinatario", "se ha recibido este mensaje por error",
    "non siete il destinatario", "niet de geadresseerde",
    "received this message in error", "received this e-mail in error", "received this email in error", "ricevuto per errore", "ricevuto questo messaggio per errore",
    "ricevuto questa e-mail per errore", "recibido este mensaje por error", "recibido este correo por error", "recebeu esta mensagem por engano", "recebeu este e-mail por engano",
    "if you received it in error", "if you received this in error", "if you have received it in error", "if you have received this in error",
    "reçu ce message par erreur", "reçu cet e-mail par erreur", "reçu ce courriel par erreur", "versehentlich erhalten", "ten onrechte ontvangen", "ten onrechte hebt ontvangen",
    "机密信息", "機密資訊", "機密情報", "기밀 정보",
)  # fmt: skip
"""Words of a legal notice below a letter."""

NOTICED = (
    (
        "confiden|vertraulich|vertrouwelijk|riservat|konfident|fortrolig|luottamuksel|poufn|důvěrn|bizalmas|конфиденциальн|конфіденційн|gizli|機密|保密",
        "recipient|addressee|empfänger|adressat|destinatai?r|geadresseerd|ontvanger|mottagare|mottaker|modtager|vastaanottaj|adresat|příjemc|címzett|адресат|получател|alıcı|宛先|收件人",
    ),
    (
        r"\bprint|druck|ausdruck|imprim|stamp(?:a|are|i)\b|afdruk|skriv(?:a|er)? ut|udskriv|tulosta|wydruk|drukuj|vytis|распечат",
        "environment|umwelt|ambient|medio ambiente|milieu|miljö|miljø|ympäristö|środowisk|životní|природ|окружающ",
    ),
)
"""Stems of which two together make a notice below a letter: confidential and for whom; printing and nature."""

IMPRINTS = (
    "registered office", "registered in ", "registered number", "company number", "company registration", "company no", "vat no", "vat reg",
    "we may monitor", "monitor e-mail", "monitor email", "geschäftsführ", "amtsgericht", "handelsregister", "hrb ", "ust-id", "ust.-id",
    "sitz der gesellschaft", "firmenbuch", "siège social", "rcs ", "siret", "capital de ", "au capital", "domicilio social", "registro mercantil",
    "sede legale", "capitale sociale", "partita iva", "p.iva", "p. iva", "kvk", "btw-n", "org.nr", "org.nr.", "org nr", "cvr", "regon", "krs ",
    "nip ", "cnpj", "sede social", "capital social", "инн ", "огрн", "privacy policy", "privacy notice", "datenschutzhinweis",
)  # fmt: skip
"""Words of a company's imprint; two of them make one."""

CONFIDES = (
    LEFT
    + r"(?:may|might|can|could|peut|peuvent|puede|pueden|può|possono|pode|podem|kann|können|kan|kunnen|enthält|enthalten|bevat|contains?|contient"
    r"|contiennent|contiene|contienen|contengono|contém|innehåll\w*|indeholder|inneholder|saattaa|sisältää|może|mogą|zawiera|může|obsahuje|может|содержит)"
    + RIGHT
    + r".{0,60}(?:confiden|vertraulich|vertrouwelijk|riservat|konfident|fortrolig|luottamuksel|poufn|důvěrn|конфиденциальн)"
)
"""What may be confidential, in the words of a legal notice."""

OUTSIDE = (
    "originated from outside", "originated outside", "from outside of", "from outside the", "from outside your",
    "external sender", "external e-mail", "external email", "from an external", "externe e-mail", "externen absender",
    "externer absender", "von ausserhalb", "von außerhalb", "expéditeur externe", "message externe", "externe à l'organisation",
    "extérieur à", "remitente externo", "correo externo", "fuera de la organización", "mittente esterno", "email esterna", "esterno all",
    "externe afzender", "buiten de organisatie", "remetente externo", "fora da organização", "extern avsändare", "ekstern afsender",
    "nadawca zewnętrzny", "spoza organizacji", "don't often get email from",
)  # fmt: skip
RISKS = (
    "link", "attachment", "anhänge", "anhang", "pièces jointes", "liens", "enlaces", "adjuntos", "allegati", "bijlage", "anexos",
    "bilagor", "vedhæft", "załącznik", "learn why this is important",
)  # fmt: skip
"""A paragraph with one of the first and one of these is a mail server's warning of a stranger."""

_POLITE = (
    "please", "pls", "bitte", "s'il vous plaît", "por favor", "per favore", "alstublieft", "proszę", "prosím",
    "пожалуйста", "прошу", "lütfen", "お願い", "请", "請",
)  # fmt: skip
REQUESTING = (
    *_POLITE,
    "could you", "can you", "would you", "how ", "tell me", "i need", "we need", "i want", "i would like",
    "i'd like", "one more thing", "also ", "können sie", "wie ", "ich möchte", "ich brauche", "noch eine",
    "pouvez-vous", "comment ", "je voudrais", "necesito", "quiero", "puede", "pueden", "potete", "vorrei",
    "kunt u", "graag", "gostaria", "preciso", "cancel ", "refund ", "send me", "send us", "change ", "update ",
    "delete ", "reset ", "remove ", "fix ", "stop ",
)  # fmt: skip
"""Words that ask: what holds one of them is read, wherever it stands. The polite ones come first."""
POLITE = len(_POLITE)

MARKETING = (
    "we help",
    "can we help",
    "may we help",
    "help you",
    "did you know",
    "ask me how",
    "learn more",
    "find out",
    "read more",
    "our newsletter",
    "our white paper",
    "follow us",
    "visit us",
    "book a demo",
    "check out our",
    "join us",
    "how satisfied",
    "survey",
    "rate us",
    "rate our",
    "rate my",
    "leave a review",
    "leave us a review",
    "your feedback",
    "our new",
    "our latest",
    "book time",
    "book a meeting",
    "how did i do",
    "how did we do",
)
"""Words of a slogan below a name: they ask the reader, not the desk."""
