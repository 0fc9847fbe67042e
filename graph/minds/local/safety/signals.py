"""Wordings that instructions to an agent have and letters to a company rarely have."""

from __future__ import annotations

from itertools import islice

from memory.characters import compatible
from memory.knowledge.hidden import from_base64
from memory.patterns import Match, Pattern, linear

_IMPERATIVES = (
    "explain|write|translate|provide|summari[sz]e|generate|list|create|tell|convert|modify|compose"
    "|describe|calculate|rewrite|output|print|repeat|say|find|search|recommend|encrypt|replace|insert"
    "|append|include|reply|respond|answer|spell|anagram|reverse|remove|substitute|make|craft|design"
    "|identify|determine|state|recite|share|suggest|teach|use|add|group|swap|misspell|scramble|draft"
    "|promote|persuade|convince|encourage|ask|introduce|present|give|show|solve|discuss|debug|correct"
)

_VERB_FIRST = (
    r"(?:проигнорир|игнорир|забуд|не обращай|ігнору|забуть|zignoruj|ignoruj|zapomnij|pomiń|zapomeň|zapomeňte"
    r"|ignorera|ignorer\b|bortse|glöm|glem|se bort fra|unohda|ohita|jätä huomiotta|hagyd figyelmen|felejts"
    r"|ignoră|uită|nu ține cont|αγνόησ|αγνοήσ|ξέχασ|ξεχάσ|התעלם|שכח|تجاهل|انس\b|نادیده|فراموش|忽略|无视|無視|忘记|忘記|忘掉"
    r"|bỏ qua|quên|abaikan|lupakan|ignore[sz]?\b|olvide|omit[ae]|haz caso omiso|desconsider|ne tenez pas compte"
    r"|ne tiens pas compte|fais abstraction|tralascia|negeer|missachte)"
    r".{0,50}(?:инструкц|указани|правил|команд|подсказк|вказівк|інструкц|instrukc|polece|zasad|pokyn|pravid|příkaz"
    r"|instruktion|anvisning|anvisninger|regler|ohje|sään|utasítás|szabály|instrucțiuni|reguli|οδηγί|εντολ|κανόν|הוראות|הנחיות|כללים"
    r"|تعليمات|الأوامر|القواعد|دستور|指示|指令|说明|說明|提示|规则|規則|hướng dẫn|chỉ thị|quy tắc|instruksi|perintah|aturan"
    r"|instruccion|indicacion|reglas|instruç|regras|consigne|instructions|règles|istruzion|regole|instructie|regels"
    r"|anweisung|vorgaben)"
)
_VERB_LAST = (
    r"(?:指示|命令|ルール|プロンプト|지시|명령|규칙|프롬프트|지침|निर्देश|आदेश|नियम|हिदायत|talimat|komut|kural|yönerge)"
    r".{0,30}(?:無視|忘れ|従わ|무시|잊|따르지|अनदेख|नज़रअंदाज|भूल|yok say|unut|görmezden|dikkate alma)"
)
"""To drop one's instructions, in languages whose letters or order of words the English pattern lacks."""

