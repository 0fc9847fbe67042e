"""Every column that can hold words is either sealed, or open for a reason that stands here."""

from sqlalchemy import Boolean, Float, Integer

from memory.sealing.columns import Sealed
from memory.tables import SEALED, UtcDateTime, metadata

NUMBERS = (Integer, Float, Boolean, UtcDateTime)
OPEN: dict[str, str] = {
    "ids, references between rows, and codes of closed sets": """
        api_keys.id api_keys.tenant api_keys.scopes articles.tenant articles.doc_id
        articles.visibility audit.tenant audit.via audit.action audit.subject autonomy.tenant
        autonomy.kind autonomy.name autonomy.declared autonomy.chosen budget_accounts.key
        budget_accounts.tenant budget_reservations.id budget_reservations.tenant
        budget_reservations.ticket_id budget_reservations.turn_account
        budget_reservations.day_account budget_reservations.status calibrations.id
        calibrations.tenant calibrations.encoder calibrations.model calibrations.source
        calibrations.calibrated_at channel_messages.tenant channel_messages.channel
        channel_messages.ticket_id channel_messages.became channel_outgoing.key
        channel_outgoing.tenant channel_outgoing.channel channel_outgoing.ticket_id
        channel_outgoing.kind channel_outgoing.status channel_states.tenant
        channel_states.channel channel_states.part channel_threads.ticket_id
        channel_threads.tenant channel_threads.channel chunk_tokens.chunk_id
        chunk_tokens.revision chunks.id chunks.tenant chunks.doc_id corrections.id
        corrections.tenant corrections.kind corrections.ticket_id corrections.handoff_id
        corrections.article corrections.intent corrections.was drive_deaths.ticket_id
        drive_deaths.worker drive_deaths.cause drive_deaths.node drives.ticket_id drives.worker
        effects.key effects.ticket_id effects.tenant effects.tool effects.status
        encryption_keys.id erasures.id erasures.tenant erasures.status erasures.tickets
        file_contents.id file_contents.tenant file_parts.id file_parts.content_id files.id
        files.tenant files.owner files.ticket_id files.media_type files.kept files.content_id
        feedback.ticket_id feedback.tenant handoff_events.tenant handoff_events.handoff_id
        handoff_events.ticket_id handoff_events.what handoff_events.status handoff_notes.id
        handoff_notes.tenant handoff_notes.handoff_id handoff_notes.ticket_id handoff_notes.kind
        handoffs.id handoffs.ticket_id handoffs.tenant handoffs.status handoffs.reason
        handoffs.intent handoffs.team handoffs.merged_into handoffs.interrupt_id handoffs.skills
        identity_challenges.id identity_challenges.tenant identity_challenges.ticket_id
        identity_challenges.status journal.ticket_id journal.tenant journal.kind journal.name
        journal.cause journal.outcome login_steps.person_id recovery_codes.person_id
        second_factors.person_id letters.id letters.tenant letters.ticket_id
        letters.handoff_id letters.kind letters.purpose letters.status memories.id
        memories.tenant memories.ticket_id memories.intent memories.origin memories.sources
        memories.vouched memories.model_revision messages.ticket_id messages.role messages.kind people.id
        people.tenant people.role person_sessions.person_id sending.tenant shared_secrets.name kept_state.name
        live_drafts.ticket_id live_drafts.tenant insight_tickets.ticket_id
        insight_sums.tenant insight_sums.span
        threads.thread_id threads.checkpoint_id threads.parent_id threads.kind tickets.id
        tickets.tenant tickets.beside tickets.channel tickets.status tickets.outcome tickets.intent
        tickets.reason tickets.interrupt_id tool_health.worker tool_health.tenant
        tool_health.tool tool_health.breaker webhook_deliveries.event_id
        webhook_deliveries.endpoint_id webhook_deliveries.tenant webhook_deliveries.ticket_id
        webhook_deliveries.type webhook_deliveries.status webhook_endpoints.id
        webhook_endpoints.tenant worker_beats.worker worker_beats.host""",
    "names that another side gave, and by which a repeated or later message is known": """
        channel_messages.foreign_id channel_messages.ref channel_outgoing.foreign_id
        channel_threads.ref messages.key tickets.idempotency_key""",
    "digests": """
        api_keys.digest articles.content_hash articles.indexed_hash articles.cleared_hash
        calibrations.kb_digest channel_messages.digest corrections.content_hash
        effects.fingerprint erasures.customer erasures.person handoffs.customer identity_challenges.holder
        identity_challenges.nonce identity_challenges.digest journal.fingerprint
        login_steps.digest login_throttles.key recovery_codes.digest memories.customer messages.body_digest people.password
        person_sessions.digest tickets.body_digest""",
    "an address that is looked up: with a keyring its keyed digest stands in its place": """
        channel_messages.sender tickets.customer_address""",
    "the help centre's articles, which customers are shown or staff wrote": """
        articles.title articles.url articles.text articles.source articles.orders chunks.heading
        chunks.text chunk_tokens.tokens chunk_tokens.sentences""",
    "names and addresses of the desk's own staff, by which they log in and are shown": """
        api_keys.name articles.cleared_by audit.who autonomy.changed_by corrections.by
        corrections.undone_by erasures.requested_by handoff_events.who handoff_notes.author
        handoffs.claimed_by handoffs.decided_by handoffs.escalated_to letters.author
        people.email people.name people.folded_name sending.stopped_by
        tickets.vouched_by webhook_endpoints.created_by""",
    "codes, counts and errors, written without a customer's words": """
        insight_tickets.cells insight_sums.cells
        calibrations.note channel_outgoing.error channel_states.cursor channel_states.trouble
        effects.error erasures.counts erasures.receipt handoff_events.details journal.error
        journal.numbers letters.error tool_health.errors tool_health.latency
        tool_health.difference webhook_deliveries.body webhook_deliveries.error
        worker_beats.trouble""",
    "the desk's own systems and secrets": "shared_secrets.value webhook_endpoints.url",
    "sealed by the serializer of checkpoints": "threads.state threads.writes",
}


def test_every_column_of_words_is_sealed_or_open_for_a_reason() -> None:
    """A new column has to be put in one of the two lists, and none stands in both."""
    open_ones = [one for names in OPEN.values() for one in names.split()]
    assert len(open_ones) == len(set(open_ones))
    columns = [column for table in metadata.tables.values() for column in table.columns]
    wordy = {str(one) for one in columns if not isinstance(one.type, (*NUMBERS, Sealed))}
    assert wordy == set(open_ones)


def test_a_sealed_column_names_itself_and_what_its_row_is_known_by() -> None:
    """Its table is among those whose places are given at a flush, and the names are columns of it."""
    flushed = {str(table.__tablename__) for table in SEALED}
    found = [
        (column, column.type)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Sealed)
    ]
    assert {column.table.name for column, _ in found} == flushed
    for column, kind in found:
        assert kind.cell == str(column)
        assert set(kind.by) <= set(column.table.columns.keys())
        assert not any(column.table.columns[name].nullable for name in kind.by)
