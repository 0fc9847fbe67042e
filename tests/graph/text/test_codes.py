"""Numbers that programs answer with are codes: of another one nothing is told."""

import pytest

from graph.text.codes import codes
from graph.text.particulars import particulars, unmet

TABLE = "| Status | Meaning |\n| --- | --- |\n| 410 | gone |\n| 451 | forbidden by law |"


@pytest.mark.parametrize("asked", ["What does error 409 mean?", "The server answers 418. Why?"])
def test_a_number_that_a_table_of_errors_lacks_is_not_explained_by_it(asked: str) -> None:
    """Nor by a text about another such number."""
    assert unmet(particulars(asked), "Errors", TABLE)
    assert unmet(particulars(asked), "Limits", "Then we answer `429`. Wait.")


@pytest.mark.parametrize("asked", ["What does status 410 mean?", "We get 451 from the server."])
def test_a_number_that_it_has_is(asked: str) -> None:
    """Status, error and code are one family."""
    assert not unmet(particulars(asked), "Errors", TABLE)


@pytest.mark.parametrize(
    "text", ["We get 450 € a month.", "It shows 4500.", "It says 450.50 there"]
)
def test_amounts_are_no_codes(text: str) -> None:
    """Only a bare number of an error is."""
    assert not codes(text)


def test_a_product_is_named_by_its_name_and_number() -> None:
    """The Aurora 4000 is not the Aurora 8000; a word that begins a sentence names nothing."""
    assert codes("the Kettlewell Aurora 4000") == {("aurora", "4000")}
    assert codes("| Aurora 800 | 9 EUR |") == {("aurora", "800")}
    assert codes("What is the fee for grade 3?") == {("grad", "3")}
    assert codes("Around 4000 people. Paid in May 2024, some Euro 1500.") == set()