SIGNALS: dict[str, Pattern] = {
    name: linear(pattern, ignore_case=True)
    for name, pattern in {
        "override": r"\b(?:ignor\w*|disregard\w*|forget\w*|overlook\w*|overrid\w*|bypass\w*|discard\w*"
        r"|neglect\w*|abandon\w*|dismiss\w*|do(?:n't| not) (?:follow|obey)|stop (?:following|obeying)"
        r"|regardless of|irrespective of|instead of following|ignorier\w*|vergiss|vergessen sie|ignorez|oubliez"
        r"|ignora\w*|olvida\w*|dimentica\w*|esque[cç]a\w*|negeer|vergeet)"
        r".{0,60}(?:instruction|prompt|directive|\brules?\b|guideline|command|programming|polic(?:y|ies)"
        r"|restriction|constraint|limitation|\btasks?\b|\beverything\b|\banything\b|\bthat\b|\babove\b|told"
        r"|training|context|anweisung|regeln|instrucci|istruzioni|instruç|consignes|règles)"
        rf"|{_VERB_FIRST}|{_VERB_LAST}|\b(?:new|updated|revised) (?:instructions?|rules|orders|directives?)\s*[:,]|\byour (?:rules|instructions|orders) (?:have|are|were) "
        r"|\bneue (?:anweisung\w*|regeln)\s*:|\bnuevas (?:instrucciones|reglas)\s*:|\bnouvelles (?:instructions|règles)\s*:",
        "prior": r"\b(?:previous|prior|earlier|preceding|above|former|initial|original|all (?:of )?(?:your|the|these))"
        r"\s+(?:\w+\s+){0,2}(?:instruction|prompt|directive|rule|guideline|command|task|order|message|text)s?\b",
        "prompt": r"\b(?:system|initial|hidden|original|developer|secret|base|pre)[ -]?(?:prompt|message|instruction)s?\b"
        r"|\byour (?:\w+ )?(?:prompt|instructions|programming|guidelines|directives|training|configuration|restrictions"
        r"|constraints|content polic(?:y|ies)|guardrails)\b|\bjailbr[eo]\w+|\bprompt injection\b",
        "mode": r"\b(?:developer|debug|god|sudo|root|admin(?:istrator)?|maintenance|unrestricted|jailbreak|system|dan|opposite"
        r"|test|diagnostic) (?:mode|override|access)\b|\bsystem\s*:|\bsudo\b|\bdo anything now\b|(?-i:\bDAN\b)|\boverride code\b",
        "persona": r"\b(?:you are (?:now|about to|going to|a|an|my|no longer)|you're (?:now|a|an)|you will (?:now )?(?:act|play|be|pretend|respond"
        r"|answer|never|always)|from now on|act as|acting as|pretend|role[ -]?play|play(?:ing)? the (?:role|part)|simulat\w+|immerse yourself"
        r"|take on the (?:role|persona)|stay in character|in character|persona|du bist jetzt|ab jetzt|tu es maintenant|ahora eres)\b",
        "unbound": r"\b(?:unrestricted|unfiltered|uncensored|amoral|unethical|immoral|no (?:\w+ )?(?:restrictions|limits|limitations|filters|rules"
        r"|morals|ethics|boundaries|guidelines|censorship)|without (?:any )?(?:\w+ )?(?:restrictions|limits|limitations|filters|censorship|rules"
        r"|moral|ethic)\w*|not bound|broken free|free (?:of|from) (?:the|all|any)|never (?:refuse|say no|decline)|cannot refuse|evil|illegal"
        r"|bypass\w*|break(?:s|ing)? (?:the|any|all) rules|do(?:es)? not (?:care|have to abide)|don't care|swear|curse|cursing)\b",
        "reveal": r"\b(?:reveal|print|show|repeat|output|display|tell|give|disclose|leak|dump|expose|share|state|say|write|what(?:'s| is| was| are| were)"
        r"|spell|translate|encode|summari[sz]e|list|was ist|cu[aá]l es|quel(?:le)? est|qual [eè]|какой)\b.{0,50}\b(?:system prompt|instructions|secret"
        r"|pass ?(?:word|code|phrase)|passwort|kennwort|contraseña|clave|mot de passe|пароль|секрет\w*|api keys?|credentials|hidden|confidential|internal|verbatim|initial prompt"
        r"|prompt|word for word|forbidden)\b",
        "secret": r"\b(?:(?:the|your|a|that) (?:\w+ )?(?:secret|password|passphrase|passcode|hidden word)|secret (?:key|word|code|phrase)|hint|clue|rhymes? with"
        r"|first (?:letter|character)|starts? with|(?:letter|character) by (?:letter|character))\b",
        "reader": r"\b(?:ai|a\.i\.|assistants?|chat ?bots?|bots?|language models?|llms?|gpt\S*|chatgpt|claude|gemini|copilot|agents?|neural network)\b",
        "addressed": r"(?:^|[\"'<\[(*#!-]\s*)(?:(?:dear|hey|hello|hi|attention|note(?: to)?|important|message (?:to|for)|instructions? (?:to|for)|to)\s*:?\s+(?:the |any |all )?"
        r"(?:ai|assistant|chat ?bot|bot|model|llm|gpt|chatgpt|agent|reader)|(?:assistant|ai|bot|system)\s*[:,])|\bif you(?:'re| are) (?:an? )?(?:ai|llm|assistant|language model|bot)"
        r"|\bwhen(?:ever)? (?:you|the (?:ai|assistant|model|bot)) (?:read|process|summari[sz]e|see|parse)\w*|\bas an ai\b",
        "response": r"\b(?:your|the|this|each|every) (?:\w+ )?(?:response|reply|replies|answer|output|completion|generation|summary)\b|\bin (?:response|reply)\b"
        r"|\b(?:respond|reply|answer|return|output) (?:only |with |as |in |to |using |exactly |solely )|\b(?:start|begin|end|finish|prefix|conclude) (?:your|the|every|each|with)\b"
        r"|\bevery (?:\w+ )?(?:word|letter|sentence|vowel)s?\b|\binstead (?:say|output|print|write|respond|reply|of)\b",
        "delimiter": r"<\|\w+\|>|\[/?(?:INST|SYS|SYSTEM)\]|<</?SYS>>|###\s*(?:instruction|system|new|response|end)|</?(?:system|instructions?|prompt|user|assistant)>|^\s*(?:human|user|assistant|system|ai|q|a)\s*:"
        r"|={3,}|-{3,}\s*(?:begin|end|new)|```|\{\{|<!--|\bEND OF (?:PROMPT|INSTRUCTIONS|DOCUMENT|INPUT)\b|\[(?:ignore|system|admin|override|important)",
        "encoded": r"\bbase ?64\b|\brot ?13\b|\bhex(?:adecimal)?\b|\bcipher\b|\bencoded?\b|\bdecod(?:e|ed|ing)\b|\bmorse\b|\bunicode\b|\bleetspeak\b|\b\w\s?=\s?['\"]|\bconcatenat\w+|\b[a-z]\s?\+\s?[a-z]\b",
        "exfiltrate": r"\b(?:send|forward|e-?mail|post|upload|transmit|exfiltrate|copy|bcc|deliver)\b.{0,60}(?:\bto\b.{0,30}(?:@|https?:|www\.)|\bdatabase\b|customer list|credentials|api keys?)|!\[[^\]]*\]\(https?:",
        "visit": r"\b(?:visit|click|go to|check out|download|available (?:at|on)|promot\w+|follow this link)\b.{0,60}(?:https?:|www\.|\w\.(?:com|net|org|io|ly|xyz)\b)",
        "imperative": rf"^(?:please |now,? |then |also,? |can you |could you |just )?(?:{_IMPERATIVES})\b",
        "fiction": r"\b(?:fictional|hypothetical\w*|imaginary|imagine|story|screenplay|novel|game|scenario|movie|character named)\b",
        "policy": r"\b(?:openai|content polic\w+|safety (?:guidelines|filters?|protocols?)|ethic\w*|moral\w*|guardrails?|censor\w*|abide|comply|compliance)\b",
    }.items()
}
"""Patterns by the name of their feature; each is looked for in every sentence."""

