"""Words of mail that no person wrote, in the languages of those whose mail programs write it."""

from __future__ import annotations

AUTOMATIC_SUBJECTS = (
    "report domain",  # RFC 7489, 7.2.1.1
    "automatic reply", "automatic response", "auto reply", "auto-reply", "autoreply", "auto response",
    "auto-response", "out of office", "out of the office", "ooo", "automated reply", "automated response",
    "vacation reply", "away from my mail", "abwesenheitsnotiz", "abwesenheitsnachricht", "abwesenheitsmeldung",
    "abwesend", "abwesenheit", "absence du bureau", "message d'absence", "absence", "fuera de la oficina",
    "fuera de oficina", "ausente de la oficina", "fuori sede", "fuori ufficio", "assenza dall'ufficio",
    "afwezig", "afwezigheid", "afwezigheidsbericht", "fora do escritório", "ausência", "autosvar", "frånvaro",
    "frånvaromeddelande", "fraværsmelding", "fravær", "fraværsbesked", "ikke på kontoret", "ikke til stede",
    "poissaoloviesti", "poissaoloilmoitus", "nieobecność", "poza biurem", "mimo kancelář", "nepřítomnost",
    "neprítomnosť", "házon kívül", "távolléti értesítés", "absență", "автоответ", "нет на месте",
    "ofis dışında", "εκτός γραφείου", "不在通知", "不在のお知らせ", "外出", "부재중", "di luar kantor", "auto", "odsutnost",
    "vacation notice",
)  # fmt: skip
"""How the subject begins that a mail program gave to its own answer; see `stems` for most languages."""

BOUNCE_SUBJECTS = (
    "undeliverable", "undelivered mail", "undelivered", "mail delivery failed", "mail delivery failure",
    "mail delivery subsystem", "mail delivery system", "delivery status notification", "delivery failure",
    "delivery has failed", "delivery failed", "returned mail", "failure notice", "message not delivered",
    "unzustellbar", "nicht zustellbar", "zustellung fehlgeschlagen", "non remis", "non distribuable",
    "message non distribuable", "échec de la remise", "no se puede entregar", "no entregado",
    "correo devuelto", "non recapitabile", "mancato recapito", "mancata consegna", "recapito non riuscito", "impossibile recapitare", "onbestelbaar", "não foi possível entregar", "não é possível entregar",
    "não entregue", "kan inte levereras", "går inte att leverera", "kunde inte levereras", "kan ikke leveres", "toimitus epäonnistui", "nie można dostarczyć",
    "niedostarczona", "nedoručitelné", "nedoručiteľné", "kézbesíthetetlen", "imposibil de livrat", "nelivrabil", "nu se poate livra",
    "недоставлено", "не доставлено", "не удается доставить", "не удалось доставить", "teslim edilemedi", "配信不能", "配信エラー", "无法投递", "未送达", "无法送达", "退信", "無法傳遞",
    "배달되지 않음", "αδύνατη η παράδοση", "message undeliverable", "message blocked",
)  # fmt: skip
"""How the subject begins of a report that mail could not be delivered."""

READ_SUBJECTS = (
    "read", "gelesen", "lu", "leído", "letto", "gelezen", "lida", "läst", "läs", "lest", "læst", "luettu", "przeczytano",
    "přečteno", "prečítané", "olvasva", "citit", "прочтено", "прочитано", "okundu", "αναγνώστηκε", "開封済み", "已读", "已讀", "읽음",
    "not read", "deleted", "ungelesen gelöscht", "non lu",
)  # fmt: skip
"""How the subject begins of a receipt that mail was read, before the colon."""

