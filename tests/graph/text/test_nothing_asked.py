"""What is handed over, offered, or asked about places: what no article about something near answers."""

import pytest

from graph.text.destinations import asks_whither, tells_whither
from graph.text.nothing_asked import hands_over, offers


@pytest.mark.parametrize(
    ("masked", "so"),
    [
        ("Our new bookkeeper is Ida, [email]. Please change it.", True),
        ("Please use [iban] from now on.", True),
        ("From now on please write to [email].", True),
        ("I have a new address, [email]. How do I enter it?", False),
        ("I cannot sign in as [email], please help.", False),
        ("Could the new bookkeeper use [email]?", False),
        ("I bought a new radio and [phone] gets no code.", False),
        ("My account [email] has not synced since I changed my phone.", False),
        ("I am [email] and would like a different colour.", False),
        ("I want to add a new rower, [email], to our club.", False),
        ("Our new number is [phone], and the form says it is wrong.", False),
    ],
)
def test_new_data_are_for_a_person_to_enter(masked: str, *, so: bool) -> None:
    """Who gives them and asks nothing wants it done; who asks how can do it."""
    assert hands_over(masked) is so


@pytest.mark.parametrize(
    ("ask", "so"),
    [
        ("Would you like to see some samples?", True),
        ("Are you interested in a partnership?", True),
        ("Can we send you our brochure?", True),
        ("Are you open on Sunday?", False),
        ("Would you refund a lost key?", False),
        ("Can we send you the key back by post?", False),
        ("Can I send you the form by fax?", False),
        ("May I send you a cheque?", False),
        ("Can I send you my old oars for repair?", False),
        ("Do you want me to sign the waiver?", False),
        ("Would you be open at Easter?", False),
        ("Would you care to explain the second bill?", False),
    ],
)
def test_an_offer_asks_for_nothing(ask: str, *, so: bool) -> None:
    """Prices are no answer to who offers theirs."""
    assert offers(ask) is so


@pytest.mark.parametrize(
    ("ask", "so"),
    [
        ("Do you deliver kayaks to Portugal?", True),
        ("Can a paddle be sent to the UK?", True),
        ("Do you ship abroad?", True),
        ("Can you send the bill to Anna?", False),
        ("We live in Portugal, how do I pay?", False),
        ("Do you send the hours to Excel?", False),
        ("I want to know if you ship to Malta.", True),
        ("My oars were sent to Malta a week ago, where are they?", False),
        ("How do I track a kayak shipped to Malta?", False),
        ("Are invoices sent in US dollars?", False),
        ("Can you deliver in Guinea pig boxes?", False),
        ("Are my data sent to the US?", False),
        ("Do I pay customs when you ship to Norway?", False),
    ],
)
def test_a_country_that_something_is_sent_to_is_asked_about(ask: str, *, so: bool) -> None:
    """Persons and programs are no places, and where one lives is another matter."""
    assert asks_whither(ask) is so


def test_only_what_tells_of_places_tells_where_things_are_sent() -> None:
    """When they are sent, and in which country data lie, is something else."""
    assert tells_whither("We ship to Spain and Portugal only.")
    assert tells_whither("Kayaks are delivered to all countries of the continent.")
    assert not tells_whither("Kayaks are shipped within two days.")
    assert not tells_whither("Our offices are in Spain.")
