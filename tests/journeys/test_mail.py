"""A customer writes a mail and gets one back, whatever dies on the way. Real servers, real processes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from evals.stack.mail_servers import USER, MailServers, mail_servers
from evals.stack.mailed import ANN, CHANNELS, TRUSTED, Customer
from evals.stack.stack import Stack
from tests.journeys.mailed import TENANT, await_true, mailed_stack, mails_to, post, start_channels
from tests.mail import needs_mail_servers

pytestmark = needs_mail_servers
LABEL = b"%PDF-1.7 " + bytes(range(256)) * 1_000
"""A file of more than two parts."""


@dataclass
class Floor:
    """A running stack with its mail servers."""

    stack: Stack
    servers: MailServers
    key: str

    def tickets(self) -> list[dict[str, Any]]:
        """All tickets, the oldest first, with their conversations."""
        with self.stack.client(self.key) as client:
            found = client.get("/v1/tickets").raise_for_status().json()["items"]
            whole = [client.get(f"/v1/tickets/{one['id']}") for one in reversed(found)]
        return [one.raise_for_status().json() for one in whole]

    def of(self, customer: str) -> list[dict[str, Any]]:
        """The tickets that a customer opened, known by their name."""
        return [one for one in self.tickets() if one["customer_name"] == customer]


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """API, worker and channels over a mailbox."""
    folder: Path = tmp_path_factory.mktemp("mailed")
    with mail_servers() as servers, mailed_stack(folder, servers) as stack:
        key = stack.key(TENANT)
        stack.start_api()
        stack.start_worker()
        start_channels(stack)
        yield Floor(stack, servers, key)


def test_a_mail_is_answered_in_its_thread_and_a_reply_stays_on_the_ticket(floor: Floor) -> None:
    """Also a reply from a program that drops the thread, by the tag in its subject."""
    ann = Customer("ann@customer.example", "Ann First")
    asked = ann.writes("How do I reset my password?", "Password")
    post(floor.servers, asked)
    (answer,) = mails_to(floor.servers, ann.address, 1)
    assert answer.mail["In-Reply-To"] == asked["Message-ID"]
    assert answer.mail["References"] == asked["Message-ID"]
    assert answer.mail["Auto-Submitted"] == "auto-replied"
    assert "Reset a password under Settings." in answer.text
    html = answer.mail.get_body(("html",))
    assert html is not None
    assert "Reset a password under Settings." in html.get_content()
    post(floor.servers, ann.answers(answer, "And where are the settings?"))
    answers = mails_to(floor.servers, ann.address, 2)
    post(floor.servers, ann.answers(answers[1], "I found it, and now?", threaded=False))
    await_true(lambda: len(floor.of("Ann First")[0]["messages"]) > 4, "the third mail")
    (ticket,) = floor.of("Ann First")
    said = [(one["role"], one["kind"]) for one in ticket["messages"]]
    asked_again = [("customer", "message"), ("agent", "notice"), ("customer", "message")]
    assert said == [("customer", "message"), ("agent", "reply"), *asked_again]
    assert ticket["outcome"] == "with_person"  # the one article has been told already
    ids = [one.mail["Message-ID"] for one in floor.servers.sent_to(ann.address)]
    assert len(set(ids)) == 2


def test_somebody_in_copy_who_asks_is_answered_and_shown_as_themselves(floor: Floor) -> None:
    """In the thread, by a ticket of their own beside the first one, which stays with its customer."""
    amy = Customer("amy@customer.example", "Amy First")
    ben = Customer("ben@partner.example", "Ben Copied")
    post(floor.servers, amy.writes("How do I reset my password?", "Password", Cc=ben.address))
    (answer,) = mails_to(floor.servers, amy.address, 1)
    asked = ben.answers(answer, "How do I reset my password, too?")
    post(floor.servers, asked)
    (to_ben,) = mails_to(floor.servers, ben.address, 1)
    assert "Reset a password under Settings." in to_ben.text
    assert to_ben.mail["In-Reply-To"] == asked["Message-ID"]
    assert str(answer.mail["Message-ID"]) in to_ben.mail["References"]
    (first,), (theirs,) = floor.of("Amy First"), floor.of("Ben Copied")
    assert f"[#{theirs['id']}]" in to_ben.mail["Subject"]
    assert first["id"] not in to_ben.mail["Subject"]
    post(floor.servers, ben.answers(to_ben, "And then?", threaded=False))
    mails_to(floor.servers, ben.address, 2)
    post(floor.servers, amy.answers(to_ben, "And for me, then?"))
    mails_to(floor.servers, amy.address, 2)
    (first,), (theirs,) = floor.of("Amy First"), floor.of("Ben Copied")
    assert [one["role"] for one in first["messages"]] == ["customer", "agent"] * 2
    assert [one["delivery"] for one in first["messages"]] == [None, "sent"] * 2
    assert [one["role"] for one in theirs["messages"]] == ["customer", "agent"] * 2
    assert [one["id"] for one in first["thread"]] == [theirs["id"]]
    assert theirs["thread"][0]["customer"] == "Amy First amy@customer.example"
    with floor.stack.client(floor.key) as client:
        why = client.get(f"/v1/tickets/{theirs['id']}/journal").json()["story"][0]
    assert f"from another address in the thread of ticket {first['id']}" in why


def test_a_process_that_dies_after_the_server_took_the_mail_sends_it_once(floor: Floor) -> None:
    """The copy in the mailbox tells the next process that the mail has left."""
    eve = Customer("eve@customer.example", "Eve Killed")
    killed: list[bool] = []

    def kill(envelope: Any) -> None:
        if not killed and eve.address in envelope.rcpt_tos:
            killed.append(True)
            floor.stack.kill(CHANNELS)

    floor.servers.after = kill
    post(floor.servers, eve.writes("How do I reset my password?"))
    await_true(lambda: bool(killed), "the kill")
    start_channels(floor.stack)
    # Somebody else's mail is answered afterwards: by then the one in doubt is decided.
    bob = Customer("bob@customer.example", "Bob After")
    post(floor.servers, bob.writes("How do I reset my password?"))
    mails_to(floor.servers, bob.address, 1)
    with floor.stack.client(floor.key) as client:
        post(floor.servers, eve.answers(floor.servers.sent_to(eve.address)[0], "And then?"))
        mails_to(floor.servers, eve.address, 2)
        assert client.get("/health/ready").json()["status"] == "ready"
    texts = [one.text for one in floor.servers.sent_to(eve.address)]
    assert len(texts) == 2
    assert len({one.mail["Message-ID"] for one in floor.servers.sent_to(eve.address)}) == 2
    (ticket,) = floor.of("Eve Killed")
    assert [one["role"] for one in ticket["messages"]] == ["customer", "agent"] * 2


def test_a_process_that_dies_before_the_mail_left_sends_it_later(floor: Floor) -> None:
    """No copy comes, so it has not left, and goes out with the same Message-ID."""
    zoe = Customer("zoe@customer.example", "Zoe Killed")
    killed: list[bool] = []

    def kill(step: str, envelope: Any) -> str | None:
        if step == "data" and not killed and zoe.address in envelope.rcpt_tos:
            killed.append(True)
            floor.stack.kill(CHANNELS)
            return "451 never mind"
        return None

    floor.servers.refuse = kill
    post(floor.servers, zoe.writes("How do I reset my password?"))
    await_true(lambda: bool(killed), "the kill")
    start_channels(floor.stack)
    (answer,) = mails_to(floor.servers, zoe.address, 1)
    assert "Reset a password" in answer.text


def test_a_person_answers_with_a_file_that_arrives_once_whatever_dies(floor: Floor) -> None:
    """Uploaded at the desk, sent with the decision, and one mail has it, although the sender died."""
    lee, killed = Customer("lee@customer.example", "Lee Label"), list[bool]()

    def kill(envelope: Any) -> None:
        if not killed and lee.address in envelope.rcpt_tos:
            killed.append(True)
            floor.stack.kill(CHANNELS)

    post(floor.servers, lee.writes("Please send me the label. #person"))
    await_true(lambda: [one["status"] for one in floor.of("Lee Label")] == ["waiting"], "a handoff")
    [ticket] = floor.of("Lee Label")
    mails_to(floor.servers, lee.address, 1)  # the notice that a person has it
    floor.servers.after = kill
    with floor.stack.client(floor.key) as client:
        named = {"name": "label.pdf"}
        file = client.post("/v1/files", params=named, content=LABEL).raise_for_status().json()
        [handoff] = client.get("/v1/handoffs", params={"ticket": ticket["id"]}).json()["items"]
        body = {"kind": "reply", "text": "Here is your label.", "files": [file["id"]]}
        client.post(f"/v1/handoffs/{handoff['id']}/decide", json=body).raise_for_status()
        await_true(lambda: bool(killed), "the kill")
        start_channels(floor.stack)
        await_true(lambda: floor.of("Lee Label")[0]["outcome"] == "answered_by_person", "the end")
        said = floor.of("Lee Label")[0]["messages"][-1]
        assert client.get(said["files"][0]["url"]).content == LABEL
    bob = Customer("bob2@customer.example", "Bob Later")
    post(floor.servers, bob.writes("How do I reset my password?"))
    mails_to(floor.servers, bob.address, 1)  # by then the one in doubt is decided
    mails = [one.mail for one in floor.servers.sent_to(lee.address)]
    files = [part.get_payload(decode=True) for one in mails for part in one.iter_attachments()]
    assert (len(mails), files) == (2, [LABEL])
    notice, answer = mails
    assert notice["Auto-Submitted"] == "auto-replied"
    assert not {"auto-submitted", "list-id", "x-auto-response-suppress"} & {
        name.lower() for name in answer
    }


def test_an_automatic_mail_is_not_answered_and_a_person_has_it(floor: Floor) -> None:
    """A robot's first mail waits for a person; its answer to us is noted and does nothing."""
    robot = Customer("robot@customer.example", "Robot")
    post(floor.servers, robot.writes("Monthly report.", Auto_Submitted="auto-replied"))
    await_true(lambda: [one["status"] for one in floor.of("Robot")] == ["waiting"], "the handoff")
    assert floor.servers.sent_to(robot.address) == []