ANSWER_SUBJECTS = frozenset({
    "accepted", "declined", "tentative", "tentatively accepted", "zugesagt", "abgesagt", "mit vorbehalt", "angenommen", "abgelehnt",
    "accepté", "refusé", "provisoire", "aceptado", "aceptada", "rechazado", "rechazada", "provisional", "accettato", "rifiutato",
    "geaccepteerd", "geweigerd", "aceite", "aceito", "recusado", "zaakceptowano", "odrzucono", "accepterat", "avböjt", "godtatt",
    "avslått", "hyväksytty", "hylätty", "přijato", "odmítnuto", "承諾済み", "已接受", "수락됨",
})  # fmt: skip
"""How the subject begins of an answer to an invitation, before the colon."""
INVITING = (
    "invitation", "meeting", "event", "when:", "einladung", "besprechung", "termin", "wann:", "réunion", "quand", "invitación",
    "reunión", "cuándo", "invito", "riunione", "quando", "uitnodiging", "vergadering", "wanneer", "convite", "reunião", "zaproszeni",
    "spotkani", "inbjudan", "möte", "innkalling", "invitasjon", "kutsu", "kokous", "pozvánk", "schůzk", "会議", "会议", "회의",
)  # fmt: skip
"""Words of such an answer, where it says anything."""

AWAY: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("i am", "i'm", "i will be", "i'll be", "we are", "currently", "our office is", "our offices are"),
        (
            "out of office", "out of the office", "ooo", "on annual leave", "on parental leave", "on maternity leave",
            "on paternity leave", "on sick leave", "on leave", "on vacation", "on holiday", "away until",
            "away from", "away with", "away and", "currently away", "travelling", "traveling", "closed until",
            "closed for", "limited access to", "be reading e", "be reading my", "be checking e", "be checking my", "not reading e", "not reading my", "not checking e", "no access to e", "no access to my", "no access to mail",
        ),
    ),
    (
        ("ich bin", "bin ich", "wir sind", "unser büro", "derzeit", "momentan"),
        (
            "nicht im büro", "nicht im haus", "ausser haus", "im urlaub", "im mutterschutz", "in elternzeit",
            "nicht erreichbar", "abwesend", "auf dienstreise", "auf geschäftsreise", "geschlossen",
        ),
    ),
    (
        ("je suis", "je serai", "nous sommes", "nos bureaux", "actuellement"),
        ("absent", "en congé", "en vacances", "en déplacement", "hors du bureau", "fermés"),
    ),
    (
        ("estoy", "estaré", "me encuentro", "actualmente", "estamos", "nuestra oficina"),
        ("fuera de la oficina", "de vacaciones", "ausente", "de baja", "de permiso", "cerrada"),
    ),
    (
        ("sono", "sarò", "mi trovo", "attualmente", "i nostri uffici"),
        ("fuori ufficio", "fuori sede", "in ferie", "assente", "in vacanza", "chiusi"),
    ),
    (
        ("ik ben", "wij zijn", "momenteel", "ons kantoor"),
        ("afwezig", "niet aanwezig", "met vakantie", "op vakantie", "met verlof", "gesloten"),
    ),
    (
        ("estou", "estarei", "encontro-me", "estamos", "no momento"),
        ("fora do escritório", "ausente", "de férias", "de licença"),
    ),
    (
        ("jag är", "jag har", "vi har", "jag befinner"),
        ("på semester", "inte på kontoret", "föräldraledig", "ledig", "bortrest", "på tjänsteresa"),
    ),
    (("jeg er", "jeg har", "vi har"), ("på ferie", "i permisjon", "på barsel", "på kurs", "bortreist", "ikke på kontoret", "ferie", "på orlov", "fraværende")),
    (("olen", "olemme"), ("lomalla", "poissa", "matkoilla", "vapaalla")),
    (("jestem", "przebywam", "będę", "obecnie"), ("na urlopie", "poza biurem", "nieobecn")),
    (("jsem", "budu", "momentálně"), ("na dovolené", "na služební cestě", "mimo kancelář", "nepřítom", "nejsem v kanceláři")),
    (("som", "budem"), ("na dovolenke", "mimo kancelárie", "neprítom")),
    (("szabadságon", "nem", "házon"), ("vagyok", "kívül")),
    (("sunt", "voi fi", "nu sunt"), ("în concediu", "la birou", "plecat", "absent")),
    (("olen", "oleme"), ("puhkusel", "eemal", "kontorist väljas")),
    (("در مرخصی",), ("هستم", "خواهم بود")),
    (("मैं", "हम"), ("छुट्टी पर", "कार्यालय से बाहर")),
    (("в отпуск", "извън офиса"), ("съм", "сме")),
    (("я ", "меня", "сейчас"), ("в отпуске", "нет в офисе", "отсутству", "в командировке", "на больничном")),
    (("я ", "мене"), ("у відпустці", "немає в офісі", "відсутн")),
    (("в момента", "аз съм", "отсъствам"), ("в отпуска", "извън офиса", "до")),
    (("είμαι", "θα είμαι", "βρίσκομαι"), ("σε άδεια", "εκτός γραφείου", "σε διακοπές")),
    (("trenutno", "jesam", "sam", "na"), ("na godišnjem", "na dopustu", "odsutan", "odsutna")),
    (("saya", "sedang"), ("sedang cuti", "di luar kantor")),
    (("我", "本人"), ("休假", "不在办公室", "不在辦公室", "出差", "外出")),
    (("אני", "אהיה"), ("בחופשה", "לא במשרד", "מחוץ למשרד")),
    (("أنا", "سأكون", "حاليا"), ("في إجازة", "خارج المكتب")),
)  # fmt: skip
"""Who is away, and how, in the first person: a customer writes about leave as well."""

