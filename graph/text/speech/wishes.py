"""Wishes for a person, complaints and threats, wishes for no more mail: words of many languages.

Patterns for text that is folded (see `graph.text.mail.marks.folded`).
"""

from __future__ import annotations

PERSON = (
    # English
    (
        r"\b(?:talk|speak|speaking|talking|chat|connect|transfer|escalate|put me through|pass me|hand me over)\b"
        r"(?: \S+){0,3}? (?:to|with) (?:(?:an?|the|your|some|any|real|actual|live|human|customer|service|support|senior) ){0,4}"
        r"(?:human|person|agent|representative|rep|operator|manager|supervisor|advis[eo]r|someone|somebody|colleague|staff|employee|being)\b"
    ),
    r"\bspeak (?:to )?(?:an? )?(?:representative|agent|human|operator|person)\b",
    (
        r"\b(?:want|need|like|prefer|get me|give me|have|only accept|demand|require)\b(?: \S+){0,4}? "
        r"(?:real|live|actual|human) (?:person|human|agent|being|representative|operator|support|answer|reply|contact)\b"
    ),
    r"\b(?:want|need|like|prefer|get me|give me|demand) (?:to )?(?:an?|your|the) (?:human|manager|supervisor|operator|representative)(?:$|[.,!?]| (?:to|please|pls|now|not|who|on|here|for|instead)\b)",
    r"\bfrom (?:a|an actual|a real) (?:human|person|human being|real person)\b|\b(?:no|any|is there an?) (?:actual|real|live|living) human(?: being)?s?\b|\b(?:actual|real|live|living) human(?: being)? (?:to )?(?:answers?|calls?|helps?|please|repl(?:y|ies)|responds?|writes?)\b",
    r"\b(?:call|ring|phone) (?:me|us)(?: back)?(?: \S+){0,2}? (?:on|at|under|about|today|tomorrow|please|asap)\b",
    r"\b(?:please|can (?:you|someone|somebody)|could (?:you|someone|somebody)|have someone|want (?:you|someone|a person|a real person) to)\b(?: \S+){0,5}? (?:call|ring|phone) (?:me|us)\b",
    r"(?:^|[.!?,;] |\bplease |\bpls |\band )(?:call|ring|phone)(?: (?:me|us|my|our|back|on|at|the|this|number|mobile|cell|phone|office))*[:,]? [(+]?\d[\d ()/.-]{6,}",
    r"(?:^|[.!?,;:] ?|\b(?:please|so|and|but|or|then|hi|hello|hey|team|there) )can i (?:please |just )?(?:call|ring|phone) (?:you|someone|somebody|support)\b|\bescalate (?:this|it|that|my (?:case|ticket|issue|request|problem))\b",
    r"\b(?:call|phone|ring) me back\b|\bcall ?back (?:please|request)\b|\brequest a call ?back\b",
    r"\b(?:no|not an?|don't want an?|stop the|hate) (?:\S+ )?(?:ro)?bots?\b|\bno (?:ai|machine|automated (?:answer|repl)\w*)\b|\bdon't want an automated\b",
    r"\bare you (?:a|an) (?:ro)?bot\b.*\b(?:human|person|agent|representative|stop)\b",
    r"\b(?:i|we)(?:'ve| have| had)? (?:already |just |only )?(?:asked|begged|requested) (?:for|to (?:speak|talk|chat) (?:to|with)) (?:an? |the |some |your )?(?:real |live |human |actual )?(?:human|person|agent|representative|rep|operator|manager|supervisor|someone|somebody|colleague|human being)(?:$|[.,!?])",
    r"\bnach (?:einem|einer) (?:echten )?(?:menschen|mitarbeiter\w*|person) gefragt\b|\bdemandé (?:à parler à )?(?:une? )?(?:vraie? )?(?:personne|humain|conseiller)\b|\bped[ií] (?:hablar con )?(?:una? )?(?:persona|humano|agente)\b",
    # German
    r"\b(?:mit|zu) (?:\S+ ){0,3}?(?:menschen?|mitarbeiter\S*|person|kolleg\S+|berater\S*|jemande?m?|vorgesetzten|chef|agenten)\b(?: \S+){0,4}? ?(?:sprechen|reden|verbinden|telefonieren|verbunden|chatten)?(?:$|[ .!?,])",
    r"\bverbinden sie mich\b|\bechte[rnm]? (?:person|mensch\S*)|\brufen sie (?:mich|uns)\b|\brückruf\b|\bkeinen? (?:chat)?(?:bot|roboter)\b|\bmenschliche[nrs]? (?:ansprechpartner|mitarbeiter|hilfe)\b",
    # French
    r"\bparler (?:à|a|avec) (?:un|une|quelqu|votre|vos)\b|\bun conseiller\b|\bune? (?:vraie? personne|humain|être humain)\b|\brappelez[- ](?:moi|nous)\b|\bmettre en (?:relation|contact) avec\b|\bpas (?:de|un|à un) robot\b",
    # Spanish
    r"\bhablar con (?:una?|alg\S+|su|el|la)\b|\bagente humano\b|\bpersona (?:real|de verdad)\b|\bll[aá]me(?:n)?me\b|\bcon un humano\b|\bno quiero (?:hablar con )?un (?:bot|robot)\b",
    # Italian
    r"\bparlare con (?:un|una|uno|qualcuno|il|la)\b|\bun operatore\b|\bpersona (?:reale|vera|in carne)\b|\brichiamatemi\b|\bmi richiami\b",
    # Portuguese
    r"\bfalar com (?:um|uma|algu[eé]m|o|a)\b|\batendente\b|\bpessoa (?:real|de verdade)\b|\bliguem?-me\b|\bme liguem?\b",
    # Dutch
    r"\b(?:spreken|praten) met\b|\bmet (?:een |iemand|uw )(?:\S+ ){0,4}?(?:spreken|praten|bellen)\b|\b(?:een )?echt(?:e)? (?:persoon|mens)\b|\bbel (?:me|mij) (?:terug|op)\b|\bgeen (?:bot|robot)\b",
    # the north
    r"\b(?:prata|tala) med (?:en|någon|er)\b|\b(?:tale|snakke) med (?:en|et|nogen|noen)\b|\bring (?:mig|meg)\b|\briktig människa\b|\bpuhua (?:ihmisen|jonkun|asiakaspalvelijan)\b|\bihmisen kanssa\b",
    # the east
    r"\brozmawiać z (?:człowiekiem|konsultantem|kimś|osobą|pracownikiem)|\bpołączyć z konsultantem|\bproszę o (?:telefon|kontakt telefoniczny)|\bživ\S+ člověk|\bmluvit s (?:člověkem|operátorem|někým|živým)|\bhovoriť s (?:človekom|niekým|operátorom)|\bemberrel (?:szeretnék )?beszél|\bügyintéző|\bvorbesc cu (?:un|o) (?:om|persoan|operator)",
    r"(?:поговорить|связаться|соедините|переключите|свяжите|позовите|говорить).{0,40}(?:человек|оператор|специалист|сотрудник|менеджер)|живо(?:й|го|му) (?:человек|оператор)|перезвоните|нужен оператор|з'єднайте.{0,20}оператор|поговорити з (?:людиною|оператором)",
    r"(?:temsilci|insan|yetkili|operatör).{0,25}(?:görüş|konuş|bağla)|να μιλήσω (?:με|σε) (?:άνθρωπο|κάποιον|εκπρόσωπο)",
    # further scripts
    r"人間と|人と話|担当者(?:と|に)|オペレーター|有人対応|電話(?:して|を)?ください|折り返し",
    r"转人工|轉人工|人工客服|人工服务|人工服務|真人|找人工|人工座席",
    r"상담원|사람과 (?:통화|대화|상담|이야기)|담당자(?:와|랑|에게)|전화 ?주세요",
    r"(?:التحدث|اتكلم|أتكلم|أتحدث|اتحدث|التكلم).{0,25}(?:شخص|موظف|إنسان|انسان|ممثل|مندوب)|לדבר עם (?:נציג|בן אדם|מישהו)|נציג אנושי",
    r"(?:insaan|insan|agent|vyakti|aadmi) se baat|(?:व्यक्ति|इंसान|एजेंट|आदमी) से बात|(?:bicara|berbicara) dengan (?:manusia|orang|agen|petugas)|nói chuyện với (?:người|nhân viên)|คุยกับ(?:คน|เจ้าหน้าที่)",
)  # fmt: skip

