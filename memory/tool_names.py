"""Names of the tools that every desk has: the effects and the journal hold them."""

SEARCH = "search_knowledge"
DELIVER = "deliver_reply"
NOTIFY = "notify"
SEND_CODE = "send_code"

INSIDE = frozenset({SEARCH})
"""Tools that touch nothing outside: they could run again for nothing."""