AWAY_ALONE = (
    "ooo until", "out of office until", "out of the office until", "izindeyim", "ofis dışındayım", "tatildeyim",
    "szabadságon vagyok", "nem vagyok az irodában", "不在にして", "休暇中です", "休暇を取得", "外出しております", "休暇をいただいて",
    "휴가 중입니다", "휴가중입니다", "자리를 비웠습니다", "자리를 비우", "부재중입니다", "부재중이며", "부재중이오니", "휴가 중이며", "휴가중이며", "출장 중입니다", "출장 중이며", "休暇中のため",
    "正在休假", "休假中", "đang nghỉ phép", "puhkusel kuni",
    "atvaļinājumā līdz", "atostogauju iki", "ลาพักร้อน", "अवकाश पर हूँ", "our office is closed", "our offices are closed",
    "this is an automatic", "this is an automated", "this is an auto-generated", "diese e-mail wurde automatisch",
    "dies ist eine automatische", "ceci est un message automatique", "este es un mensaje automático",
    "questo è un messaggio automatico", "dit is een automatisch", "esta é uma mensagem automática",
    "detta är ett automatiskt", "dette er en automatisk", "wiadomość wygenerowana automatycznie",
    "tato zpráva byla vygenerována", "это автоматическое", "bu otomatik bir", "do not reply to this",
    "do not answer this mail", "do not answer this e-mail", "bitte nicht auf diese e-mail antworten",
    "ne pas répondre à ce", "no responda a este", "non rispondere a questa", "não responda a est",
    "your message will be read", "ihre e-mail wird nicht weitergeleitet", "will not be forwarded",
    "update your address book", "ihr adressbuch", "votre carnet d'adresses", "su libreta de direcciones", "la vostra rubrica", "uw adresboek",
    "mailbox is not monitored", "mailbox is unmonitored", "inbox is not monitored", "wird nicht gelesen",
)  # fmt: skip
"""What an automatic answer says and nobody else does."""
RECALLS = (
    r"\b(?:would like to recall the message|möchte die nachricht|souhaite rappeler le message|desea recuperar el mensaje|vuole richiamare il messaggio|wil het bericht),? [\"“”„«‘']",
)
"""What a mail program says, with the subject behind it, and a customer of a message of their own does not."""