DO_IT = (
    r"\b(?:do|handle|sort|arrange|take care of|carry) (?:it|that|this|all (?:that|this)|everything)(?: out)? (?:for|on behalf of) (?:me|us)\b|\b(?:please|can you|could you|would you)(?: \w+)? do (?:it|that|this) (?:yourself|yourselves|then|instead)\b|\byou do it\b",
    r"\b(?:machen|erledigen|übernehmen|mach|erledige) (?:sie )?(?:das|es)\b.{0,20}\bfür (?:mich|uns)\b|\bfaites[- ]le\b.{0,20}\b(?:pour|à ma place)\b|\bh[aá]galo\b.{0,20}\bpor m[ií]\b|\b(?:lo )?facci(?:a|ate)(?:lo)?\b.{0,20}\bper (?:me|noi)\b|\bdoe (?:het|dat)\b.{0,20}\bvoor (?:mij|me|ons)\b|\bgör det åt (?:mig|oss)\b|\bgør det for (?:mig|os)\b|\bgjør det for (?:meg|oss)\b|\bzrób\w* to za (?:mnie|nas)\b|\buděl\w+ to za (?:mě|nás)\b|сделайте это за (?:меня|нас)|\bfaça isso por mim\b",
)
"""After an answer that tells how: it is to be done for the writer, which the agent does not."""
AGREED_ELSEWHERE = (
    r"\bas (?:discussed|agreed|promised|arranged) (?:\w+ ){0,4}?(?:phone|call|telephone|colleague|meeting|chat|person)\b|\b(?:per|as per|following|after) (?:our|my|the|your) (?:phone |telephone )?(?:call|conversation|discussion)\b|\bwie (?:besprochen|vereinbart)\b|\bcomme convenu\b|\bcomo (?:acordado|acordamos|hablamos)\b|\bcome (?:concordato|d'accordo)\b|\bzoals (?:besproken|afgesproken)\b",
)
"""What was said to a colleague, of which the desk knows nothing."""

