"""Words of newsletters, of those who sell, and of those who fish for passwords; folded."""

from __future__ import annotations

SELLS = (
    r"\b(?:insert|place|placing|adding|add|linking) (?:an? |the |to )?(?:\w+ )?(?:links?\b.{0,40}\b(?:site|blog|article|page|website)|it\b)|\bbroken link on your (?:blog|site|website)\b|\b(?:google|five[- ]star|5[- ]star|verified|real) reviews\b",
    r"\bguest posts?\b|\bbacklinks?\b|\blink building\b|\bsponsored (?:post|article)s?\b",
    r"\bseo\b|\brank(?:ing|s)?\b.{0,40}\b(?:google|first page|page one|search)\b|\bfirst page\b|\borganic traffic\b",
    r"\bi came across (?:your|\S+)\b|\bi (?:visited|found|noticed) your (?:site|website)\b|\bnoticed (?:that )?your (?:site|website)\b",
    r"\bcompan(?:y|ies) like yours\b|\bbusinesses like yours\b|\bwe help (?:companies|businesses|teams|brands)\b",
    r"\b(?:do|would) you have (?:\d+|a few|fifteen|ten) minutes\b|\b(?:quick|short|brief) (?:call|chat)\b|\b\d+[- ]minute (?:call|chat|demo)\b|\bare you (?:free|available) (?:on|for a|next)\b",
    r"\bi lead (?:partnerships|sales|growth|business)\b|\bi(?:'m| am) (?:the|with|from)\b.{0,40}\b(?:agency|partnerships|sales team)\b|\blead generation\b|\bqualified leads\b",
    r"\b(?:cut|reduce|boost|increase|double|grow|triple) (?:your |\S+ )?(?:\S+ )?(?:costs?|sales|revenue|traffic|leads|conversions?)\b",
    r"\b(?:manufacturers?|suppliers?|exporters?) (?:of|for|in|from)\b|\bmoq\b|\bour catalog(?:ue)?\b|\b\d[\d,.]*\+? (?:verified|qualified|targeted) \w+|\bcounts and pricing\b",
    r"\b\d+ ?% (?:off|discount)\b|\bno prescription\b|\bcheap (?:meds|pills|loans?|followers)\b|\bpassive income\b|\bguaranteed (?:returns?|profits?)\b|\bsave your seat\b|\bfree webinar\b",
    r"\b(?:no|without(?: any)?) obligation\b|\bunverbindliche\w* (?:angebot|beratung|gespräch)|\bsans engagement\b|\bsin compromiso\b|\bsenza impegno\b|\bsem compromisso\b|\bvrijblijvend\w*|\bniezobowiązując\w*",
    r"\bprice list\b|\bfrom \$\d+|\bspecial offer\b|\blimited[- ]time\b|\bfree (?:audit|quote|consultation)\b|\bbest prices?\b|\bour (?:portfolio|services include)\b",
    r"\bweb (?:design|development) (?:services|company)\b|\boffshore\b|\boutsourc\w+|\bmobile app development\b",
    r"\bdo-?follow\b|\b(?:exchange|swap(?:ping)?) links\b|\blink exchange\b|\b(?:free|guest|sponsored) articles?\b|\bcontribute an? (?:\w+ )?article\b",
    r"\bfor immediate release\b|\bpress (?:release|kit)\b|\bmedia contact\b|\b(?:developers?|engineers?|candidates?) (?:(?:who are )?(?:immediately )?available|for your)\b|\bhiring needs\b",
    r"\b(?:contacts?|attendees?|leads?|decision makers?) (?:list|database)\b|\bleads of\b|\bfamily office\b|\btrading (?:robot|software)\b|\bfree trial clean\b|\bsave up to \d+ ?%",
    r"\b(?:somos|siamo|nous sommes|wir sind|wij zijn|jesteśmy) (?:una?|une|eine?|een)? ?(?:\w*agen\w+|empresa|entreprise|azienda|bureau|firma)\b|\bzum festpreis\b|\b(?:dès|desde|ab|da|vanaf) \d+ ?€|\b(?:enviamos|envoyer|senden|inviamo) (?:una|un|une|ein)? ?(?:propuesta|presupuesto|devis|proposition|angebot|preventivo)\b",
    r"\bunternehmen wie (?:ihres|das ihre)\b|\bkurzes (?:gespräch|telefonat)\b|\bihre kosten senken\b|\bsuchmaschinenoptimierung\b|\bsichtbarkeit (?:bei|in) google\b",
    r"\bentreprises comme la vôtre\b|\bréférencement\b|\bempresas como la suya\b|\bposicionamiento\b|\baziende come la (?:vostra|sua)\b|\bempresas como a sua\b|\bbedrijven zoals (?:het )?uwe?\b",
)  # fmt: skip
"""Two of them make an advertisement; one may stand in any letter."""