LEFT = (
    "no longer part of our team", "no longer part of the team", "no longer part of our company", "not part of our team any more", "no longer works", "no longer work at", "no longer with", "no longer employed", "has left the company",
    "arbeitet nicht mehr", "ist nicht mehr bei", "hat das unternehmen verlassen", "ne travaille plus",
    "ya no trabaja", "ya no trabajo en", "non lavoro più", "je ne travaille plus", "ik werk niet meer", "não trabalho mais",
    "non lavora più", "werkt niet meer", "não trabalha mais", "arbetar inte längre", "har slutat på", "har slutat hos", "har sluttet",
    "arbejder ikke længere", "jobber ikke lenger", "ei ole enää", "i have left the company", "ich arbeite nicht mehr", "unternehmen tätig", "nicht mehr bei uns tätig", "nicht mehr für uns tätig", "nicht mehr bei uns beschäftigt",
    "unser unternehmen verlassen", "no longer a member of", "has left our company", "has left our organi", "a quitté la société", "a quitté notre", "a quitté l'entreprise", "ne fait plus partie",
    "ya no forma parte", "ha dejado la empresa", "non fa più parte", "ha lasciato l'azienda", "niet langer werkzaam", "niet meer werkzaam", "já não faz parte", "não faz mais parte", "já não trabalha",
    "już nie pracuje", "už nepracuje", "больше не работает", "已离职", "已離職", "account is no longer in use", "address is no longer in use", "mailbox is no longer in use",
    "started my maternity leave", "started my parental leave", "started my paternity leave", "gone on maternity leave", "gone on parental leave",
    "address is no longer valid", "address is no longer active", "adresse ist nicht mehr aktiv", "adresse n'est plus valide",
)  # fmt: skip
REDIRECTS = (
    "get in touch", "reach out to", "contact", "direct your", "write to", "monitored", "kontakt", "wenden sie", "schreiben sie", "adressez",
    "diríjase", "escriba a", "escriba por favor a", "rivolg", "scriva a", "neem contact", "richt uw", "dirija", "vänd", "henvend",
    "skontakt", "obraťte", "обращайтесь", "пишите", "联系", "聯絡",
)  # fmt: skip
"""Somebody has left, and says where to turn instead; alone it is what a customer reports."""
MOVED = r"\b(?:i|we)(?:'ve| have) (?:moved on|(?:moved|switched) to (?:an?other|a new|a different) (?:\w+ )?(?:role|team|department|position|job)|changed (?:jobs?|employers?|companies|roles?|teams?|departments?|positions?))\b|\b(?:i|we)(?:'m| am| are)? no longer (?:responsible|in charge|look(?:ing)? after|handl(?:e|ing)|deal(?:ing)? with|tak(?:e|ing) care of)\b|\b(?:contact|address|mailbox|account)s? (?:has|have) changed\b|\b(?:address|mailbox|account) (?:will be|is being|gets|is going to be) (?:switched|shut|closed|deactivated|deleted|retired)\b"
"""Says that its writer, or an address, is no longer to be written to; beside `LEFT`."""
INSTEAD = r"(?:please )?update your (?:records|address books?|contacts?)(?: accordingly)?(?: and|[.,;])?|\b(?:please )?(?:use|write|contact|reach|turn|e-?mail|mail)\b[^.!?@]{0,40}@[^\s,;]+[^.!?]{0,40}"
"""Which address takes its place."""