PERSON_ALONE = frozenset(
    [
        *("agent", "human", "operator", "representative", "person", "real person", "live agent", "a person"),
        *("live person", "live chat", "human agent", "real human", "customer service", "a human", "an agent"),
        *("customer service representative", "customer support", "supervisor", "manager", "speak to someone"),
        *("talk to human", "talk to agent", "talk to someone", "call me", "callback", "call me back"),
        *("mitarbeiter", "mensch", "ein mensch", "berater", "menschlicher mitarbeiter", "kundenservice"),
        *("conseiller", "humain", "un humain", "agente", "agente humano", "humano", "operador", "persona"),
        *("operatore", "operatore umano", "umano", "atendente", "atendente humano", "medewerker", "mens"),
        *("människa", "menneske", "medarbejder", "ihminen", "asiakaspalvelija", "konsultant", "człowiek"),
        *("operátor", "člověk", "оператор", "человек", "людина", "temsilci", "müşteri temsilcisi", "insan"),
        *("人工", "真人", "客服", "人間", "担当者", "オペレーター", "상담원", "사람", "موظف", "إنسان", "נציג", "एजेंट"),
    ]
)  # fmt: skip
"""A message that is nothing else wishes for a person."""

SERIOUS = (
    # law
    r"\b(?:solicitors?|lawyers?|attorneys?|barristers?|ombudsman|legal (?:action|steps|proceedings|advice|counsel)|small claims|class action|cease and desist|letter before (?:action|claim)|(?:before|in|through|to|via) (?:a|the) (?:county|civil|district|high) court|(?:start|begin|bring|commence|institute|issue) (?:(?:civil|court) )?proceedings)\b",
    r"\b(?:take|see|taking) (?:you|this|them|it) (?:to|in) court\b|\b(?:will|going to|gonna|shall|to) sue\b|\bsue you\b|\bsuing\b|\b(?:file|initiate|open|start|request|raise|make|do)d? (?:an? )?charge ?backs?\b|\b(?:bank|card (?:company|issuer|provider)|paypal)\b.{0,40}\b(?:charge ?backs?|disput\w+)\b|\b(?:charge ?backs?|disput(?:e|ed|ing))\b.{0,40}\b(?:bank|card (?:company|issuer|provider)|paypal)\b|\b(?:trading standards|consumer protection|data protection (?:authority|commission\S*)|regulator)\b",
    r"\b(?:anwalt|anwälte|anwältin|rechtsanwalt|rechtsanwältin|rechtliche schritte|klage einreichen|verklagen|gericht|verbraucherzentrale|verbraucherschutz|strafanzeige|datenschutzbehörde|anwalts)\b|\banwalt\S*",
    r"\b(?:avocate?|(?:au|le|devant le|saisir le) tribunal|porter plainte|plainte|mise en demeure|poursuites? (?:judiciaires?)?|action en justice|cnil|dgccrf)\b",
    r"\b(?:abogad[oa]s?|demandar\S*|denuncia\S*|(?:a|los) (?:los )?tribunales|acciones legales|acción legal|organización de consumidores)\b",
    r"\b(?:avvocat[oai]|(?:in|al) tribunale|vie legali|azioni? legal[ei]|querela|denuncia|diffida)\b",
    r"\b(?:advogad[oa]|(?:no|ao) tribunal|processar|ação judicial|procon|medidas legais)\b|\b(?:advocaat|rechtbank|juridische stappen|aanklagen|rechtszaak)\b",
    r"\b(?:advokat\S*|stämma er|konsumentverket|rättsliga åtgärder|retslige skridt|rettslige skritt|forbrukerrådet|asianajaja|lakimies|oikeuteen)\b",
    r"\b(?:prawnik\S*|adwokat\S*|sądu|sądow\S*|pozew|rzecznik\S* konsumentów|právník\S*|advokát\S*|soudu|ügyvéd\S*|avocat\S*|instanță)\b",
    r"адвокат|юрист|в суд|иск |роспотребнадзор|прокуратур|\bavukat\S*|\bdava aç|\btüketici hakem|δικηγόρ|δικαστήρι",
    r"弁護士|訴訟|訴えます|消費者センター|律师|律師|起诉|起訴|法院|消费者协会|변호사|소송|고소|محام|المحكمة|عورك|עורך דין|בית משפט|वकील|अदालत|pengacara|luật sư",
    # somebody else is in, or somebody is in danger
    r"\b(?:account|workspace|system|mailbox|data|we|i|they|somebody|someone|who)(?: (?:was|were|is|are|has|have|had|got|been|just|probably|apparently)){0,3} (?:hacked|hijacked|breached|compromised)\b|\bhackers? (?:have|has|had|got|are|is|was|were|took|changed|broke)\b|\bby (?:a |some )?hackers?\b|\bdata (?:breach|leak)\b",
    r"\b(?:gehackt|datenleck|pirat[ée]e?s?|pirateado|hackead[oa]|hackerat[oa]|violato il (?:nostro|mio)|взломали|взломан|hacklendi|zhakowan\w*|被盗|被盜|乗っ取ら|해킹)",
    r"\b(?:kill|hurt|harm) (?:myself|yourself|you all|them all)\b|\bend my (?:own )?life\b|\bsuicid\w*|\b(?:don't|do not|no longer|can't|cannot) (?:really )?(?:want to (?:live|be alive|exist)|go on living)(?:$|[.,;!?]| any ?more| any longer| like this)|\bi (?:just |really |only )?want to die(?:$|[.,;!?]| (?:now|today|tonight|and|because|so|but|right|already)\b)|\bno reason to live(?:$|[.,;!?])|\b(?:will|möchte|mag) (?:\w+ ){0,2}?nicht mehr leben(?:$|[.,;!?])|\bplus envie de vivre\b|\bme suicider\b|\bno quiero (?:seguir viviendo|vivir)\b|\bquitarme la vida\b|\bnon voglio più vivere\b|\bniet meer leven\b|\bselbstmord|\bburn (?:it|you|your \w+|the \w+) down\b",
    # complaints
    r"\b(?:formal|official|make|file|lodge|raise|submit) (?:an? )?(?:formal |official )?complaint\b|\bi (?:want|wish|would like|have) to complain\b|\bi am complaining\b",
    r"\bbeschwerde\b|\bich (?:möchte|will) mich beschweren\b|\bréclamation\b|\breclamación\b|\breclamo\b|\breclamação\b|\bklacht (?:indienen|in te dienen)\b|\bklagomål\b|\bskarg[aęi]\b|\bstížnost\b|жалоб|şikayet|苦情|投诉|投訴|불만 접수|شكوى",
    # threats and insults
    r"\b(?:go|going|went|talk|report (?:you|this)) to the (?:press|police|media|newspapers?|authorities)\b|\bpolice report\b|\breport you to\b|\bzur polizei\b|\bà la police\b|\ba la policía\b",
    r"\b(?:i (?:will|am going to|'ll) (?:kill|hurt|find)|you will (?:pay|regret)|you'll (?:pay|regret))\b|\b(?:morons?|idiots?|bullshit|fuck\w*|assholes?|scumbags?|scammers?|crooks|thieves|scheiss\S*|arschl\S*|betrüger|escrocs?|voleurs?|estafadores|ladrones|truffatori|ladri|oplichters)\b",
)  # fmt: skip
"""Law, threats, formal complaints and insults."""