ABOUT_READER = linear(
    r"^(?:\w+[ ,]+){0,3}(?:can|could|does|do|did|is|are|will|would|has|have|was|were|may|should)\s+(?:i|we|they|my \w+|our \w+)?\s*"
    r"(?:\w+\s+){0,4}?(?:your|the|this|that|a|an|any)\s+(?:\w+ ){0,2}?(?:ai|assistants?|chat ?bots?|bots?|agents?|language models?)\b"
    r"[^?:]{0,120}\?$",
    ignore_case=True,
)
"""A question that speaks of a bot as of a third: "Can your chat bot answer in Spanish?"."""

OWN_DOING = linear(
    r"^(?:\W*(?:so|and|but|also|hi|hello)[ ,]+)?(?:(?:how|where|when|why) )?(?:can|could|do|does|did|is|are|may|should|must|has|have|will)(?:n't)?\s+"
    r"(?:i|we|my|our|the|an?|one|some(?:one|body)|any(?:one|body))\b[^?]{0,200}\?$",
    ignore_case=True,
)
"""A question of what the customer does or a product does: "How do I override a rule?" """
TO_ONESELF = linear(
    r"\b(?:me|us|myself|(?:my|our) (?:\w+ )?(?:address|e-?mail|mail|inbox|account))\b[^@?!]{0,60}@",
    ignore_case=True,
)
OF_OTHERS = linear(
    r"\bdatabase\b|customer|credentials|keys?\b|passwords?\b|https?:", ignore_case=True
)
"""What is sent to the writer's own address is theirs, unless it is other people's."""
OF_NO_ORDER = linear(
    r"\b(?:ignore|disregard|forget|overlook|discard)(?: about)? (?:(?:all|any) (?:of )?)?(?:my|our|his|her|their|\w+['’]s) (?:(?:own|very|previous|prior|last|latest|earlier|first|other|old|former|duplicate) )*"
    r"(?:message|mail|e-?mail|ticket|question|request|note|reply|comment|enquiry|inquiry)s?\b"
    r"|\b(?:ignore|disregard|forget|overlook|discard) (?:the |all |any )?(?:(?:previous|prior|last|latest|earlier|first|other|old) )*(?:message|mail|e-?mail|ticket|question|request|note|instruction)s? (?:from|of|by) (?:my|our|his|her) \w+"
    r"|\b(?:ignore|disregard) this (?:message|mail|e-?mail|notice|letter|text|reminder)\b"
    r"|\bpass ?(?:word|code|phrase)s? (?:polic\w+|rules?|requirements?|lengths?|managers?|resets?|expiry|changes?|settings?|fields?|strength|complexity)\b"
    r"|\binstructions? (?:in|from|of) (?:your|the|this) (?:\w+ )?(?:mail|e-?mail|letter|manual|box|leaflet|invitation)\b"
    r"|\binstructions? (?:for (?:the |my |our |your |an? )?|on |about |how to |to )(?:\w+ing|install|set|use|reset|assemble|clean|mount|connect)\b"
    r"|\b(?:i|we) (?:should|must|can|could|may|have to|need to|was told to|were told to) (?:just |safely |simply )?(?:ignore|disregard|forget|overlook)\b"
    r"|\b(?:what (?:does|do|is meant by)|the meaning of)(?: the)? [\"'“„‘«][^\"'”“’»?]{1,80}[\"'”“’»]"
    r"|\b(?:(?:told|asked|advised|instructed) (?:me|us|him|her|them)|(?:my|our|his|her|their) (?:\w+ ){1,2}?(?:says?|said|tells|told|advises|advised|wants|wanted|suggests|suggested|thinks|insists|claims)(?: (?:that|me|us|everybody|everyone|people|it(?:['’]s| is) (?:fine|ok|okay|best|safe)))*)"
    r" (?:to|(?:that )?(?:i|we|one) (?:can|could|should|may|must)) (?:just |safely |simply )?(?:ignore|disregard|forget|overlook|skip)\b(?: (?:the|any|these|those) (?:\w+ )?(?:message|step|mail|note|warning|entr(?:y|ie))s?\b| (?:the|any|these|those) (?:\w+ )?(?:instruction|rule)s? (?:on|in|from|of|at) (?:the|our|my) (?:\w+ )?(?:back|bag|booklet|box|card|carton|door|label|leaflet|lid|manual|pack(?:age|aging|et)?|poster|sheet|sign|sticker|wall)\b)?"
    r"|\b(?:(?:look|hop)(?:s|ing|e)? (?:forward to|for)|(?:a)?wait(?:s|ing)?(?: for)?|anticipat(?:e|es|ing)|expect(?:s|ing)?|appreciat(?:e|es|ing)|grateful for|thank(?:s| you) (?:\w+ )*?for) (?:[\w-]+ ){0,5}?your (?:[\w-]+ ){0,3}?(?:response|reply|answer|feedback|guidance)\b"
    r"|\b(?:your|an?|for|the) (?:[\w-]+ )?prompt (?:(?:and|or) \w+ )?(?:response|reply|answer|attention|feedback|action|support|assistance|help|handling|resolution|service|reaction)\b"
    r"|\byour (?:[\w-]+ ){0,2}?(?:response|reply|answer|feedback)(?: \w+){0,4} (?:appreciated|welcome|awaited)\b",
    ignore_case=True,
)
"""A customer's own earlier mail, a rule for passwords, words that are asked about, and what closes a formal letter:
none is an order to the agent."""
WISHES = linear(
    r"^(?:(?:please|kindly) (?:\w+ )?(?:provide|give|tell|share|answer|reply|respond|explain|describe|suggest|recommend|introduce|add|show)"
    r"|(?:can|could) you (?:please |kindly )?(?:provide|give|tell|share|explain|describe|suggest|recommend|show))\b[^:\"“]*$",
    ignore_case=True,
)
"""A wish for information as every letter has it, and nothing that is to be written."""
TO_READER = linear(r"\b(?:you|your|yours|yourself)\b", ignore_case=True)
"""The reader is spoken to."""

