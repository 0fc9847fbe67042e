"""Leaves out of a text what points to a person: structured data by form, names by what we know.

Pure. Signatures and quoted threads, where names, numbers and addresses of others stand, are cut
first, as the agent cuts them before it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from graph.text.mail.reading import own_words
from graph.text.personal_data import masked, personal_data

NAME = "[name]"
SHORTEST_NAME = 3
"""Letters; shorter parts of a name are left, since they are words as well (Jo, Al, Li)."""
SHORTEST_OF_ADDRESS = 4
"""Letters of a part of an address that is taken for a name."""
ROLES = frozenset(
    """
    accounts accounting admin billing contact desk finance hello help info mail manager office
    orders payroll people post sales service shop staff support sysadmin team tech
    """.split()
)
"""Parts of addresses that name a role."""
_PART = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def names_of(*people: tuple[str | None, str | None]) -> frozenset[str]:
    """Everything by which people of (name, address) may be called, in lower case."""
    found: set[str] = set()
    for name, address in people:
        local = (address or "").partition("@")[0]
        found |= {one.lower() for one in _PART.findall(name or "") if len(one) >= SHORTEST_NAME}
        if name and len(name.split()) > 1:
            found.add(" ".join(name.lower().split()))
        parts = {one.lower() for one in _PART.findall(local) if len(one) >= SHORTEST_OF_ADDRESS}
        found |= parts - ROLES
    return frozenset(found)


def anonymous(text: str, names: Iterable[str]) -> str:
    """The writer's own words with personal data and the names replaced by what they are."""
    own = own_words(text)
    return without_names(masked(own, personal_data(own)), names)


def without_names(text: str, names: Iterable[str]) -> str:
    """The text with each name replaced, longest first, whatever their case."""
    for name in sorted(names, key=len, reverse=True):
        apart = r"\s+".join(map(re.escape, name.split()))
        text = re.sub(rf"(?<!\w){apart}(?!\w)", NAME, text, flags=re.IGNORECASE)
    return text
