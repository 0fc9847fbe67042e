"""Words of thanks, of success and of failure, in many languages; folded."""

from __future__ import annotations

THANKS = (
    "thank", "thx", "ty", "tysm", "cheers", "danke", "dank", "dankeschön", "thanks", "merci", "gracias", "grazie", "obrigad", "bedankt", "tack", "takk",
    "tak", "kiitos", "dzięki", "dziękuję", "děkuji", "díky", "ďakujem", "köszönöm", "mulțumesc", "спасибо",
    "благодар", "дякую", "teşekkür", "sağol", "ευχαριστώ", "ありがとう", "谢谢", "謝謝", "多谢", "감사", "고맙", "شكرا", "تודה",
    "תודה", "धन्यवाद", "शुक्रिया", "terima kasih", "cảm ơn", "ขอบคุณ", "hvala", "appreciate", "grateful", "much obliged",
)  # fmt: skip
SOLVED = (
    "worked", "works now", "it works", "that works", "working now", "solved", "fixed", "sorted", "resolved", "did the trick",
    "all good", "all set", "problem gone", "close this ticket", "close the ticket", "can be closed", "figured it out",
    "found it", "saved my day", "made my day", "deu certo", "助かりました", "už to jde", "that helped", "very helpful", "hat geklappt", "klappt", "funktioniert", "geht jetzt", "geht wieder",
    "gelöst", "erledigt", "hat geholfen", "ça marche", "ca marche", "a marché", "a fonctionné", "résolu", "réglé",
    "funciona", "funcionó", "resuelto", "solucionado", "arreglado", "ha funzionato", "funziona", "risolto", "funcionou",
    "resolvido", "gelukt", "werkt nu", "het werkt", "opgelost", "fungerar nu", "löst", "virker nu", "løst", "toimii",
    "działa", "rozwiązan", "funguje", "vyřešen", "működik", "megoldódott", "rezolvat", "заработало", "работает", "получилось",
    "решено", "помогло", "oldu", "çözüldü", "çalışıyor", "解決しました", "できました", "解决了", "好了", "可以了", "해결", "됐어요",
)  # fmt: skip
SETTLED = (
    "no thanks", "no thank you", "nein danke", "non merci", "no gracias", "no grazie", "nee bedankt", "nej tack", "nej tak", "nei takk",
    "never mind", "nevermind", "no action needed", "no action required", "no need to reply", "no need to answer", "no need to respond",
    "no reply needed", "no reply necessary", "no response needed", "no longer need help", "hat sich erledigt",
    "keine antwort nötig", "brauchen nicht zu antworten", "pas besoin de répondre", "no hace falta responder", "non serve rispondere",
)  # fmt: skip
"""Says that nothing is wanted any more; the negation in it is none of a complaint."""
MISSENT = (
    r"\b(?:(?:please|kindly|pls|so) )*(?:ignore|disregard) (?:(?:this|my|our|the (?:last|first|former|previous|earlier|other)) (?:\w+ )?(?:mail|e-?mail|message|ticket|request|question|note)(?: (?:of|by|from) (?:my|our|the|a) \w+)?|this|it|that)\b(?: (?:please|pls))?|\bplease (?:ignore|disregard)[.! ]*$"
    r"|\bwrong (?:thread|chat|conversation|window|address|person|recipient|company)\b|(?:^|[^\s\w] ?|\b(?:i|we|sorry|was|were|been|this|that|it|message|e-?mail|mail) (?:have |had )?)(?:sent|posted|written) (?:this |it |that |the (?:mail|e-?mail|message) )?(?:here )?(?:by mistake|in error|by accident|accidentally)\b|\bwas(?: not|n't) meant for you\b"
)
"""Says that a message was not for us; for what comes after an answer."""
CLOSES = r"^(?:(?:please|pls|so|and|you|can|may|just) )*close(?: (?:it|this|that|the|my|ticket|case|request|please|now|then))*[.! ]*$"
"""Wants no more than that the matter is closed, and not an account."""
ENOUGH = (
    r"^(?:(?:ok|okay|so|well|and|danke|thanks|merci),? )*(?:that(?:'s| is| was|'ll be| will be) (?:all|everything|it)|das (?:war|wär|wäre)(?: es|'s|s)?(?: auch| schon| dann| alles)*|c'est tout(?: ce (?:qu|dont)[^.!?]{0,40})?|ce sera tout|(?:eso|esto) es todo"
    r"|(?:questo )?è tutto|dat (?:was|is) (?:het|alles)|det var all?t|é tudo|era isso|to wszystko|to je vše|это вс[её]|以上です)(?: (?:then|for (?:now|today)|für heute|pour (?:aujourd'hui|l'instant)|thanks|thank you|danke|merci|from me|(?:that )?(?:i|we) (?:needed|wanted)(?: to know)?))*[.! ]*$"
)
"""Says that nothing more is wanted; for what comes after an answer."""
SUCCEEDED = (
    (
        r"^(?:(?:ok|okay|ah|oh|aha|yes|yep|great|right|so|and|well|perfect|good|hi|hello)[,!.]? )*(?:(?:i|we|it|that|this|she|he|they|all|everything|everyone)(?:'ve|'s|'m|'re|'d)? )?"
        r"(?:(?:have|has|had|am|are|is|was|just|now|finally|already|can|did|all) )*"
        r"(?:found (?:it|them|him|her|the|that|this|both|my|our|your)|see (?:it|them|him|her)|got (?:it|in|there|through|them|back in|everything|hold of)|managed|figured|(?:spotted|located) (?:it|them|the|my|our|your)|went through|came through"
        r"|logged (?:back )?in|back in|through now|up and running|running again|back to normal|done(?: it| now)?(?:[.,!]|$)|fine now|good now|there now|in now|on now|set up now|gone now|succeeded|did it|made it)(?:$|[ .,!])"
    ),
    r"\b(?:es|ihn|sie|hab's) (?:jetzt |nun )?gefunden\b|\b(?:je l'ai|l'ai|c'est) (?:bien )?(?:trouvé|bon)\b|\b(?:lo|la|ya lo|ya la) (?:encontré|veo|tengo)\b|\b(?:l'ho|ho) trovat[oa]\b|\bhet gevonden\b",
)  # fmt: skip
"""Says that what was asked for has been found or done; for the sentence after an answer."""
SAYING = frozenset(["says", "say", "said", "asks", "asked", "shows"])
"""Words by which something that was met is told: "done, and it says invalid"."""
TELLING = SAYING | {"that", "which", "because", "until", "only"}
"""Words by which a sentence goes on to tell more than its success."""
PRAISE = (
    "great", "perfect", "awesome", "excellent", "brilliant", "wonderful", "fantastic", "amazing", "lovely", "superb",
    "the best", "love the", "love your", "love it", "loving the", "loving it", "nice", "good job", "well done", "bravo", "super", "toll", "prima", "klasse", "perfekt", "wunderbar", "parfait",
    "génial", "excelente", "perfecto", "genial", "perfetto", "ottimo", "perfeito", "ótimo", "geweldig", "toppen",
    "świetnie", "skvěl", "отлично", "супер", "harika", "完璧", "很好", "太好了", "완벽", "ممتاز", "מעולה",
)  # fmt: skip
AGREED = frozenset(
    """
    ok okay k kk okey alright fine got it yes yep sure understood noted cool done in ordnung
    alles klar gut d'accord bien vale va bene bom goed akkoord bra dobrze dobře ладно хорошо ок
    понял tamam peki はい 好的 好 收到 네 알겠습니다 نعم حسنا בסדר
    """.split()
)
PLEASANT = (
    "have a", "nice day", "good day", "good weekend", "take care", "bye", "goodbye", "all the best", "schönen tag",
    "schönes wochenende", "bonne journée", "buen día", "buena tarde", "buona giornata", "bom dia", "fijne dag",
    "reacted to your message", "reacted via ", "auf ihre nachricht reagiert", "a réagi à votre message", "reaccionó a tu mensaje",
    "ha reagito al tuo messaggio", "reageerde op uw bericht", "just wanted to say", "for your help", "for the help", "for the quick", "quick response", "quick help",
)  # fmt: skip
LIKED = ("liked “", 'liked "', "loved “", 'loved "')
"""What a phone sends in words for a sign below a message."""
OBJECTING = frozenset(
    "but however although though unfortunately sadly aber jedoch doch mais pourtant pero però ma maar mas porém men mutta ale jednak lecz но однако але ama fakat aunque quoique obwohl embora hoewel chociaż хотя leider helaas malheureusement lamentablemente purtroppo infelizmente niestety bohužel でも しかし 但是 不过 하지만 그런데 لكن אבל".split()
)
"""Words that take back what stands before them."""
AGAINST = OBJECTING | frozenset(
    """
    but however still not no never except unfortunately although though yet wrong error problem
    nichts rien nada niente niets ingenting nic ничего
    fails failed broken isn't doesn't didn't don't can't couldn't won't wasn't nothing aber
    nicht noch leider kein keine trotzdem mais pas encore malheureusement pero todavía ma non
    ancora purtroppo maar niet nog helaas mas não ainda men inte ikke ale nie niestety не но ama
    değil
    """.split()
)
"""Words after which a thank-you is not the whole of it."""
QUESTIONING = frozenset(
    """
    how what why when where which who please also und wie was warum wo comment pourquoi cómo qué
    come perché hoe como jak как nasıl
    """.split()
)
WANTING = frozenset(
    [
        *tuple(
            """
    get send cancel book order need want change give tell show
    """.split()
        ),
        *tuple(
            """
    add remove delete update refund check move explain resend confirm
    """.split()
        ),
        *("schicken", "senden", "stornieren", "ändern", "kündigen", "löschen", "brauche", "möchte"),
        *tuple(
            """
    envoyez annulez voudrais besoin envíe cancele quiero necesito vorrei
    """.split()
        ),
        *("annulli", "quero", "preciso", "stuur", "annuleer", "wil", "nodig", "proszę", "chcę"),
    ]
)
"""Words by which something is wanted beside the thanks."""
SIGNS = frozenset("👍👌🙏🙂😊😀😃😄😁❤♥🎉✅💯🤝👏🥰😍☺🙌✔💪🌟⭐")
NOT_HELPED = (
    r"^[^\p{L}\p{N}]*[😞☹🙁][^\p{L}\p{N}]*$|[👎😡😠🤬😤🙄😒💩🖕]",
    r"^(?:no|nope|nah|wrong|incorrect|not (?:right|true|correct|it)|nein|falsch|stimmt nicht|non|faux|incorrecto|no es eso|sbagliato|errado|nee|fout|onjuist|nej|fel|forkert|feil|väärin|ei|nie|źle|ne|špatně|нет|неверно|неправильно|hayır|yanlış|όχι|λάθος|いいえ|違います|ちがう|不对|不對|不是|错|錯|아니요|아니오|틀렸어요|لا|خطأ|לא)[.!。！ ]*$",
    r"\b(?:did(?:n't| not)|does(?:n't| not)|has(?:n't| not)|do(?:n't| not)) (?:\w+ )?(?:help|work|solve|fix|change|answer)\w*\b",
    r"\bnot (?:helpful|what i (?:asked|meant)|solved|fixed|working|the answer)\b|\bno help\b|\bwrong answer\b|\bunhelpful\b|\buseless\b|\bstill (?:not|doesn't|does not|broken|the same|happening|can't|cannot|have the)\b|\bsame (?:problem|error|issue|thing)\b|\b(?:tried|done) (?:that|all that|this|it) (?:already|before)\b|\balready tried\b|\bthanks for nothing\b",
    r"\b(?:cannot|(?:can|could|do|does|did)(?: not|n't|'t)) (?:\w+ )?(?:see|find|have|get|open|reach) (?:\w+ )?(?:that|those|such)\b|\b(?:no|not any) such \w+",
    r"\b(?:hat|das hat|hilft|funktioniert|geht|klappt)\b(?: \S+){0,4}? nicht\b|\bnicht (?:geholfen|hilfreich|geklappt|funktioniert|gelöst)\b|\bimmer noch\b",
    r"\bn'a (?:pas|rien) (?:aidé|fonctionné|marché|résolu|changé)\b|\bne (?:fonctionne|marche) (?:toujours )?pas\b|\btoujours pas\b|\bno (?:me |nos |ha |han |me ha |nos ha )?(?:ayud|funcion|serv|sirv|resuel|resolv|solucion)\w*|\bsigue (?:sin|igual)\b|\bnon (?:\S+ )?(?:aiut|funzion|risol|serv)\w*|\b(?:werkt|helpt|hielp)\b(?: \S+){0,3}? niet\b|\bniet geholpen\b|\bnão (?:ajud|funcion|resolv|adiant)\w*",
    r"\b(?:hjälpte|fungerar|fungerade) inte\b|\b(?:hjalp|virker|hjalp det|fungerer) ikke\b|\bei (?:auttanut|toimi)\b|\bnie (?:pomog|działa|zadział)\w*|\bnepomohlo\b|\bnefunguje\b|\bnem (?:segített|működik)\b|\bnu (?:ajut|funcțion|merge)\w*|не (?:помогло|помог|работает|получилось)|işe yaramadı|yardımcı olmadı|çalışmıyor|δεν (?:βοήθησε|λειτουργεί)",
    r"解決しません|うまくいきません|できませんでした|没用|没有用|没有帮助|沒有用|不行|도움이 안|안 ?(?:돼|됐|되)|ダメでした|駄目でした|لم (?:يساعد|يعمل)|לא עזר|לא עובד|काम नहीं",
)  # fmt: skip