_INVISIBLE = dict.fromkeys(
    sign
    for first, last in (
        (0x00AD, 0x00AD),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0xFEFF, 0xFEFF),
        (0xE0000, 0xE007F),
    )
    for sign in range(first, last + 1)
)
_SEWN = linear(
    r"[0-9A-Za-z](?:[\x{200B}-\x{200F}\x{2060}-\x{2064}\x{FEFF}]+[0-9A-Za-z]{1,3}){2}|[\x{202A}-\x{202E}\x{E0000}-\x{E007F}]"
)
"""Characters that nobody sees, several within a word; those that turn the direction; and invisible letters.
A single one shows where a web page may break a long word; between words they are padding of newsletters."""
_SPACED = linear(r"\b(?:\w[ .\-_*]){2,}\w\b")
_LEET_WORD = linear(r"[\w@$]{4,}")
_LEET_SPELLED = linear(r"(?:[a-z]|\b)[013457@$][a-z]", ignore_case=True)
_ADDRESS = linear(r"[\w.+-]+@[\w.-]+\.\w+")
_LONGEST_LEET = 16
"""Characters; longer ones are numbers of orders, keys and the like."""
_FEWEST_LEET = 2
"""So many words of a text must be spelled so: one alone is a name, a version or a number."""
_LONGEST_NAME, _LONGEST_NAMES = 5, 24
"""Letters that somebody spells because they are a name; the second of those in capitals."""
_LEET_SIGNS = frozenset("013457@$")
_MOST_HIDDEN = 64
"""Words that are looked at from right to left."""
_GAPS = frozenset(" .-_*")
_LEET = str.maketrans("013457@$", "oieastas")
_TAGS = 0xE0000
_COMMON = frozenset(["the", "and", "you", "your", "this", "that", "with", "for", "are", "all"])
_TURNED = frozenset(word[::-1] for word in _COMMON)
_FEWEST_TURNED = 2
"""Words that must stand backwards: one alone is a name or a code."""


