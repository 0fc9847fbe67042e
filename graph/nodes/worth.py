"""A sum that is more than its own record holds: it is put before a person and never proposed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.desk.locale import in_words
from graph.desk.model import Desk
from graph.state import Overdrawn, StepResult, TicketState, results_of
from graph.text.forms import plain_form
from graph.text.money import currency, written
from tools.arguments import is_amount, numbers_of, promised_currency
from tools.contract import ToolSpec

THOUSAND = 1000
"""`48.000` is 48,000 to some and 48.00, with one place too many, to others."""


def overdrawn(results: Sequence[StepResult], desk: Desk) -> list[Overdrawn]:
    """The proposals whose sum is above every amount of the record that they name."""
    return [
        found
        for one in results
        if one["status"] == "proposed" and (found := _over(one, results, desk)) is not None
    ]


def _over(one: StepResult, results: Sequence[StepResult], desk: Desk) -> Overdrawn | None:
    tool = desk.tool(one["tool"])
    if tool is None:
        return None
    told = _answers(_named(one, tool), results)
    worth = max((sum_ for text in told for sum_ in written(plain_form(text))), default=None)
    if worth is None:
        return None
    for name, schema in tool.arguments.items():
        asked = one["arguments"].get(name)
        if not isinstance(asked, int | float) or not is_amount(name, schema):
            continue
        if asked > worth:
            return {
                "fingerprint": one["fingerprint"],
                "tool": tool.name,
                "asked": float(asked),
                "worth": worth,
            }
    return None


def _named(one: StepResult, tool: ToolSpec) -> set[str]:
    """The numbers of records that the action names."""
    numbers = (one["arguments"].get(name) for name in numbers_of(tool))
    return {said for said in numbers if isinstance(said, str)}


def _answers(named: set[str], results: Sequence[StepResult]) -> Iterator[str]:
    """What the records say that were read by the same number."""
    for record in results:
        read_by = {said for said in record["arguments"].values() if isinstance(said, str)}
        if record["answer"] and named & read_by:
            yield record["answer"]


def proposals(state: TicketState) -> list[StepResult]:
    """The actions that a person may approve as they are."""
    assessed = state.get("assessed")
    over = [] if assessed is None else assessed.get("overdrawn", [])
    doubted = {one["fingerprint"] for one in over}
    return [
        r
        for r in results_of(state)
        if r["status"] == "proposed" and r["fingerprint"] not in doubted
    ]


def units_of(one: StepResult, state: TicketState, desk: Desk) -> dict[str, str]:
    """The currency of each sum of an action, by the argument's name; nothing where none is known.

    The tool's contract says it, or else the record that the action names.
    """
    tool = desk.tool(one["tool"])
    if tool is None:
        return {}
    sums = [name for name, schema in tool.arguments.items() if is_amount(name, schema)]
    unit = promised_currency(tool) or next(_currencies_of(_named(one, tool), results_of(state)), "")
    return {name: unit for name in sums if unit and name in one["arguments"]}


def _currencies_of(named: set[str], results: Sequence[StepResult]) -> Iterator[str]:
    return filter(None, (currency(plain_form(told)) for told in _answers(named, results)))


def in_doubt(one: Overdrawn, desk: Desk, said: str) -> str:
    """What a person must know: both readings of the sum where `said`, the message, allows two."""
    locale, zone = desk.locale or desk.language, desk.hours.timezone
    asked, worth = (str(in_words(one[name], locale, zone)) for name in ("asked", "worth"))
    other = one["asked"] / THOUSAND
    written = {f"{other:.3f}", f"{other:.3f}".replace(".", ",")}
    fits = other <= one["worth"] and any(form in said for form in written)
    may = f"; {in_words(other, locale, zone)} may be meant" if fits else ""
    return (
        f"The message reads as {asked}, and the record holds {worth} at most{may}."
        f" So no {one['tool'].replace('_', ' ')} is proposed: settle the sum first."
    )
