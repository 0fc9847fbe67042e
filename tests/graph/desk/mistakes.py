"""Desks with a mistake each, and what is said of it."""

from tests.graph.desk.files import BASE

INTENT = "intents:\n  - name: a\n    examples: [x, y]\n"
SLOW_TOOL = """services:
  s:
    base_url: http://127.0.0.1:1
tools:
  - name: look
    description: Looks.
    service: s
    timeout_seconds: 30
    path: /x
"""

BROKEN = {
    "a tag that breaks its reader": (
        BASE + "x: !!bool maybe\n",
        "desk.yaml:3: has the tag 'bool': leave the tag out",
    ),
    "a number without end": (
        BASE + f"x: 0x{'f' * 9_000}\n",
        "desk.yaml:3: is not text and has 9,002 characters: put it in quotes, or shorten it",
    ),
    "half a character": (BASE + 'x: "\\ud800"\n', "desk.yaml:3: contains half a character"),
    "too few examples": (
        BASE + "intents:\n  - name: a\n    examples:\n      - one\n",
        "desk.yaml:5: intents[0].examples: needs at least 2 items, has 1",
    ),
    "no such day": (
        BASE + INTENT + "hours:\n  holidays: [2026-12-25, 2026-02-30]\n",
        "desk.yaml:7: looks like a date or a time and is none: mend it, or put it in quotes to mean the text",
    ),
    "no number": (BASE + "weight: 0x_\n", "desk.yaml:3: looks like a number and is none"),
    "missing field": ("tenant: acme\n", "desk.yaml:1: company: is missing: add it"),
    "unknown key": (
        BASE + "intent: []\n",
        "desk.yaml:3: intent: is not known here: did you mean 'intents'?",
    ),
    "unknown nested key": (
        BASE + INTENT + "    priorty: low\n",
        "desk.yaml:6: intents[0].priorty: is not known here: did you mean 'priority'?",
    ),
    "wrong choice": (
        BASE + INTENT + "    handling: anser\n",
        (
            "desk.yaml:6: intents[0].handling: must be 'answer' or 'person', is 'anser':"
            " did you mean 'answer'?"
        ),
    ),
    "duplicate key": (
        BASE + "tenant: other\n",
        "desk.yaml:3: tenant: is on line 1 already: keep one of the two",
    ),
    "unquoted time": (
        BASE + "hours:\n  end: 17:00\n",
        'desk.yaml:4: hours.end: needs text, has a number: put it in quotes, "17:00"',
    ),
    "wrong time": (
        BASE + "hours:\n  end: '25:00'\n",
        "desk.yaml:4: hours.end: must look like '17:00', is '25:00'",
    ),
    "out of range": (
        BASE + "thresholds:\n  intent: 2\n",
        "desk.yaml:4: thresholds.intent: must be at most 1, is 2",
    ),
    "a name among keys that is not known": (
        BASE + INTENT + "autonomy:\n  intents:\n    bb: auto\n",
        "desk.yaml:8: autonomy.intents.bb: autonomy names unknown intents ['bb']: declare them",
    ),
    "a rule over several fields that begins with its field": (
        BASE + INTENT + "identity:\n  codes: true\n",
        "desk.yaml:7: identity.codes: needs a way to the address on file: add `delivery`",
    ),
    "a model without its provider": (
        BASE + INTENT + "minds:\n  model: {model: small-one}\n",
        "desk.yaml:7: minds.model.model: must look like 'openai:gpt-4o-mini', is 'small-one'",
    ),
    "a budget that is not a number": (
        BASE + "budgets:\n  ticket:\n    money: much\n",
        "desk.yaml:5: budgets.ticket.money: needs a number, is 'much'",
    ),
    "a budget below nothing": (
        BASE + "budgets:\n  day:\n    tokens: -1\n",
        "desk.yaml:5: budgets.day.tokens: must be at least 0, is -1",
    ),
    "an unknown budget": (
        BASE + "budgets:\n  dayly:\n    tokens: 1\n",
        "desk.yaml:4: budgets.dayly: is not known here: did you mean 'day'?",
    ),
    "a truth for a number": (
        BASE + "limits:\n  steps: on\n",
        "desk.yaml:4: limits.steps: needs a number, and YAML reads this as true",
    ),
    "a truth for a tool's number": (
        BASE + SLOW_TOOL.replace("timeout_seconds: 30", "timeout_seconds: yes"),
        "desk.yaml:10: tools[0].timeout_seconds: needs a number, and YAML reads this as true",
    ),
    "a language that nobody speaks": (
        BASE + "language: elvish\n",
        (
            "desk.yaml:3: language: 'elvish' is not a language: write it as en or de"
            " (a country goes into `locale`)"
        ),
    ),
    "a language with its country": (
        BASE + "language: en-GB\n",
        (
            "desk.yaml:3: language: 'en-GB' is not a language: write it as en or de"
            " (a country goes into `locale`)"
        ),
    ),
    "too many values": (
        "a: &a [" + "1, " * 100 + "1]\nb: &b [" + "*a, " * 100 + "*a]\nc: [" + "*b, " * 9 + "*b]\n",
        "desk.yaml:1: holds more than 50,000 values",
    ),
    "no time to deliver": (
        BASE + "limits:\n  node_seconds: 20\n",
        (
            "desk.yaml:4: limits.node_seconds: is 20, and delivering a reply can take 30 s:"
            " raise it to that"
        ),
    ),
    "a tool that takes longer than a node": (
        BASE + SLOW_TOOL,
        (
            "desk.yaml:10: tools[0].timeout_seconds: a call of 'look' can take 112 s with every"
            " retry, and limits.node_seconds is 60: lower timeout_seconds or retry, or raise"
            " limits.node_seconds"
        ),
    ),
    "unknown tool": (
        BASE + INTENT + "    tools: [look]\n",
        "desk.yaml:6: intents[0].tools[0]: intent 'a' uses unknown tools ['look']: declare them",
    ),
    "bad pattern": (
        BASE + "never_promise:\n  - fine\n  - '('\n",
        (
            "desk.yaml:5: never_promise[1]: '(' is not a regular expression: missing )"
            " (RE2, without lookaround)"
        ),
    ),
    "same name twice": (
        BASE + INTENT + "  - name: a\n    examples: [v, w]\n",
        "desk.yaml:6: intents[1].name: 'a' is the name of another one already: give each its own",
    ),
    "unset variable": (
        BASE + "services:\n  s:\n    base_url: ${NOWHERE}\n",
        (
            "desk.yaml:5: services.s.base_url: the variable NOWHERE is not set: set it,"
            " or write ${NOWHERE:-a default}"
        ),
    ),
    "a variable in the tone": (
        BASE + "tone:\n  closing: Yours, ${WHO:-we}\n",
        (
            "desk.yaml:4: tone.closing: ${WHO:-we} is filled in under `services` and `channels` only:"
            " write the value itself"
        ),
    ),
    "a variable in a list": (
        BASE + INTENT.replace("x, y", "x, '${Y}'"),
        "desk.yaml:5: intents[0].examples[1]: ${Y} is filled in under `services` and `channels` only",
    ),
    "an unknown field in the greeting": (
        BASE + "tone:\n  greeting: 'Dear {surname},'\n",
        (
            "desk.yaml:4: tone.greeting: {surname} is not known here: only {name} and"
            " {first_name} are filled in"
        ),
    ),
    "an open brace in the greeting": (
        BASE + "tone:\n  greeting: 'Hello {name,'\n",
        "desk.yaml:4: tone.greeting: contains a brace that belongs to nothing: write {name}",
    ),
    "a field in the closing": (
        BASE + "tone:\n  closing: 'Bye {name}'\n",
        "desk.yaml:4: tone.closing: {name} would be sent as it is",
    ),
    "a field in a notice": (
        BASE + "handoff:\n  message: 'Ticket {id} is with us.'\n",
        "desk.yaml:4: handoff.message: {id} would be sent as it is",
    ),
    "a blank example": (
        BASE + "intents:\n  - name: a\n    examples:\n      - Where is it?\n      - '  '\n",
        "desk.yaml:7: intents[0].examples[1]: the example '  ' contains no word",
    ),
    "an example of signs alone": (
        BASE + INTENT.replace("x, y", "x, '?!'"),
        "desk.yaml:5: intents[0].examples[1]: the example '?!' contains no word",
    ),
    "an example twice": (
        BASE + INTENT.replace("x, y", "Where is it, where  is it"),
        "desk.yaml:5: intents[0].examples[1]: the example 'where  is it' is there already",
    ),
    "an example that ends in a comment": (
        BASE + "intents:\n  - name: a\n    examples:\n      - My key # is lost\n      - b\n",
        (
            "desk.yaml:6: intents[0].examples[0]: '# is lost' is a comment to YAML and would be"
            " lost: put the example in quotes"
        ),
    ),
    "quotes of a word processor": (
        BASE + "tone:\n  closing: „Bis bald“\n",
        "desk.yaml:4: tone.closing: typographic quotes quote nothing",
    ),
    "an octal number": (
        BASE + "limits:\n  steps: 012\n",
        "desk.yaml:4: limits.steps: YAML does not read '012' as the number that it looks like",
    ),
    "a number of sixties": (
        BASE + "goal:\n  quiet_hours: 1:30\n",
        "desk.yaml:4: goal.quiet_hours: YAML does not read '1:30' as the number",
    ),
    "a lead whom no mail reaches": (
        BASE + "handoff:\n  teams:\n    - name: floor\n      lead: lea@desk\n",
        "desk.yaml:6: handoff.teams[0].lead: lead 'lea@desk' is not anybody: give a name, or an address",
    ),
    "a greeting that begins with the name": (
        BASE + "tone:\n  greeting: '{first_name}, hello!'\n",
        "desk.yaml:4: tone.greeting: begins with the name, which not everybody gives",
    ),
    "no working day": (
        BASE + "hours:\n  days: []\n",
        "desk.yaml:4: hours.days: needs at least 1 item, has 0",
    ),
    "a desk that closes as it opens": (
        BASE + "hours:\n  start: '00:00'\n  end: '00:00'\n",
        "desk.yaml:4: hours.start: the desk closes at '00:00' and opens at 00:00",
    ),
    "an hour after the last": (
        BASE + "hours:\n  end: '24:01'\n",
        "desk.yaml:4: hours.end: must look like '17:00', is '24:01'",
    ),
    "a target that never comes": (
        BASE
        + "hours:\n  days: [sun]\n  start: '10:00'\n  end: '10:05'\n"
        + "  first_response_minutes: 30\n  resolution_minutes: 9000\n",
        (
            "desk.yaml:8: hours.resolution_minutes: a target of '9000' working minutes takes more"
            " than 52 weeks of these hours: lower it to at most 260"
        ),
    ),
    "a target of one priority that never comes": (
        BASE
        + "hours:\n  days: [mon]\n  start: '09:00'\n  end: '10:00'\n"
        + "  targets:\n    low:\n      resolution_minutes: 4000\n",
        "desk.yaml:9: hours.targets.low.resolution_minutes: a target of '4000' working minutes",
    ),
    "secret stays hidden": (
        BASE + "services:\n  back-office:\n    base_url: http://x\n    token: 1234\n",
        "desk.yaml:6: services.back-office.token: a secret does not belong in a file: write ${BACK_OFFICE_TOKEN}",
    ),
    "a password stays hidden": (
        BASE
        + "channels:\n  mail:\n    address: a@b.example\n    password: 1234\n"
        + "    imap: {host: h, port: 1}\n    smtp: {host: h, port: 1}\n",
        "desk.yaml:6: channels.mail.password: a secret does not belong in a file: write ${MAIL_PASSWORD}",
    ),
    "channels without one": (
        BASE + "channels: mail\n",
        "desk.yaml:3: channels: needs a mapping",
    ),
    "a tool without a service": (
        BASE + SLOW_TOOL.replace("    service: s\n", "").replace("30", "3"),
        "desk.yaml:7: tools[0]: tool 'look' names no service: add `service`",
    ),
    "a path from nowhere": (
        BASE + SLOW_TOOL.replace("/x", "x").replace("30", "3"),
        "desk.yaml:7: tools[0]: tool 'look': path 'x' must begin with /",
    ),
    "a fallback that is not there": (
        BASE + SLOW_TOOL.replace("30", "3") + "    fallback: other\n",
        "desk.yaml:7: tools[0]: tool 'look' falls back to unknown tool 'other': declare it",
    ),
    "a delivery to nowhere": (
        BASE + "services:\n  s:\n    base_url: shop\ndelivery:\n  service: s\n",
        (
            "desk.yaml:5: services.s.base_url: 'shop' is not a web address:"
            " use http(s)://host[:port][/path]"
        ),
    ),
    "a skill that no team can have": (
        BASE + INTENT + "    skills: [Refunds]\n",
        "desk.yaml:6: intents[0].skills[0]: skill 'Refunds': use lower case letters",
    ),
    "control character": (
        BASE + "language: \x00\n",
        "desk.yaml:3: contains the control character U+0000: remove it",
    ),
    "a list": ("- a\n", "desk.yaml:1: must be a mapping: `tenant: ...` and so on"),
    "nesting": ("[" * 5_000, "desk.yaml:1: is nested too deeply"),
    "alias in itself": (BASE + "a: &a [*a]\n", "desk.yaml:3: an alias (*name) contains itself"),
    "python object": (BASE + "tone: !!python/object:os.system {}\n", "desk.yaml:3: YAML: could"),
    "syntax": (BASE + "tone: [\n", "desk.yaml:4: YAML: while parsing a flow node"),
    "tab": ("\ttenant: x", "desk.yaml:1: YAML: while scanning for the next token"),
    "empty": ("", "desk.yaml:1: is empty: run `deskhand init` elsewhere"),
}
