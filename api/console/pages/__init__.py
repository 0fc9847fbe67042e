"""The pages of the console, in the order of the navigation.

To add one: write `build(visit)` in a file beside this one, and an entry here. It calls the API by
`visit.remote` and draws with `api.console.parts.widgets` and the toolkit's own elements.
"""

from api.console.pages import (
    by_hand,
    customer,
    insight,
    knowledge,
    people,
    queue,
    settings,
    ticket,
    tickets,
    tools,
    writing,
)
from api.console.shell.visit import Page

PAGES: tuple[Page, ...] = (
    Page("/", "Queue", "inbox", queue.build, wide=True),
    Page("/tickets", "Tickets", "confirmation_number", tickets.build),
    Page("/tickets/new", "New ticket", "add", by_hand.build, listed=False),
    Page("/tickets/{ticket_id}/customer", "Customer", "person", customer.build, listed=False),
    Page("/tickets/{ticket_id}", "Ticket", "confirmation_number", ticket.build, listed=False),
    Page("/insight", "Insight", "insights", insight.build),
    Page("/knowledge", "Articles", "menu_book", knowledge.build),
    Page("/articles/write", "Article", "edit", writing.build, scopes=("lead",), listed=False),
    Page("/tools", "Tools", "handyman", tools.build),
    Page("/settings", "Settings", "tune", settings.build),
    Page("/people", "People", "group", people.build, scopes=("admin",)),
)
