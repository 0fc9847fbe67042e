"""Handoffs: opened by the graph, held under a lease, decided once.

Each change is one conditional UPDATE, so that of any number of people who act at once one wins
and the others learn who did. Functions take the caller's session and never commit.
"""

from memory.handoffs.asking import ask
from memory.handoffs.changing import LEASE, UNDECIDED, get, newest
from memory.handoffs.counting import Counts, counts
from memory.handoffs.decisions import Closed, Decision, close_many, decide
from memory.handoffs.faults import (
    ActionsUndecided,
    AlreadyAnswered,
    AlreadyAsked,
    AlreadyDecided,
    ClaimedByOther,
    HandoffUnknown,
    NothingSuggested,
    NothingToTake,
    NotMergeable,
    NotReturnable,
    NotYetOpen,
    RefusalUntold,
    ReturnsExhausted,
    Stale,
)
from memory.handoffs.holding import (
    add_note,
    assign,
    claim,
    lapse,
    release,
    seen,
    snooze,
    transfer,
    wake,
)
from memory.handoffs.listing import (
    WAITING,
    Filter,
    Listed,
    is_overdue,
    listed,
    overdue,
    recent_of_customer,
    unread_of,
)
from memory.handoffs.log import customer_wrote
from memory.handoffs.merging import merge, merged_into
from memory.handoffs.opening import arrived, finished, open_once
from memory.handoffs.takeover import (
    AgentAnswer,
    Taken,
    answer_of,
    answer_was_sent,
    fill_story,
    last_step,
    take_over,
)
