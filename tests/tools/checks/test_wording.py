"""What a tool's result is told with names only what can be filled in."""

from typing import Any

import pytest

from tools.checks.wording import wording_mistake
from tools.contract import ToolSpec

LISTED = {"properties": {"status": {"type": "string"}}}


def spec(answer: str | None, returns: dict[str, Any]) -> ToolSpec:
    """A tool that is asked for a number."""
    return ToolSpec(
        name="look",
        description="Looks.",
        arguments={"number": {"type": "string"}},
        returns=returns,
        answer=answer,
    )


@pytest.mark.parametrize(
    ("answer", "returns"),
    [
        (None, LISTED),
        ("{number} is {status}.", LISTED),
        ("Braces {{so}} are {status}.", LISTED),
        ("{number} is {state}.", {}),
        ("{number} is {state}.", {**LISTED, "additionalProperties": True}),
        ("{number} is {state}.", {**LISTED, "allOf": [{"$ref": "#/a"}]}),
    ],
)
def test_what_can_be_filled_in_is_right(answer: str | None, returns: dict[str, Any]) -> None:
    """Arguments, listed fields, and whatever a schema leaves open."""
    assert wording_mistake(spec(answer, returns)) == ""


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            "{number} is {state}.",
            "neither an argument nor a property of `returns`: correct the name, or list it",
        ),
        ("{number is {status}.", "cannot be filled in"),
        ("It is status}.", "cannot be filled in"),
        ("{} is {status}.", "has {}: only the plain name"),
        ("{status.upper} it is.", "has {status.upper}: only the plain name"),
        ("{status!r}", "has {status!r}: only the plain name"),
        ("{status:>999999999}", "has {status:>999999999}: only the plain name"),
    ],
)
def test_what_cannot_is_told_when_the_desk_is_read(answer: str, told: str) -> None:
    """Not with the first ticket, nor to a customer as "unknown"."""
    assert told in wording_mistake(spec(answer, LISTED))


def test_a_services_own_document_need_not_list_all_that_it_gives() -> None:
    """Whoever writes the desk cannot add to it, and the field comes all the same."""
    taken = spec("{number} is {state}.", LISTED).model_copy(update={"operation": "look"})
    assert wording_mistake(taken) == ""
    closed = taken.model_copy(update={"returns": {**LISTED, "additionalProperties": False}})
    assert "names state" in wording_mistake(closed)
