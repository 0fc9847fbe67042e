"""What each channel has to be asked for: a terminal prompts for it, a page shows it as a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAIL, WIDGET = "mail", "widget"
TITLES: Mapping[str, str] = {
    MAIL: "Mail",
    WIDGET: "Widget",
    "chatwoot": "Chatwoot",
    "zammad": "Zammad",
    "zendesk": "Zendesk",
}
"""What people call each channel that can be connected."""
PROVIDERS = {
    "gmail.com": ("imap.gmail.com", "smtp.gmail.com"),
    "googlemail.com": ("imap.gmail.com", "smtp.gmail.com"),
    "outlook.com": ("outlook.office365.com", "smtp.office365.com"),
    "fastmail.com": ("imap.fastmail.com", "smtp.fastmail.com"),
    "icloud.com": ("imap.mail.me.com", "smtp.mail.me.com"),
    "gmx.net": ("imap.gmx.net", "mail.gmx.net"),
    "web.de": ("imap.web.de", "smtp.web.de"),
    "yahoo.com": ("imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
}
"""Where mailboxes of well-known providers are read and sent from."""


@dataclass(frozen=True)
class Question:
    """One thing to be asked for."""

    name: str
    label: str
    help: str = ""
    default: str = ""
    """What an empty answer means."""
    needed: bool = True
    """Whether an empty answer is refused where there is no default."""
    secret: bool = False
    choices: Sequence[str] = ()


URL = Question("url", "Address", "Its address, such as https://help.example.com.")
TOKEN = Question("token", "Token", "Of a user of Deskhand's own there, an agent.", secret=True)
GROUPS = Question(
    "groups",
    "Inboxes or groups",
    "Numbers of those that Deskhand answers, separated by commas; all by default.",
    needed=False,
)
PEOPLE = Question(
    "people",
    "Where people answer",
    "there: in the helpdesk, with a note and an assignment; here: in Deskhand's console.",
    "there",
    choices=("there", "here"),
)
ACCOUNT = Question("account", "Number of the account", "The number in /app/accounts/1.")
USER = Question("user", "Address of the token's user", "Whoever the API token is used with.")
QUESTIONS: Mapping[str, Sequence[Question]] = {
    MAIL: (
        Question("address", "Address of the mailbox", "What customers write to."),
        Question("password", "Password", "Many providers want an app password.", secret=True),
        Question("imap", "IMAP server", "Host, or host:port; found from the address by default."),
        Question("smtp", "SMTP server", "Host, or host:port; found from the address by default."),
        Question(
            "security",
            "Security",
            "tls, starttls or none; of both servers.",
            "tls",
            choices=("tls", "starttls", "none"),
        ),
        Question("user", "User", "If it is not the address.", needed=False),
    ),
    WIDGET: (
        Question(
            "websites",
            "Websites that may show it",
            "As in https://www.example.com; several with commas.",
        ),
        Question("title", "Title of the window", default="Help"),
        Question(
            "identity",
            "The website says who is logged in",
            "yes: a secret is made, with which the website signs who its visitor is.",
            "no",
            choices=("no", "yes"),
        ),
    ),
    "chatwoot": (URL, ACCOUNT, TOKEN, GROUPS, PEOPLE),
    "zammad": (URL, TOKEN, GROUPS, PEOPLE),
    "zendesk": (URL, USER, TOKEN, GROUPS, PEOPLE),
}
"""By channel, in the order in which they are asked."""


def default(question: Question, answers: Mapping[str, str]) -> str:
    """What an empty answer means, after what was said before."""
    if question.name in {"imap", "smtp"}:
        return hosts(answers.get("address", ""))[question.name == "smtp"]
    return question.default


def hosts(address: str) -> tuple[str, str]:
    """The likely IMAP and SMTP hosts of an address."""
    domain = address.strip().rpartition("@")[2].lower()
    return PROVIDERS.get(domain, (f"imap.{domain}", f"smtp.{domain}"))
