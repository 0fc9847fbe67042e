"""Generated mail: nothing breaks the reader, and what it makes stays within bounds.

`FUZZ_MAILS` sets how many mails are made (default 300).
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.channels.contract import Incoming
from api.channels.mail.reading import (
    MOST_ADDRESS_CHARS,
    MOST_REFS,
    MOST_SUBJECT_CHARS,
    Reader,
)

READER = Reader("support@desk.example", "mx.desk.example")
MAILS = int(os.environ.get("FUZZ_MAILS", "300"))
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


@settings(max_examples=MAILS, suppress_health_check=list(HealthCheck))
@given(CONTENT)
def test_whatever_comes_is_read_and_stays_small(content: bytes) -> None:
    """It has an id, the same each time, and text that every database stores."""
    got = READER.read(content)
    assert got.id == READER.read(content).id
    assert _is_bounded(got, len(content))
    for text in (got.id, got.text, got.subject, got.note, *got.refs):
        assert "\x00" not in text
        text.encode()