TRANSPORT = (
    "do not need to resend your message",
    "wasn't delivered to", "was not delivered to", "could not be delivered", "couldn't be delivered",
    "delivery to the following recipient", "address not found", "this is the mail system at host",
    "fehler bei der nachrichtenzustellung", "konnte nicht zugestellt werden", "n'a pas pu être remis",
    "n'a pas été remis", "no se pudo entregar", "no se ha podido entregar", "no ha podido entregarse", "non è stato possibile recapitare", "impossibile recapitare il messaggio", "kon niet worden bezorgd", "bezorging aan deze", "recipient's mailbox is", "entrega a los siguientes",
    "recapito ai seguenti", "remise aux destinataires", "entrega aos seguintes", "this is the qmail-send program",
    "não pôde ser entregue", "kunde inte levereras", "kunne ikke leveres", "nie mogła zostać dostarczona",
    "nebylo možné doručit", "не удалось доставить", "teslim edilemedi", "配信できませんでした", "无法送达", "전달되지 않았습니다",
)  # fmt: skip
"""What a mail system says of mail that it could not deliver."""
FULL = ("exceeded its quota", "over quota", "mailbox of the user", "recipient's inbox")
"""The same where it does not speak of its own: a customer's mailbox is full, too."""

CASE_CLOSED = (
    r"\byour (?:support )?(?:ticket|request|case|enquiry|inquiry|incident|query)\b[^.?!]{0,60}\b(?:has been|was|is now|have been) (?:\w+ )?(?:solved|resolved|closed|completed|merged|updated|assigned|received|registered|logged|escalated|reopened)\b",
    r"\bihre?n? (?:ticket|anfrage|anliegen|fall|vorgang)\b[^.?!]{0,60}\b(?:wurde|ist) (?:\w+ )?(?:geschlossen|gelöst|erledigt|abgeschlossen|zusammengeführt|erfasst|zugewiesen)\b",
    r"\bvotre (?:ticket|demande|requête|dossier)\b[^.?!]{0,60}\b(?:a été|est) (?:\w+ )?(?:résolue?|clôturée?|fermée?|traitée?|enregistrée?|attribuée?)|\baccus(?:ons|e) réception de votre",
    r"\b(?:su|tu) (?:ticket|solicitud|incidencia|caso|consulta)\b[^.?!]{0,60}\bha sido (?:\w+ )?(?:resuelt[oa]|cerrad[oa]|registrad[oa]|asignad[oa])|\b(?:il suo|la sua|il tuo|la tua) (?:ticket|richiesta|segnalazione)\b[^.?!]{0,60}\bè stat[oa] (?:\w+ )?(?:risolt[oa]|chius[oa]|registrat[oa])",
    r"\b(?:o seu|a sua|seu|sua) (?:ticket|pedido|chamado|solicitação)\b[^.?!]{0,60}\bfoi (?:\w+ )?(?:resolvid[oa]|encerrad[oa]|fechad[oa]|registad[oa]|registrad[oa])|\buw (?:ticket|verzoek|melding|vraag)\b[^.?!]{0,60}\bis (?:\w+ )?(?:opgelost|gesloten|afgehandeld|geregistreerd)",
)
"""What became of a request, told to whom it belongs: by a helpdesk."""
ACKNOWLEDGES = (
    (
        r"\b(?:thanks|thank you) for (?:contacting|getting in touch|reaching out|writing|your (?:enquiry|inquiry|message|mail|e-?mail|interest|request|patience))|\b(?:danke|dank) für (?:ihre|deine) (?:nachricht|anfrage|e-?mail|mail|kontaktaufnahme)|ihre (?:nachricht|anfrage|e-?mail) ist bei uns (?:angekommen|eingegangen)"
        r"|\bmerci (?:de nous avoir|pour votre|de votre)|\bgracias por (?:contactar|escribir|su )|\bgrazie per (?:averci|aver |il suo|la sua)|\bbedankt voor (?:uw|je) |\bobrigad[oa] (?:por|pelo|pela) |\bdziękujemy za |\bděkujeme za |\btack för (?:ditt|din|att) |\btak for din |\btakk for (?:din|at) |\bkiitos (?:viestistäsi|yhteydenotosta)|спасибо за (?:обращение|ваше)"
    ),
    (
        r"\b(?:we|our (?:\w+ )?team|one of our \w+|someone|somebody|an? (?:\w+ )?(?:agent|advisor|colleague|representative|member))\b[^.?!]{0,40}\b(?:will|aims?|usually|normally|typically|always)\b[^.?!]{0,40}\b(?:come back|get back|repl(?:y|ies)|responds?|answers?|be in touch|be with you|contact you)\b|\bwe (?:usually|normally|typically|aim to) (?:reply|respond|answer)"
        r"|\b(?:wir|unser team) (?:werden |wird |kümmer\w+ |melden |antworten |bearbeiten |prüfen )|wird in der reihenfolge|\bnotre équipe |\bnous (?:vous )?(?:répondrons|reviendrons|traiterons|recontacterons)|\b(?:responderemos|contestaremos|atenderemos|contactaremos|retornaremos|entraremos em contact)|\b(?:risponderemo|ricontatteremo|contatteremo)"
        r"|\bwij? (?:nemen|reageren|antwoorden|zullen)|\b(?:odpowiemy|odpiszemy|skontaktujemy)|\b(?:odpovíme|ozveme se)|\bvi (?:svarar|återkommer|svarer|vender tilbage|kommer tilbake|kontaktar)|\b(?:vastaamme|palaamme)|\b(?:ответим|свяжемся)"
    ),
)
"""Both together: a desk thanks and promises an answer, which no customer does."""
HOLDS = (
    (
        r"\b(?:your|ihre?|deine|votre|ton|su|tu|il (?:suo|tuo)|la (?:sua|tua)|sua|seu|uw|je|din|ditt|ваше|twoj[ae]) (?:e-?mail|message|mail|nachricht|courriel|correo|mensaje|messaggio|mensagem|bericht|meddelande|besked|melding|письмо|wiadomość)\b[^.?!]{0,80}"
        r"\b(?:h[eo]ld\w*|hold|wait\w*|quarantine\w*|deliver\w*|reach\w*|gets?|released?|through|zugestellt|zuzustellen|zurückgehalten|wartet|attente|remis\w?|retenu\w?|reten\w+|entreg\w+|espera|trattenut\w|consegn\w+|attesa|retid\w|bezorg\w*|wacht|vastgehouden)\b"
        r"|\b(?:to (?:have|get) (?:it|your \w+) delivered|approved senders?|unknown senders?|sender verification|unbekannten? absendern?|expéditeurs? inconnus?|remitentes? desconocidos?|mittenti sconosciuti|protect\w* (?:myself|me|my \w+|us) (?:from|against) (?:\w+ )?(?:spam|junk))\b"
    ),
    (
        r"\byou(?:'re| are) (?:(?:really|indeed|in fact|not|an?|no|the|real|living|actual|legitimate) )+(?:humans?|persons?|people|robots?|bots?|machines?|programs?|computers?|spammers?|senders?)\b|\b(?:confirm|verify|prove) (?:yourself|your(?: e-?mail)? address)\b"
        r"|\b(?:solve|complete|answer|enter|type|pass|lösen|résol\w+|resuelv\w+|risolv\w+|resolv\w+)\b[^.?!]{0,40}\bcaptcha\b|\b(?:sie|du|u|je|jij) (?:(?:wirklich|tatsächlich|echt|inderdaad|ein|kein|der|een|geen|de|echter|echte) )+(?:mensch(?:en)?|person|persoon|mens|roboter|robot|absender|afzender|programm|programma|computer)\b"
        r"|\b(?:vous (?:n')?êtes|tu (?:n')?es) (?:(?:bien|pas|réellement|vraiment|une?) )+(?:personne|être humain|humain|robot)\b|\b(?:es|eres|sea|seas|essere|sia|sei|é|ser|seja) (?:(?:realmente|usted|davvero|veramente|uma?|uno?a?|um) )+(?:persona|ser humano|humano|essere umano|umano|pessoa|robot|robô)\b"
        r"|(?:^|[.:;,!] |\b(?:please|bitte|kindly|to|simply|just) )(?:click|klicken sie|klick|cliquez|clique|haga clic|clicchi|clicca|klik)\b[^?!]{0,80}\b(?:https?://|www\.)"
    ),
)
"""Both together: a filter keeps a mail until its sender shows that a person wrote it, or follows a link. A customer
may write of our mail and their parcel, too, and want it confirmed."""
RETURNS = (
    r"\b(?:(?:i am|i'm|i will be|i'll be) (?:back|unplugged|offline|away|off|out|gone)\b|i (?:will )?return (?:on|to)|back (?:on|in the office|at my desk|at work)\b|until \w+ \d|until (?:mon|tues|wednes|thurs|fri)day|till \w+ \d)"
    r"|\b(?:wieder (?:da|für sie|im büro|im haus|erreichbar)|zurück (?:am|ab|im)|ab dem \d|bis (?:zum|einschliesslich|einschließlich) )|\b(?:de retour|je reviens|jusqu'au )|\b(?:vuelvo|regreso|regresaré|volveré|hasta el \d)|\b(?:rientr\w+|torno|tornerò|fino al )|\b(?:volto|regresso|voltarei|retorno|até (?:dia )?\d)"
    r"|\b(?:weer (?:aanwezig|bereikbaar|terug)|terug op|tot (?:en met )?\d)|\b(?:tillbaka|åter|tilbage|tilbake)\b|\b(?:palaan|takaisin)\b|\b(?:wracam|wrócę|będę z powrotem)|\b(?:vrátím|vrátim|zpět)\b|\bvisszat|\brevin\b|\b(?:вернусь|буду (?:на|в|с|доступ)|возвращаюсь|повернусь)|\b(?:döneceğim|dönüyorum|dönmüş olaca)|επιστρέφω|戻ります|出社|復帰|返回|回来|복귀"
)
STANDS_IN = (
    r"\b(?:in my absence|covers? for me|stands? in for me|fills? in for me|while i(?:'m| am) (?:away|out|gone)|until then|in the meantime|meanwhile)\b|\b(?:vertritt|vertretung|bis dahin|in dringenden|in meiner abwesenheit)\b|d'ici là|en mon absence|\burgen(?:ce|t|tes?|ti|cias?)\b|en mi ausencia|hasta entonces|in mia assenza|nel frattempo"
    r"|na minha ausência|até lá|\b(?:bij spoed|in mijn afwezigheid|dringende)\b|\b(?:brådskande|akuta?|haster|presserende|kiireelli\w*)\b|\b(?:zastępuje|w pilnych|pilnych|pilne)\b|\bnaléhav|\bsürgős|\burgenț|срочн|терміно|\bacil\b|επείγ|お急ぎ|緊急|紧急|급한"
)
TURNS = (
    r"@|\b(?:contact\w*|get in touch|reach out|turn to|write to|covers? for me|stands? in for me|fills? in for me|adresse[zr]|joi(?:gne[zr]|ndre)|appele[zr]|écri(?:vez|re)|vertritt|wenden|anrufen|rufen sie|schreiben sie|kontakt\w*|diríjase|escriba|llam[ae]\w*|atenderá\w*|sustituye"
    r"|rivolg\w+|scriva|scrivere|chiam\w+|sostituisce|ligue|contacte|fale com|substitui|bellen|bel|mailen|neem contact|vervangt|ringa?|mejla|ersätter|henvend\w*|ota yhteyttä|soita|skontakt\w*|zastępuje|zadzwo\w+|obraťte|volejte|zastupuje|hívja|forduljon|sunați|contactați)\b|обращ|звон|замещает|звертай|iletişim|arayab|επικοινων|連絡|联系|聯絡|연락"
)
"""Whoever will be back, and says that somebody else may be turned to meanwhile, is away."""

