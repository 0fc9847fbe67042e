"""The envelope: what opens, and that nothing else does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.sealing import cells, words
from memory.sealing.cells import Unplaced
from memory.sealing.keyring import EncryptionRefused, SealBroken, new_key, read_keyring

KEY, OTHER = new_key(), new_key()
RING = read_keyring(KEY)
PLACE = ("messages.text", "tkt_1", 1)
PLACES = st.tuples(
    st.sampled_from(["messages.text", "letters.text", "messages.tex"]), st.text(), st.integers()
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.text(st.characters()), PLACES)
def test_any_text_opens_where_it_stands(value: str, place: tuple[Any, ...]) -> None:
    """With the key that sealed it, also behind a newer one; the cell holds none of it."""
    cell = cells.text_in(RING, value, place)
    for ring in (RING, read_keyring(f"{OTHER},{KEY}")):
        assert cells.text_out(ring, cell, place) == value
    assert len(value) < 8 or value not in str(cell)


@given(st.dictionaries(st.text(), JSON) | st.lists(JSON))
def test_any_json_opens_where_it_stands(value: Any) -> None:
    """Objects and lists, also those that are empty and stay open."""
    assert cells.json_out(RING, cells.json_in(RING, value, PLACE), PLACE) == value


@given(st.text(), st.sampled_from(["", "dk", "dk0:", "dk1:", "dk1:00000000:", "dk0:dk1:"]))
def test_plain_text_that_looks_sealed_comes_back_as_it_was(value: str, start: str) -> None:
    """Without keys and, once they are set, with them: nobody's words are taken for a cell."""
    cell = cells.text_in(None, start + value, PLACE)
    assert cells.text_out(None, cell, PLACE) == start + value
    assert cells.text_out(RING, cell, PLACE) == start + value


@given(st.text(min_size=1), PLACES, PLACES)
def test_a_cell_that_was_moved_does_not_open(
    value: str, place: tuple[Any, ...], other: tuple[Any, ...]
) -> None:
    """Another row, column, table or tenant is another place."""
    cell = cells.text_in(RING, value, place)
    if other != place:
        with pytest.raises(SealBroken):
            cells.text_out(RING, cell, other)


@given(st.text(min_size=1), st.data())
def test_a_cell_that_was_cut_or_changed_does_not_open(value: str, data: st.DataObject) -> None:
    """No byte of it is without effect, and no part of it is a whole."""
    cell = str(cells.text_in(RING, value, PLACE))
    begins = len("dk1:")
    at = data.draw(st.integers(begins, len(cell) - 4))  # the last characters have bits to spare
    instead = data.draw(st.characters(codec="ascii").filter(lambda one: one != cell[at]))
    for changed in (cell[:at], cell[:at] + instead + cell[at + 1 :]):
        with pytest.raises((SealBroken, EncryptionRefused)):
            cells.text_out(RING, changed, PLACE)


def test_a_bit_that_was_turned_is_noticed_in_every_byte() -> None:
    """Also in the nonce, and where the key's id stands."""
    whole = RING.seal(b"words", b"place")
    for place in range(len(whole) * 8):
        turned = bytearray(whole)
        turned[place // 8] ^= 1 << place % 8
        with pytest.raises((SealBroken, EncryptionRefused)):
            RING.open(bytes(turned), b"place")


@pytest.mark.parametrize("ring", [None, read_keyring(OTHER)])
def test_without_its_key_a_cell_is_refused(ring: Any) -> None:
    """The sentence names the setting, and nothing is given back."""
    cell = cells.text_in(RING, "words", PLACE)
    with pytest.raises(EncryptionRefused, match="DESKHAND_ENCRYPTION_KEY"):
        cells.text_out(ring, cell, PLACE)


def test_a_text_without_a_place_is_not_stored() -> None:
    """A statement that forgot it fails, and keeps nothing in plain."""
    with pytest.raises(Unplaced):
        cells.text_in(RING, "words", None)


@pytest.mark.parametrize(
    "given_",
    ["", "short", f"{KEY},nonsense", "é", ",".join([KEY] * 9)],
    ids=["empty", "short", "the second of two", "no ASCII", "too many"],
)
def test_what_is_no_key_is_told_and_not_repeated(given_: str) -> None:
    """The sentence says which one, and holds no part of any key."""
    with pytest.raises(EncryptionRefused, match="DESKHAND_ENCRYPTION_KEY") as caught:
        read_keyring(given_)
    assert KEY not in str(caught.value)
    assert "nonsense" not in str(caught.value)


def test_words_are_found_by_their_beginning_and_differ_by_tenant_and_key() -> None:
    """What is stored holds each word and its beginnings; another tenant's are others."""
    key = RING.current
    held = set(words.blinded(key, "acme", ["zwiebelfisch", "stays"]))
    assert {words.whole(key, "acme", "stays"), words.beginning(key, "acme", "zwieb")} <= held
    assert words.whole(key, "acme", "stay") not in held
    assert words.beginning(key, "other", "stays") not in held
    assert words.beginning(read_keyring(OTHER).current, "acme", "stays") not in held
