"""Mail servers for tests: where there is no Dovecot they are skipped, and under CI=true they fail."""

import os

import pytest

from evals.stack.mail_servers import installed

needs_mail_servers = pytest.mark.skipif(
    not installed() and os.environ.get("CI") != "true",
    reason="there is no Dovecot here: `apt-get install dovecot-imapd`",
)
