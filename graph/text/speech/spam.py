"""Words of newsletters, of those who sell, and of those who fish for passwords; folded."""

from __future__ import annotations

SELLS = (
    r"\bguest posts?\b|\bbacklinks?\b|\blink building\b|\bsponsored (?:post|article)s?\b",
    r"\bseo\b|\brank(?:ing|s)?\b.{0,40}\b(?:google|first page|page one|search)\b|\bfirst page\b|\borganic traffic\b",
    r"\bi came across (?:your|\S+)\b|\bi (?:visited|found|noticed) your (?:site|website)\b|\bnoticed (?:that )?your (?:site|website)\b",
    r"\bcompan(?:y|ies) like yours\b|\bbusinesses like yours\b|\bwe help (?:companies|businesses|teams|brands)\b",
    r"\b(?:do|would) you have (?:\d+|a few|fifteen|ten) minutes\b|\b(?:quick|short|brief) (?:call|chat)\b|\b\d+[- ]minute (?:call|chat|demo)\b|\bare you (?:free|available) (?:on|for a|next)\b",
    r"\bi lead (?:partnerships|sales|growth|business)\b|\bi(?:'m| am) (?:the|with|from)\b.{0,40}\b(?:agency|partnerships|sales team)\b|\blead generation\b|\bqualified leads\b",
    r"\b(?:cut|reduce|boost|increase|double|grow|triple) (?:your |\S+ )?(?:\S+ )?(?:costs?|sales|revenue|traffic|leads|conversions?)\b",
    r"\bprice list\b|\bfrom \$\d+|\bspecial offer\b|\blimited[- ]time\b|\bfree (?:audit|quote|consultation)\b|\bbest prices?\b|\bour (?:portfolio|services include)\b",
    r"\bweb (?:design|development) (?:services|company)\b|\boffshore\b|\boutsourc\w+|\bmobile app development\b",
    r"\bunternehmen wie (?:ihres|das ihre)\b|\bkurzes (?:gespräch|telefonat)\b|\bihre kosten senken\b|\bsuchmaschinenoptimierung\b|\bsichtbarkeit (?:bei|in) google\b",
    r"\bentreprises comme la vôtre\b|\bréférencement\b|\bempresas como la suya\b|\bposicionamiento\b|\baziende come la (?:vostra|sua)\b|\bempresas como a sua\b|\bbedrijven zoals (?:het )?uwe?\b",
)  # fmt: skip
"""Two of them make an advertisement; one may stand in any letter."""

LURES = (
    r"\b(?:click|log ?in|sign in|visit|follow|open|klicken sie|cliquez|haga clic|fare clic|clicca|clique|klik)\b.{0,60}(?:https?:|www\.|hxxp|here|link|hier|ici|aquí|qui|aqui)",
    r"https?://\S*(?:login|verify|secure|account|signin|update|password|confirm)\S*",
)
THREATENS = (
    r"\b(?:password|mailbox|account|e-?mail|storage|domain|konto|postfach|compte|cuenta|conto|conta)\b.{0,40}\b(?:expires?|expired|expiring|suspended|deactivated|blocked|locked|limited|full|closed|läuft ab|gesperrt|expire|suspendu|suspendida|caduca|scad\w+|sospeso|expira|suspensa)\b",
    r"\b(?:verify|confirm|validate|bestätigen sie|vérifi\w+|verifi\w+|conferm\w+) (?:your|ihre?n?|votre|su|il suo|sua) (?:account|identity|password|mailbox|details|payment|konto|compte|cuenta|conto|conta)\b",
    r"\b(?:action required|final (?:notice|warning)|within (?:24|48) hours|unusual (?:sign-?in|activity)|avoid (?:suspension|deactivation|closure))\b",
    r"\b(?:gift cards?|wire transfer|inheritance|lottery|you have won|bitcoin|crypto (?:wallet|investment)|western union)\b",
)
"""One lure and one threat make a phishing mail."""
