"""What travels between the back office and its callers."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from examples.fernhill.store import Json

OrderId = Annotated[str, Field(pattern=r"^FH-[0-9]{6}$")]
InvoiceId = Annotated[str, Field(pattern=r"^INV-2026-[0-9]{4}$")]
Money = Annotated[Decimal, Field(gt=0, max_digits=10, decimal_places=2)]


class Order(BaseModel):
    """An order of terminals or badges."""

    order_id: OrderId
    email: str
    """Who ordered. Only this person may be told about it."""
    item: str
    quantity: int
    status: Literal["placed", "preparing", "shipped", "delivered", "cancelled", "returned"]
    status_note: str
    """One sentence on where it is, as the shop shows it to the customer."""
    ordered_on: str
    country: str
    carrier: str | None = None
    tracking: str | None = None


class Invoice(BaseModel):
    """An invoice, with what was paid back so far."""

    invoice_id: InvoiceId
    email: str
    description: str
    amount: float
    """Euro, as it was charged."""
    currency: Literal["EUR"]
    status: Literal["open", "paid"]
    issued_on: str
    refunded: float = 0.0


class RefundRequest(BaseModel):
    """Money that should go back."""

    model_config = ConfigDict(extra="forbid")

    invoice_id: InvoiceId
    amount: Money
    """Euro; at most what is left of the invoice."""
    reason: Annotated[str, Field(max_length=500)] | None = None


class Refund(BaseModel):
    """Money that went back."""

    refund_id: str
    invoice_id: InvoiceId
    amount: float
    currency: Literal["EUR"]
    reason: str | None
    created_at: str


class ReplyRequest(BaseModel):
    """A message to a customer. Further fields are kept as they come."""

    model_config = ConfigDict(extra="allow")

    ticket_id: Annotated[str, Field(min_length=1, max_length=200)]
    turn: Annotated[int, Field(ge=0)]
    kind: Literal["reply", "clarification", "notice", "code"]
    text: Annotated[str, Field(min_length=1, max_length=100_000)]


class Reply(ReplyRequest):
    """A message that was sent."""

    reply_id: str
    sent_at: str


class Effect(BaseModel):
    """What was done under a key."""

    key: str
    operation: Literal["refund", "reply"]
    result: Json
    """The body that answered the first request."""
    repeats: int
    performed_at: str


class Stats(BaseModel):
    """Counts since the file was made."""

    replies_performed: int
    refunds_performed: int
    duplicates_suppressed: int
    """Requests that repeated a key and were given the first result."""
