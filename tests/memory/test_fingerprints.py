"""Equal calls have equal fingerprints, and different ones do not."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from memory.fingerprints import canonical, effect_key, fingerprint

NUMBERS = st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
ARGUMENTS = st.dictionaries(st.text(max_size=6), VALUES, max_size=5)


@given(ARGUMENTS, st.randoms())
def test_the_order_of_arguments_does_not_matter(arguments: dict[str, Any], rng: Any) -> None:
    """However a mind orders its arguments, it asks for the same."""
    names = list(arguments)
    rng.shuffle(names)
    shuffled = {name: arguments[name] for name in names}
    assert fingerprint("look_up", shuffled) == fingerprint("look_up", arguments)


@given(ARGUMENTS)
def test_a_trip_through_json_changes_nothing(arguments: dict[str, Any]) -> None:
    """Arguments that were stored and read back are the same call."""
    again = json.loads(json.dumps(arguments))
    assert fingerprint("look_up", again) == fingerprint("look_up", arguments)


@given(ARGUMENTS, ARGUMENTS)
def test_different_arguments_are_different_calls(left: Any, right: Any) -> None:
    """Two calls share a fingerprint only where their canonical texts are the same."""
    same = canonical(left) == canonical(right)
    assert (fingerprint("look_up", left) == fingerprint("look_up", right)) is same


def test_whole_numbers_are_one_kind_of_number() -> None:
    """39.0 and 39 are one sum; true and 1 are not one value."""
    assert fingerprint("pay", {"amount": 39.0}) == fingerprint("pay", {"amount": 39})
    assert fingerprint("pay", {"amount": True}) != fingerprint("pay", {"amount": 1})
    assert fingerprint("pay", {"amount": "39"}) != fingerprint("pay", {"amount": 39})


def test_the_effect_key_holds_ticket_turn_and_tool_apart() -> None:
    """The same action in another turn, ticket or tool is another effect."""
    keys = {
        effect_key(ticket, turn, tool, {"a": 1})
        for ticket in ("t1", "t2")
        for turn in (1, 2)
        for tool in ("pay", "send")
    }
    assert len(keys) == 8
    assert all(len(key) == 40 for key in keys)
    assert effect_key("t1", 1, "pay", {"a": 1.0}) in keys


def test_a_lone_surrogate_does_not_break_the_digest() -> None:
    """Text that no encoding knows still has a fingerprint."""
    assert len(fingerprint("pay", {"a": "\ud800"})) == 16
