"""The state of one ticket's thread: plain data, merged by reducers, safe to write to disk.

Every node reads the whole and writes one named part. Checkpoints are read with strict msgpack.
"""

from graph.state.outcomes import (
    Acted,
    ActionResult,
    Checked,
    Claim,
    Decided,
    Delivered,
    Drafted,
    Failure,
    Finding,
    HandedOff,
    Remembered,
)
from graph.state.ticket import (
    TicketState,
    add_counts,
    asks_of,
    intent_of,
    intents_of,
    merge_steps,
    results_of,
)
from graph.state.understanding import (
    Classification,
    IntentGuess,
    MessageRecord,
    PersonalDatum,
    Priority,
    Screening,
    Triaged,
)
from graph.state.work import (
    Ask,
    AskAssessment,
    Assessed,
    Doubt,
    Evidence,
    Overdrawn,
    Planned,
    Step,
    StepError,
    StepInput,
    StepResult,
)
