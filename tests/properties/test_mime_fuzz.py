"""Generated mail: nothing breaks the reader, what it makes stays within bounds, and nothing is left.

`FUZZ_MAILS` sets how many mails of the corpus are spoilt (default 300); `make fuzz` spoils 50,000.
"""

import gc
import os
import random
import resource
import sys

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.channels.contract import Incoming
from api.channels.mail.reading import (
    MOST_ADDRESS_CHARS,
    MOST_REFS,
    MOST_SUBJECT_CHARS,
    Reader,
)
from tests.mail_corpus.cases import corpus

READER = Reader("support@desk.example", "mx.desk.example")
MAILS = int(os.environ.get("FUZZ_MAILS", "300"))
MOST_GENERATED = 2_000
"""Mails from nothing: they are made slowly, and are seldom much of a mail."""
NAMES = (
    *("From", "To", "Cc", "Subject", "Message-ID", "In-Reply-To", "References", "Date"),
    *("Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version"),
    *("Authentication-Results", "Auto-Submitted", "Return-Path", "Reply-To", "List-Id"),
)
PIECES = (
    *("multipart/mixed; boundary=b", "multipart/report; report-type=delivery-status; boundary=b"),
    *("text/plain; charset=utf-8", "text/html", "message/rfc822", "message/delivery-status"),
    *("text/plain; charset=x-none", "base64", "quoted-printable", "7bit", "attachment; filename=a"),
    *("=?utf-8?q?=C3=B6?=", "=?x?b?####?=", "<a@b>", "<", ">", "(", ")", '"', "\\", ";", ",", "@"),
    *("a@b.example", "\r\n ", "mx.desk.example; dmarc=pass", "--b", "--b--", "auto-replied"),
    *("<dh.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@desk.example>", "[#tkt_", "]", "\x00", "ü"),
)
WORDS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=12).map("".join)
HEADER = st.tuples(st.sampled_from(NAMES), WORDS).map(lambda pair: f"{pair[0]}: {pair[1]}")
PART = st.tuples(st.lists(HEADER, max_size=5), st.lists(WORDS, max_size=6)).map(
    lambda pair: "\r\n".join([*pair[0], "", *pair[1]])
)
MAIL = st.tuples(st.lists(HEADER, max_size=12), st.lists(PART, max_size=4)).map(
    lambda pair: "\r\n".join([*pair[0], "", *(f"--b\r\n{part}" for part in pair[1]), "--b--"])
)
CONTENT = st.one_of(
    MAIL.map(lambda text: text.encode(errors="surrogatepass")), st.binary(max_size=400)
)


def _is_bounded(got: Incoming, size: int) -> bool:
    """Nothing grows beyond what came."""
    short = len(got.subject) <= MOST_SUBJECT_CHARS and len(got.refs) <= MOST_REFS
    read = len(got.text) + sum(len(one.text) for one in got.attachments)
    return short and len(got.sender.address or "") <= MOST_ADDRESS_CHARS and read <= 8 * size + 500


@settings(max_examples=min(MAILS, MOST_GENERATED), suppress_health_check=list(HealthCheck))
@given(CONTENT)
def test_whatever_comes_is_read_and_stays_small(content: bytes) -> None:
    """It has an id, the same each time, and text that every database stores."""
    got = READER.read(content)
    assert got.id == READER.read(content).id
    assert _is_bounded(got, len(content))
    for text in (got.id, got.text, got.subject, got.note, *got.refs):
        assert "\x00" not in text
        text.encode()


MOST_SPOILT = 6
"""Changes of one mail."""
GROWTH_MB = 32
"""How much more memory may be needed after the first fifth of the mails: one large mail's worth."""


def spoilt(raw: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """A mail of the corpus with a few things broken, as transport, filters and attackers break them."""
    for _ in range(rng.randint(1, MOST_SPOILT)):
        lines = raw.split(b"\n")
        at, to = sorted((rng.randrange(len(lines)), rng.randrange(len(lines))))
        match rng.randrange(9):
            case 0:  # cut off
                raw = raw[: rng.randrange(len(raw) + 1)]
            case 1:  # a character changed
                place = rng.randrange(len(raw) + 1)
                raw = raw[:place] + bytes([rng.randrange(256)]) + raw[place + 1 :]
            case 2:  # lines lost
                raw = b"\n".join(lines[:at] + lines[to:])
            case 3:  # lines again and again
                raw = b"\n".join(lines[:to] + lines[at:to] * rng.randint(1, 3) + lines[to:])
            case 4:  # lines in another order
                rng.shuffle(part := lines[at:to])
                raw = b"\n".join(lines[:at] + part + lines[to:])
            case 5:  # the end of another mail
                other = rng.choice(others)
                raw = b"\n".join(lines[:to]) + other[rng.randrange(len(other)) :]
            case 6:  # a piece that means something
                piece = rng.choice(PIECES).encode(errors="surrogatepass")
                raw = b"\n".join([*lines[:at], piece + lines[at], *lines[at + 1 :]])
            case 7:  # a header that means something
                header = f"{rng.choice(NAMES)}: {rng.choice(PIECES)}\n"
                raw = header.encode(errors="surrogatepass") + raw
            case _:  # a mail within a mail
                raw = b"Content-Type: message/rfc822\n\n" + raw
    return raw


def memory_mb() -> float:
    """The most memory that this process has had."""
    gc.collect()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def test_broken_mails_of_the_corpus_are_read_and_leave_nothing_behind() -> None:
    """Each has an id and bounded text; memory does not grow with their number."""
    rng, seeds = random.Random(7), [case.raw for case in corpus()]  # noqa: S311 - repeatable
    before = 0.0
    for number in range(MAILS):
        if number == MAILS // 5:
            before = memory_mb()
        content = spoilt(rng.choice(seeds), seeds, rng)
        got = READER.read(content)
        assert got.id
        assert _is_bounded(got, len(content)), content
        for text in (got.id, got.text, got.subject, got.note, *got.refs):
            assert "\x00" not in text
            text.encode()
    assert memory_mb() - before < GROWTH_MB
