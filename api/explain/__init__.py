"""Why: the questions people ask about a ticket, answered in plain sentences from its journal.

Nothing here is generated. Each module answers one question, is pure, and takes the ticket's
journal rows in order (`memory.journal.journal.of_ticket`); `answers.py` is the way in.
"""