def test_only_the_receiving_server_vouches_for_a_sender(floor: Floor) -> None:
    """Its Authentication-Results make the sender verified; foreign ones do not."""
    passed = f"{TRUSTED}; dmarc=pass header.from=customer.example"
    forged = "mx.elsewhere.example; dmarc=pass header.from=customer.example"
    sure = Customer("sure@customer.example", "Sure")
    unsure = Customer("unsure@customer.example", "Unsure")
    post(floor.servers, sure.writes("Password?", Authentication_Results=passed))
    post(floor.servers, unsure.writes("Password?", Authentication_Results=forged))
    mails_to(floor.servers, sure.address, 1)
    mails_to(floor.servers, unsure.address, 1)
    with floor.stack.client(floor.key) as client:
        told = {
            name: client.get(f"/v1/tickets/{floor.of(name)[0]['id']}/journal").json()
            for name in ("Sure", "Unsure")
        }
    assert f"DMARC {TRUSTED}" in str(told["Sure"])
    assert "DMARC" not in str(told["Unsure"])


def test_our_copies_are_put_away_and_open_no_ticket(floor: Floor) -> None:
    """They end in the folder of sent mail, and nobody answers them."""
    kim = Customer("kim@customer.example", "Kim")
    post(floor.servers, kim.writes("How do I reset my password?"))
    (answer,) = mails_to(floor.servers, kim.address, 1)
    sent = floor.servers.folder / "mail" / USER / ".Sent" / "cur"
    mine = str(answer.mail["Message-ID"]).encode()
    await_true(lambda: any(mine in one.read_bytes() for one in sent.glob("*")), "the copy")
    assert not [one for one in floor.tickets() if one["customer_name"] == "Mailed"]
    assert ANN not in str(sent)
