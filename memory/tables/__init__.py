"""Every table, so that importing this package fills the metadata that Alembic compares."""

from memory.sealing.columns import place_flushed
from memory.tables.autonomy import AutonomyLevel, AutonomyRow, Sending
from memory.tables.base import UtcDateTime, metadata, now
from memory.tables.budgets import BudgetAccount, BudgetReservation, ReservationStatus
from memory.tables.calibrations import Calibration
from memory.tables.channels import (
    Arrival,
    ChannelMessage,
    ChannelOutgoing,
    ChannelState,
    ChannelThread,
    OutgoingStatus,
    arrived,
)
from memory.tables.corrections import Correction, CorrectionKind
from memory.tables.effects import Effect, EffectStatus
from memory.tables.encryption import EncryptionKey
from memory.tables.erasures import Erasure, ErasureStatus
from memory.tables.feedback import Feedback
from memory.tables.files import FileContent, FilePart, Kept, StoredFile
from memory.tables.handoffs import (
    DecisionKind,
    Handoff,
    HandoffEvent,
    HandoffNote,
    HandoffStatus,
)
from memory.tables.insight import InsightSum, InsightTicket, Span
from memory.tables.journal import JournalRow
from memory.tables.kept_state import KeptState
from memory.tables.keys import ApiKey
from memory.tables.knowledge import Article, Chunk, ChunkTokens, Visibility
from memory.tables.live_drafts import LiveDraft
from memory.tables.memories import Memory
from memory.tables.outbox import Letter, OutboxStatus
from memory.tables.people import (
    AuditRow,
    LoginStep,
    LoginThrottle,
    Person,
    PersonSession,
    RecoveryCode,
    SecondFactor,
)
from memory.tables.secrets import SharedSecret
from memory.tables.threads import Thread
from memory.tables.tickets import API_CHANNEL, Message, Outcome, Ticket, TicketStatus
from memory.tables.tool_health import ToolHealth
from memory.tables.verification import ChallengeStatus, IdentityChallenge
from memory.tables.webhooks import HookStatus, WebhookDelivery, WebhookEndpoint
from memory.tables.workers import DeathCause, Drive, DriveDeath, WorkerBeat

SEALED = (
    ChannelMessage,
    ChannelOutgoing,
    ChannelThread,
    Correction,
    Effect,
    FilePart,
    Handoff,
    HandoffNote,
    IdentityChallenge,
    KeptState,
    Letter,
    LiveDraft,
    Memory,
    Message,
    Person,
    SecondFactor,
    Sending,
    StoredFile,
    Ticket,
)
"""Tables with texts that are sealed where there is a key."""
place_flushed(*SEALED)
