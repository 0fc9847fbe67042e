"""A small valid body of each kind that the API takes, by the name of its schema."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
LATER = "2099-01-01T00:00:00Z"
BODIES: Mapping[str, Json] = {
    "TicketIn": {"text": "hello"},
    "HandTicketIn": {"email": "x@example.com", "subject": "hello", "text": "by telephone"},
    "MessageIn": {"text": "more"},
    "AssignIn": {"to": "key-agent"},
    "TransferIn": {"team": ""},
    "SnoozeIn": {"until": LATER},
    "SeenIn": {"seq": 0},
    "MacroIn": {"name": "none"},
    "NoteIn": {"text": "note"},
    "BulkCloseIn": {"ids": ["none"]},
    "DecisionIn": {"kind": "close"},
    "RedraftIn": {"hint": "shorter"},
    "AskIn": {"text": "which one?"},
    "MergeIn": {"into": "none"},
    "CorrectionIn": {"kind": "article_missing"},
    "ArticleIn": {"title": "Dark mode", "text": "There is none yet."},
    "ClearIn": {"doc_id": "none", "version": "none"},
    "FeedbackIn": {"solved": True},
    "ConnectIn": {"answers": {}},
    "SecretIn": {"secret": "x" * 16},
    "AutonomyIn": {"level": "suggest"},
    "WebhookIn": {"url": "https://hooks.example.com/deskhand"},
    "KeyIn": {"name": "x", "scopes": ["intake"]},
    "PersonIn": {"name": "New One", "email": "new@example.com"},
    "RoleIn": {"role": "agent"},
    "LoginIn": {"email": "x@example.com", "password": "x"},
    "PasswordIn": {"old": "x", "new": "y"},
    "CodeIn": {"code": "000000"},
    "ReproofIn": {"password": "x"},
    "ProofIn": {"password": "x", "code": "000000"},
    **{name: {} for name in ("TakeoverIn", "SendingIn", "Preferences")},
}
