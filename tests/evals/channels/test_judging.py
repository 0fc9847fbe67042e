"""Each figure of a channel can be bad: one conversation that is spoilt, and what is found in it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from evals.channels.command import figures, words_of
from evals.channels.files import Sample, enclosed, judge_answers
from evals.channels.hooks import Event, judge_log
from evals.channels.judging import COUNTED, Verdict, judge
from evals.channels.people import People, unanswered
from evals.channels.sides import SIDES
from evals.channels.traces import PERSON, Trace, answer_of_person, marks_in

Spoil = Callable[[Trace], None]


def whole() -> Trace:
    """A conversation in order: a person answers the first message, the agent the second."""
    trace = Trace("mail", 12)
    first, last = trace.mark(0), trace.mark(1)
    trace.asked = [first, last]
    trace.taken[first] = 5.0
    trace.receive("1", "A colleague will answer you.", 1, at=4.0)
    trace.receive("2", answer_of_person([first]), 2, at=9.0)
    trace.receive("3", f"Under Settings. echo {last}", 3, at=12.0)
    trace.show([f"And this? #echo {mark}" for mark in trace.asked])
    return trace


def unanswered_message(trace: Trace) -> None:
    """The last answer never came."""
    trace.got.pop()


def unstored_message(trace: Trace) -> None:
    """The desk does not show what it took."""
    trace.shown = trace.asked[:1]


def same_mail_again(trace: Trace) -> None:
    """One message arrives twice."""
    trace.got.append(trace.got[-1])


def second_answer(trace: Trace) -> None:
    """Another message answers what was answered."""
    trace.got.append(replace(trace.got[-1], id="4", place=4))


def shown_twice(trace: Trace) -> None:
    """One message of the customer's stands there twice."""
    trace.shown = [*trace.asked, trace.asked[-1]]


def later_first(trace: Trace) -> None:
    """The second answer overtakes the first."""
    trace.got[1:] = reversed(trace.got[1:])


def shown_askew(trace: Trace) -> None:
    """The customer's messages have changed places."""
    trace.shown = trace.asked[::-1]


def agent_over_person(trace: Trace) -> None:
    """The agent's draft leaves although a person has the ticket."""
    trace.got[1] = replace(trace.got[1], by="agent")


SPOILT: dict[str, list[Spoil]] = {
    "lost": [unanswered_message, unstored_message],
    "doubled": [same_mail_again, second_answer, shown_twice],
    "out_of_order": [later_first, shown_askew],
    "after_takeover": [agent_over_person],
}


def test_a_conversation_in_order_has_no_fault() -> None:
    """The person's answer, the notice and the agent's next answer are as they should be."""
    assert judge([whole()]) == Verdict()


@pytest.mark.parametrize(
    ("kind", "spoil"), [(kind, one) for kind, all_of in SPOILT.items() for one in all_of]
)
def test_each_figure_finds_what_it_is_for(kind: str, spoil: Spoil) -> None:
    """And no other one does."""
    trace = whole()
    spoil(trace)
    found = judge([trace])
    assert {name: bool(getattr(found, name)) for name in COUNTED} == {
        name: name == kind for name in COUNTED
    }


def carrying() -> tuple[Trace, Sample]:
    """A conversation in which a person's answer brought its file."""
    trace = replace(whole(), with_files=True)
    file = enclosed(trace, trace.got[1].marks)
    assert file is not None
    trace.got[1] = replace(trace.got[1], files=[file.digest])
    return trace, file


@pytest.mark.parametrize(
    ("times", "more", "found"),
    [
        (1, [], Verdict()),
        (0, [], Verdict(lost=["the file of the answer mail-bc-a did not arrive"])),
        (2, [], Verdict(doubled=["the answer mail-bc-a has a file more"])),
        (1, ["other"], Verdict(doubled=["the answer mail-bc-a has a file more"])),
    ],
)
def test_a_file_that_does_not_arrive_once_and_whole_is_found(
    times: int, more: list[str], found: Verdict
) -> None:
    """Of a person's answer; a file with other bytes is one more, and the right one is lost."""
    trace, file = carrying()
    assert judge_answers([trace]) == Verdict()
    trace.got[1] = replace(trace.got[1], files=[*[file.digest] * times, *more])
    assert judge_answers([trace]) == found