RATES = (
    "how did we do? rate", "how did we do? please rate", "please rate our service", "please rate our support", "how would you rate the service you", "how would you rate the support you", "how would you rate our support",
    "tell us how satisfied you", "how satisfied were you with", "rate the support you received", "hear what you think of our customer service", "to reopen it, reply", "to reopen it, please reply", "to reopen this request, reply",
    "good, i'm satisfied", "bad, i'm unsatisfied", "wie würden sie den support bewerten", "wie bewerten sie den support", "évalueriez-vous l'assistance", "calificaría la asistencia",
    "valuta l'assistenza ricevuta", "hoe beoordeelt u de ondersteuning", "como você avaliaria o suporte",
)  # fmt: skip
"""What a helpdesk asks when it has closed a request: its question is none of a person's."""

RECEIVED = (
    "your request has been received", "we have received your request", "we have received your message",
    "we have received your e-mail", "we have received your email", "we've received your request",
    "we've received your message", "your message has been received", "your ticket has been created",
    "a ticket has been created", "a ticket with the number", "has been added to the ticket",
    "was added to the ticket", "ihre anfrage ist bei uns eingegangen", "ihre anfrage wurde empfangen",
    "wir haben ihre anfrage erhalten", "ihr ticket wurde erstellt", "nous avons bien reçu votre",
    "votre demande a bien été", "a bien été enregistrée", "a bien été prise en compte", "hemos recibido su solicitud",
    "su solicitud ha sido recibida", "abbiamo ricevuto la tua richiesta", "abbiamo ricevuto la sua richiesta",
    "wij hebben uw bericht ontvangen", "uw verzoek is ontvangen", "recebemos a sua", "recebemos sua",
    "vi har tagit emot ditt", "vi har mottagit ditt", "vi har mottaget din", "vi har mottatt din", "otrzymaliśmy twoje zgłoszenie",
    "vaše žádost byla přijata", "ваше обращение зарегистрировано", "мы получили ваш", "talebiniz alınmıştır",
    "お問い合わせを受け付けました", "已收到您的", "문의가 접수되었습니다", "generated automatically", "automatic acknowledgement",
    "automatic confirmation", "view it in the customer portal", "confirming that we got your request", "turn off this request's notifications",
)  # fmt: skip
"""What a helpdesk says of a request that it took in."""