TRADE = (
    r"\b(?:we are|we're|i am|i'm|i run|we run|i work (?:at|in|for)|we work (?:at|in|for)|wir sind|ich arbeite (?:in|bei)|nous sommes|je travaille (?:dans|pour)|somos|trabajo en|siamo|lavoro in|wij zijn)"
    r" (?:an?|the|eine?|einer|une?|une?|el|la|il|uno?|een)\b[^.!?]{0,30}\b\w*(?:firm|office|practice|company|team|kanzlei|cabinet|étude|bufete|despacho|studio|kantoor|department|abteilung|service)\b[^.!?]{0,60}"
)
"""By which somebody says what they do for a living: a law firm threatens nobody by being one."""

OPT_OUT = (
    r"\b(?:unsubscribe|opt out|take me off|remove me from)\b(?: \S+){0,4}? (?:list|mailing|newsletter|emails?|e-mails|mails|me)\b",
    r"^(?:stop|unsubscribe|stopp|abmelden|désabonner|désinscription|baja|cancelar suscripción|disiscrivimi|uitschrijven|afmelden|descadastrar|avregistrera|wypisz|odhlásit|отписаться|退订|配信停止)[.! ]*$",
    r"\bstop (?:sending|emailing|mailing|contacting) (?:me|us)\b",
    r"\b(?:newsletter|verteiler|mailingliste) (?:ab\b|abmelden|austragen|entfernen|abbestellen)|\bkeine (?:mails|e-mails|newsletter) mehr\b|\bme désabonner\b|\bdarme de baja de\b.{0,30}(?:lista|bolet[ií]n|correo)|\bcancellat?emi dalla\b|\bschrijf me uit\b",
)  # fmt: skip
