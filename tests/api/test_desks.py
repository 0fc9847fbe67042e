"""The desks as a running process reads them."""

from pathlib import Path

from structlog.testing import capture_logs

from api.desks import Desks
from api.settings import Settings


def test_a_file_that_broke_is_told_once_and_the_last_good_desks_stay(tmp_path: Path) -> None:
    """Whoever watches the log learns that a change does not count, and no value of the file."""
    file = tmp_path / "desk.yaml"
    file.write_text("tenant: acme\ncompany: Acme\n", encoding="utf-8")
    desks = Desks(Settings(home=tmp_path, desk=file))
    assert list(desks.read()) == ["acme"]
    file.write_text("tenant: [acme\n  password: top-secret\n", encoding="utf-8")
    with capture_logs() as lines:
        for _ in range(2):
            assert list(desks.read()) == ["acme"]
    (line,) = lines
    assert (line["event"], line["log_level"]) == ("desk_not_read", "warning")
    assert "top-secret" not in str(line)