LURES = (
    r"\b(?:click|log ?in|sign in|visit|follow|open|verify|confirm|validate|claim|renew|upgrade|increase|keep|secure|pay|download|review|update|listen to|access|submit|restore|unlock|release|restart|view|klicken sie|bestätigen sie|anmelden|cliquez|connectez|confirmez|haga clic|confirme|fare clic|clicca|confermi|clique|klik)\b[^?]{0,90}(?:https?:|www\.|hxxp|\bhere\b|\b(?:the|this) (?:link|button)\b|\bhier\b|\bici\b|\baquí\b|\bqui\b|\baqui\b)",
    r"\b(?:réglez|payez|bezahlen sie|zahlen sie|pague|paghi|betaal)\b[^?]{0,90}https?:",
    r"https?://\S*(?:login|verify|secure|account|signin|update|password|confirm|auth|webmail)\S*",
)
THREATENS = (
    r"\b(?:package|parcel|shipment|colis|paket|sendung|paquete|pacco|pakket|encomenda)\b.{0,60}\b(?:waiting|pending|held|on hold|livré|zugestellt|entregar?|entregado|consegnato|bezorgd)\b",
    r"\b(?:your|ihre?n?|votre|su|tu|il suo|sua)\b.{0,40}\b(?:password|mailbox|inbox|account|e-?mails?|storage|quota|domain|payroll|salary|parcel|package|shipment|payment|konto|postfach|paket|compte|colis|cuenta|paquete|conto|pacco|conta)\b.{0,60}\b(?:expires?|expired?|expiring|suspended|deactivated|blocked|locked|limited|full|closed|reached|exceeded|rejected|delayed|delivered|held|on hold|unpaid|läuft ab|gesperrt|expirer?|suspendu|bloqué|suspendida|bloqueada|caduca|scad\w+|sospeso|expira|suspensa)\b",
    r"\b(?:verify|confirm|validate|confirmed|verified|bestätigen sie|vérifi\w+|verifi\w+|conferm\w+) (?:your|ihre?n?|votre|su|il suo|sua) (?:account|identity|password|mailbox|details|payment|information|payroll|daten|konto|compte|cuenta|conto|conta)\b",
    r"\b(?:action required|final (?:notice|warning)|within (?:24|48|72) hours|(?:unusual|suspicious|new|unrecogni[sz]ed) (?:sign-?in|log-?in|activity|device)|avoid (?:suspension|deactivation|closure|losing)|link expires|failure to)\b",
    r"\b(?:password|mailbox|account) (?:for|of) \S+@\S+ .{0,30}\b(?:expires?|expired|full|suspended|blocked|locked)\b|\b(?:waiting for|requires|needs) your signature\b|\byou (?:are|have been|may be) (?:eligible|entitled|selected|due)\b|\b(?:voice message|voicemail)\b",
    r"\b(?:gift cards?|wire transfer|inheritance|lottery|(?:you have|you've|you) (?:won|been selected)|bitcoin|crypto (?:wallet|investment)|western union|customs fee|claim your)\b",
    r"\b(?:shared (?:a|the|this) (?:file|document|folder)|document to (?:sign|review)|(?:secure|attached|encrypted) (?:document|message|invoice|file)|(?:your|company|work) (?:email|e-mail|password|credentials))\b",
)
"""One lure and one threat make a phishing mail, where nobody asks for help of their own."""
FRAUDS = (
    r"\bif you (?:did not|didn't|have not|haven't) (?:authori[sz]e|make|made|place|placed|order|ordered)\b[^.?!]{0,60}\b(?:call|phone|ring)\b",
    r"\b(?:buy|purchase|get|need|pick up)\b[^?.]{0,40}\bgift ?cards?\b.{0,120}\b(?:codes?|numbers?|scratch|reply|e-?mail me)\b",
    r"\b(?:reply|respond|answer|write back|send (?:us|me)|provide(?: us| me)?|enter)\b[^?.]{0,30}\b(?:with )?your (?:\w+ )?(?:user ?name|password|pin|card (?:number|details)|credentials|login)\b",
    r"\bnext of kin\b|\bunclaimed (?:estate|funds?|sum|inheritance)\b|\b(?:late|deceased) (?:minister|husband|father|client|customer|businessman)\b.{0,120}\b(?:million|funds?|fortune|deposit\w*)",
    r"\bloans?\b.{0,60}\b(?:interest rates?|collateral)\b|\b(?:prêts?|préstamos?|prestiti|empréstimos?|kredite?)\b.{0,60}(?:\d ?%|sans garantie|sin aval|ohne sicherheiten|senza garanzie|sem garantia)",
    r"\b(?:recorded|filmed) you\b|\b(?:transfer|send|pay)\b.{0,40}\b(?:bitcoins?|btc)\b.{0,80}\b(?:wallet|or (?:i|all|your)|within)\b",
    r"\b(?:changed|new|updated) (?:our |the )?bank(?:ing)?(?: account| details| information)?\b.{0,80}\b(?:send|make|direct|remit|pay|transfer)\b.{0,30}\b(?:payments?|transfers?|invoices?)\b.{0,20}\bto\b",
)
"""Each alone asks for what no customer asks for."""
WAGES = (
    r"\b(?:my|mein\w*|mon|mes|mi|il mio|lo|o meu|mijn) (?:\w+ ){0,2}(?:salary|wages?|direct deposit|pay ?(?:check|cheque)?|payroll|gehalt\w*|lohn\w*|salaire|nómina|sueldo|stipendio|salário|salaris|loon)\b",
    r"\b(?:chang\w+|switch\w+|mov\w+|new|other|different|another|redirect\w*|neue\w*|gewechselt|changé|nouveau|cambiado|nueva|cambiato|nuovo|mudei|nova|nieuwe)\b.{0,40}\b(?:banks?|accounts?|konto|banque|compte|banco|cuenta|banca|conto|conta|rekening)\b",
)
"""Both together: whoever lets wages go to another account. Not who tells of a trouble with that."""
SCHEMES = (
    (
        r"\b(?:task|favou?r|errand|something (?:urgent|confidential))\b",
        r"\b(?:(?:reply|respond|text me|send me) (?:with )?your (?:mobile|cell|phone|whatsapp)|discree?tly|keep (?:it|this) between us)\b",
    ),
    (
        r"\b(?:task|favou?r|errand|something (?:urgent|confidential))\b",
        r"\bare you (?:available|free|around|busy|at your desk)\b|\bi(?:'m| am) in (?:a|back to back|another) (?:\w+ )?(?:meetings?|conference|calls?)\b",
        r"\b(?:can't|cannot|can not|unable to) (?:talk|speak|call|take calls?|pick up)\b",
    ),
    (
        r"(?:^|[.!?:;,] |\b(?:please|kindly|you|you to) )(?:get|buy|purchase|pick up|grab) (?:me |us )?(?:\w+ ){0,4}(?:gift ?cards|vouchers|(?:apple|itunes|google play|steam|amazon) cards)\b",
        r"\b(?:scratch|surprise|confidential|pictures? of the codes?|(?:send|text|mail|e-mail|give) me (?:\w+ ){0,3}codes?)\b",
    ),
    (
        r"\b(?:need|want) you to (?:make|process|arrange|send|handle|initiate) (?:an? )?(?:\w+ )?(?:transfer|payment)\b",
        r"\b(?:meetings?|conference|quietly|discreetly|confidential|(?:send|give) (?:you )?the details)\b",
    ),
    (
        r"\b(?:fallecid|décéd|verstorben|decedut|falecid|deceased|overleden)\w*|умер",
        r"\b(?:mill?[ioó]+n\w*|millions?|milh\w+|fortun\w*|vermögen|миллион\w*)\b",
        r"\b(?:benefici\w+|begünstigt\w*|heirs?|erbe\w*|herencia|héritier|eredi|herdeiro\w*|datos|details|daten|coordonnées|dati|наследник\w*)\b",
    ),
    (
        r"\b(?:i|we)(?:'ve| have)? (?:\w+ )?(?:(?:recorded|filmed) you|hacked your|access to your (?:devices?|computer|camera))\b",
        r"\b(?:bitcoins?|btc|wallet|crypto\w*)\b",
    ),
    (
        r"\byou(?:'ve| have|'re| are| were)? (?:\w+ )?(?:the |a |our )?(?:\w+ )?(?:winner|won)\b|\byour (?:name|e-?mail|address|e-?mail address) (?:has |was |have )?(?:\w+ )?(?:won|drawn|picked)\b|\be-?mail (?:draw|lottery)\b|\b(?:donation|fortune|inheritance) of \S*\d",
        r"\b(?:claim|barrister|(?:full name|bank details|passport)|\d[\d,.]* ?(?:usd|eur|euros?|dollars|million))\b",
        r"\b(?:contact|claim|reply|respond|write back|send)\b",
    ),
)
"""Schemes by which money is stolen: all parts of one together. What a customer says of their own
voucher, task or prize is none, nor is it one where somebody asks how or where."""
HOW = r"\b(?:how (?:do|does|did|can|could|to|should|would|is|are|much|many|long)|where|is it possible|wo|wie|où|comment|dónde|cómo|dove|come (?:posso|possiamo|si|faccio|devo)|onde|como (?:posso|podemos|faço|se|devo)|hoe|waar)\b|\b(?:got|received|get) (?:an?|this|the) (?:\w+ )?(?:e-?mail|mail|message|letter|text)\b|\b(?:what|which|welche|quels?|quelles|qué|quali|quais|welke) (?:\w+ ){0,2}(?:details|documents?|papers?|forms?|proof|unterlagen|angaben|daten|pièces|documentos|datos|documenti|dati|dados|gegevens)\b|\bfrom my (?:\w+ ){0,2}account\b"
DOUBTS = r"\b(?:is|was|are) (?:this|that|it|they|these) (?:really |actually )*(?:from you|genuine|real|legit\w*|correct|true|a scam|safe)\b|\bin the (?:app|portal|menu|settings)\b|\b(?:do|must|should) (?:i|we) (?:have to |need to )?(?:change|alter|adjust|adapt|update|enter)\b|\bwhich menu\b"
"""Who asks whether a change of accounts is genuine, or where to enter their own."""
NEW_ACCOUNTS = (
    r"\b(?:pay|settle|direct|remit|transfer|send|make|use|régler|payer|virer|überweis\w+|zahlen|pag\w+|transfer\w+|платите|переводите|оплачив\w+|汇到)\b[^?]{0,60}\b(?:(?:new|other|following|another|neue[ns]?|nouveau|nueva|nuovo|nova|nov[ao]) (?:bank )?(?:accounts?|details|iban|konto|bankverbindung|compte|rib|cuenta|conto|conta)|account (?:below|given)|нов\w+ (?:счёт|счет|реквизит\w*)|新账户)\b",
    r"\b(?:invoices?|payments?|bills?|remittances?|rechnung(?:en)?|zahlung(?:en)?|factures?|paiements?|facturas?|pagos?|fattur[ae]|pagament[io]|faturas?|pagamentos?|счета|платежи|货款)\b",
    r"\b(?:our|the|unsere?|notre|nuestr[oa]|nostr[oa]|nossa|наш\w*)\b[^.?!]{0,30}\b(?:banks?|bank account|account|iban|bankverbindung|rib|banque|cuenta|banco|conto|banca|conta|реквизит\w*|счёт|счет)\b|\b(?:we|i) (?:have )?(?:moved|changed|switched) (?:our )?banks?\b",
)
"""All of them together: whoever moves money to an account that nobody here knows of."""
OWN_MONEY = r"\b(?:refund\w*|reimburse\w*|subscription|charge\w*|direct debit|debit\w*|payouts?|abo|abonnement\w*|lastschrift\w*|rückerstattung|erstatt\w+|rembours\w+|prélèvement|reembols\w+|suscripción|rimborso)\b"
"""Of what a customer pays or gets back by a new account of their own."""
OFFERS = (
    r"https?:|www\.|hxxp",
    r"\b(?:we|i|our (?:team|company|agency|factory|firm|network|system|tool|bot)) (?:can |could |would |also |have )?(?:help|offer|sell|supply|provide|design|redesign|build|make|create|improve|guarantee|specialis\w+|specializ\w+|place|represent|write about|had a look at|found)\b",
    r"\b(?:(?:shall|can|may|could) i (?:send|mail|show|share|offer)|how many do you need|how much do you charge|my (?:proposal|offer|pitch|portfolio|services)|heard? back from you|top of your inbox|(?:apply|register|join|order|invest|shop|play|start) (?:now|today|with)|money back)\b",
    r"\b(?:wir (?:bieten|bauen|gestalten|verkaufen|erstellen|liefern)|nous (?:offrons|proposons|créons|améliorons|vendons|aidons)|(?:vendemos|ofrecemos|creamos|mejoramos)|(?:offriamo|creiamo|vendiamo)|(?:oferecemos|vendemos|criamos)|wij (?:bieden|maken)|oferujemy|предлагаем|создаём|создаем|занимаемся|продаём|продаем)\b",
    r"我们是|本公司|我们提供|优惠|点击链接|当社の|弊社",
)
"""What somebody says who wants to do business, or leads elsewhere; customers do as well, so that it
counts only where a sentence means an advertisement or a lure."""
ENQUIRES = r"\b(?:customer (?:support|service)|support team|support request|kundensupport|kundenservice|inquir\w+|enquir\w+|(?:seek|seeking) \w+|learn more about|anfrage|(?:could|can|would) you (?:please |kindly )?(?:provide|explain|tell|share|describe|give)|thank you for your interest|looking for)\b"
"""Who asks a desk for what it knows, or speaks to it as a desk: sellers do not know whom they reach."""
SELLERS = r"\bmy (?:last |first |earlier )?(?:proposal|offer|pitch|portfolio|services?|clients?|calendar)\b|\b(?:shall|can|may|could|should) i (?:send|mail|show|share|offer|close)\b|\bdarf ich\b|\bi (?:had a look|have not heard|found (?:some|several|a few))\b"
"""Words of one's own that a seller writes: they tell of no trouble."""
OWN_TROUBLE = (
    r"\bmy\b|\bmine\b|\bi (?:got|get|received|have|can't|cannot|tried|clicked|use|did|do)\b|\b(?:we|users|people|staff) (?:got|get|can't|cannot|could not|see|use|tried|clicked)\b",
    r"\bour (?:account|accounts|users|people|staff|card|company|domain|team|nurses?|clocks?|terminal|manager|plan|tenant|workspace|export|order)\b",
    r"\byour (?:mails?|e-?mails?|messages?|page|site|app|system|invoice|help ?desk) (?:says?|said|tells?|told|asks?|asked|shows?)\b",
    r"\b(?:i|we)(?:['’]d| would)? (?:like|want|need|wish|plan|intend|hope) to (?:buy|order|purchase|get|try|switch|upgrade|become)\b|\b(?:send|give|get) (?:me|us) (?:a|an|your|the) (?:\w+ )?(?:price list|quote|offer)\b",
    r"\b(?:is|was|are) (?:this|that|it|they|these) (?:really |actually |mail |e-?mail )*(?:from you|you|real|genuine|legit\w*|safe|phishing|a scam|yours|spam)\b",
    r"\b(?:how|where|what|when|why|can|could|do|should)\b(?: \w+){0,2} (?:i|we|users|people|they)\b[^.!]{0,120}\?",
    r"\b(?:mein|meine|unser|unsere|wir|ich)\b|\b(?:mon|ma|mes|notre|nos|je)\b|\b(?:mi|mis|nuestr[oa]s?)\b|\b(?:mio|mia|nostr[oa])\b",
)
"""Words of who has trouble of their own, or asks about such a mail: a person's."""
WANTS_AN_OFFER = (
    r"\b(?:(?:could|can|may) (?:i|we) (?:please )?(?:have|get|ask)|(?:could|can|would) you (?:please )?(?:send|give|make)|(?:i|we)(?:'d| would) like (?:an?|to (?:have|get|receive))|(?:i|we) (?:want|need) an?|ich hätte|wir hätten|(?:ich|wir) (?:möchten?|bräuchten?)|können sie|könnten sie"
    r"|pouvez-vous|pourriez-vous|je voudrais|j'aimerais|nous (?:voudrions|aimerions)|quisiera|quisiéramos|me gustaría|podrían?|vorrei|vorremmo|potreste|gostaria|gostaríamos|(?:ik|wij|we) (?:wil|zou) graag|willen|kunt u)\b[^.!?]{0,80}\b(?:quotes?|quotation|offer|estimate|\w*angebot|devis|presupuesto|preventivo|orçamento|offerte)\b"
)
"""Who wants an offer says of it what sellers say of theirs: free, without obligation."""
CUSTOMER_ASKS = r"(?:^|[.!?;:,] )(?:(?:and|so|but|hello|hi)[, ]+)*(?:does|do (?:i|we|they)|is (?:it|this|that|there)|are (?:there|these|they)|can (?:we|they|he|she|it|one|people|our|the|my)|how (?:do|does|can|much|long)|where|which|when|could you (?:please )?send) [^?!]{3,160}\?|\bcould you (?:please )?send\b"
"""A question about what the desk has or does; who sells asks whether one is interested."""