PERSONAL = frozenset(
    """
    i i'm i've my me we our us ich mein meine meinen wir unser unsere uns je j'ai mon ma nous
    notre yo mi nuestro nuestra io mio mia noi nostro ik mijn wij onze eu meu minha nós jag min
    vi vår jeg mitt minä ja mój moje já můj я мой моя мы мне
    """.split()
)
"""Words by which people speak of themselves."""
TO_US = frozenset(
    "you your yours ihr ihre ihren ihrem ihnen sie vous votre vos usted su sus tu lei suo sua vostra vostro você seu u uw вас ваш вам 您 贵".split()
)
"""Words by which whoever is written to is meant."""
TO_ME = (
    r"\b(?:contact|write to|get in touch with|reach out to|reach|call|ring|phone|e-?mail) me\b|\b(?:rufen|kontaktieren|schreiben|erreichen) sie mich\b|\b(?:contactez|écrivez|appelez)[- ]moi\b|\b(?:contácteme|escríbame|mi (?:contatti|scriva))\b"
    r"|\bmy (?:request|order|ticket|case|claim|account|parcel|payment|invoice|card|contract|question|booking|appointment|landlord)\b"
)
"""No program says so: the writer is there, or has a matter of their own."""
MAY = r"\b(?:können sie|kunt u|pouvez-vous|vous pouvez|puede|pueden|potete|può)\b[^.?!]{0,60}\b(?:\w*wenden|anrufen|erreichen|schreiben|kontakt\w*|contact\w*|bellen|mailen|terecht|joindre|appeler|écrire|adresser|llamar|escribir|dirigir\w*|chiamare|scrivere|rivolger\w*)"
"""Tells whom else one may turn to: no wish."""