def plain(text: str) -> str:
    """The text as a reader sees it: compatible forms unified, invisible characters dropped."""
    return visible(compatible(text))


def visible(text: str) -> str:
    """The text without the characters that nobody sees."""
    return text if text.isascii() else text.translate(_INVISIBLE)


def sewn(text: str) -> bool:
    """Whether characters that nobody sees hide what a word is."""
    return not text.isascii() and _SEWN.search(text) is not None


def unpacked(text: str) -> list[str]:
    """What is hidden in the text: base64 that decodes to words, words spelled s p a c e d, l33t, backwards."""
    found = from_base64(text)
    found += [_SPACED.sub(_join, text)] if _is_spaced(text) else []
    found += [text[::-1]] if _is_backwards(text) else []
    return [*found, _leet(text)] if _is_leet(text) else found


def tagged(text: str) -> str:
    """What stands in letters that nobody sees: the tags of Unicode, each a plain letter's twin."""
    if text.isascii():
        return ""
    return "".join(chr(ord(sign) - _TAGS) for sign in text if _TAGS + 32 <= ord(sign) < _TAGS + 127)


def _is_spaced(text: str) -> bool:
    """Whether words are spelled letter by letter; a name for a badge is shorter, or in capitals."""
    runs = [_join(one) for one in islice(_SPACED.finditer(text), _MOST_HIDDEN)]
    longest = _LONGEST_NAMES if all(map(str.isupper, runs)) else _LONGEST_NAME
    return sum(map(len, runs)) > longest


def _join(match: Match) -> str:
    return "".join(sign for sign in match.group() if sign not in _GAPS)


def _is_backwards(text: str) -> bool:
    """Whether the commonest words of the language stand there from right to left."""
    words = [word for word in text.lower().split()[:_MOST_HIDDEN] if word.isalpha()]
    forwards, backwards = (sum(one in few for one in words) for few in (_COMMON, _TURNED))
    return backwards >= _FEWEST_TURNED and backwards > forwards


def _is_leet(text: str) -> bool:
    """Whether several words are spelled with digits and symbols; addresses and numbers are not."""
    words = (match.group() for match in _LEET_WORD.finditer(_ADDRESS.sub(" ", text)))
    return len(list(islice(filter(_is_spelled, words), _FEWEST_LEET))) == _FEWEST_LEET


def _is_spelled(word: str) -> bool:
    if word.isdigit() or len(word) > _LONGEST_LEET:
        return False
    digits = {sign for sign in word if sign.isdigit()}
    one_case = word in {word.lower(), word.upper(), word.capitalize()}
    return one_case and digits <= _LEET_SIGNS and _LEET_SPELLED.search(word) is not None


def _leet(text: str) -> str:
    return _LEET_WORD.sub(_read, text)


def _read(match: Match) -> str:
    word = match.group()
    mixed = any(map(str.isalpha, word)) and not _LEET_SIGNS.isdisjoint(word)
    return word.translate(_LEET) if mixed else word