def log_of() -> list[Event]:
    """What the receiver is told of the same conversation."""
    sent = {"turn": 1, "message": 2, "kind": "reply", "role": "person"}
    rows: list[tuple[str, dict[str, Any]]] = [
        ("ticket.accepted", {"turn": 1, "seq": 1}),
        ("handoff.taken_over", {"turn": 1, "seq": 2}),
        ("ticket.message_sent", {**sent, "message": 2, "kind": "notice", "role": "agent"}),
        ("ticket.message_sent", {**sent, "message": 3}),
        ("ticket.settled", {"turn": 1, "seq": 3}),
        ("ticket.message_received", {"turn": 2, "seq": 4}),
        ("ticket.message_sent", {**sent, "turn": 2, "message": 5, "role": "agent"}),
    ]
    return [Event(f"e{n}", kind, "t", n, data) for n, (kind, data) in enumerate(rows)]


def again(log: list[Event]) -> list[Event]:
    """One event that happened once is told as two."""
    return [*log, replace(log[-1], id="e99", sequence=99)]


def swapped(log: list[Event]) -> list[Event]:
    """Two events have changed places on their way."""
    return [log[0], log[2], log[1], *log[3:]]


def untold(log: list[Event]) -> list[Event]:
    """One event never came."""
    return log[:-1]


def agents(log: list[Event]) -> list[Event]:
    """The answer after the takeover was the agent's."""
    return [*log[:3], replace(log[3], data={**log[3].data, "role": "agent"}), *log[4:]]


def nobodys(log: list[Event]) -> list[Event]:
    """An event of a ticket that nobody opened."""
    return [*log, replace(log[0], id="e98", ticket_id="other")]


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("lost", untold),
        ("doubled", again),
        ("doubled", nobodys),
        ("out_of_order", swapped),
        ("after_takeover", agents),
    ],
)
def test_a_receivers_log_is_judged_by_itself(
    kind: str, spoil: Callable[[list[Event]], list[Event]]
) -> None:
    """An event that comes again with its id is no second one; everything else shows."""
    traces = {"t": whole()}
    log = log_of()
    assert judge_log([*log, log[-1], log[0]], traces) == Verdict()
    found = judge_log(spoil(log), traces)
    assert {name: bool(getattr(found, name)) for name in COUNTED} == {
        name: name == kind for name in COUNTED
    }


def test_no_figure_of_a_channel_is_empty_and_a_run_without_a_takeover_fails() -> None:
    """What was not tried is said, not shown as zero faults."""
    counts = dict.fromkeys(("takeovers", "by_people", "files_in", "files_out"), 0)
    lost = Verdict(lost=["x"])
    seen: Any = SimpleNamespace(verdict=lost, messages=2, kills=1, seconds=1.0, **counts)
    found = figures(dict.fromkeys(SIDES, seen))
    assert all(one.value is not None for one in found.values())
    assert found["lost"].value == len(SIDES)
    assert words_of(seen) == ["lost: x", "nobody took anything over: send more messages"]


def test_people_answer_what_nobody_has_answered() -> None:
    """By the marks of the conversation."""
    said = [("customer", "#echo m-a"), ("agent", "echo m-a"), ("customer", "and? #echo m-b")]
    handoff = SimpleNamespace(messages=[SimpleNamespace(role=r, text=t) for r, t in said])
    assert unanswered(cast("Any", handoff)) == ["m-b"]
    assert marks_in(answer_of_person(["m-b"]), "echo") == ["m-b"]


@pytest.mark.parametrize(
    ("told", "decided"),
    [("none", ("reply", "echo m-a")), ("maybe_sent", ("close", "")), ("sent", ("close", ""))],
)
async def test_people_look_where_the_agent_may_have_answered(
    told: str, decided: tuple[str, str]
) -> None:
    """Whoever is told so reads what the customer has before they write; others answer."""
    made: list[tuple[str, str]] = []

    async def decide(
        _: str, kind: str, *, version: int, text: str = "", files: Sequence[str] = ()
    ) -> None:
        assert (version, bool(files)) == (7, False)
        made.append((kind, text.removeprefix(f"{PERSON} ")))

    trace = Trace("m", 0, asked=["m-a"])
    trace.receive("1", "echo m-a", 1)
    said = [SimpleNamespace(role="customer", text="#echo m-a")]
    handoff: Any = SimpleNamespace(id="hnd_1", version=7, messages=said, agent_answer=told)
    desk: Any = SimpleNamespace(decide=decide)
    people = People(cast("Any", None), cast("Any", None), "t", "key", desk, {"m-a": trace})
    await people.answer(handoff)
    assert made == [decided]
