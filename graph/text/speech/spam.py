"""Schemes by which money is stolen; folded. Advertisements and lures are known by the whole mail."""

from __future__ import annotations

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
