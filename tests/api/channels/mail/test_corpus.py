"""The corpus: mails of real kinds, and what must become of each."""

from collections.abc import Callable, Iterator

import pytest

from api.channels.contract import Incoming
from graph.text.mail.automatic import automatic
from graph.text.mail.reading import read_mail
from tests.mail_corpus.building import OLD, Case
from tests.mail_corpus.cases import MAKERS, corpus
from tests.mails import read

FEWEST = 300
NOT_ANSWERED = {"automatic", "bounce", "ignored"}


def faults(case: Case) -> list[str]:
    """What is wrong with how a mail was read."""
    got = read(case.raw)
    why = automatic(got.subject, got.text, got.headers)
    silent = got.kind in NOT_ANSWERED or why is not None
    found = [] if silent == (case.expected == "silent") else [f"{case.expected}: {got.kind}, {why}"]
    if case.kind is not None and got.kind != case.kind:
        found.append(f"it is taken for {got.kind}, not {case.kind}")
    if case.refs and tuple(got.refs)[: len(case.refs)] != case.refs:
        found.append(f"it refers to {got.refs}")
    if case.files is not None and len(got.attachments) != case.files:
        found.append(f"files: {[one.name for one in got.attachments]}")
    return [f"{case.name}: {one}" for one in (*found, *_of_words(case, got))]


def _of_words(case: Case, got: Incoming) -> list[str]:
    if case.expected == "silent":
        return []
    own = read_mail(got.text, got.subject).own
    found = [f"own words: {own!r}"] if case.own is not None and own != case.own else []
    found += [f"cut: {one!r} from {own!r}" for one in case.kept if one not in own]
    return found + [f"kept: {one!r} in {own!r}" for one in (*case.gone, OLD) if one in own]


def test_the_corpus_is_large_and_no_mail_is_there_twice() -> None:
    """Three hundred mails of real kinds."""
    found = corpus()
    assert len({case.name for case in found}) == len(found)
    assert len({case.raw for case in found}) == len(found) >= FEWEST


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_mail_becomes_what_it_is(make: Callable[[], Iterator[Case]]) -> None:
    """Thread, kind, own words and files of each mail of a kind."""
    assert [fault for case in make() for fault in faults(case)] == []
