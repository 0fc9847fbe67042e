"""The desks as a running process reads them."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from api.desks import Desks, desks_to_start
from api.settings import Settings
from graph.desk.problems import DeskInvalid


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


def desk(tenant: str, company: str = "Acme") -> str:
    """A small desk."""
    return f"tenant: {tenant}\ncompany: {company}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two tenants' desks."""
    made = tmp_path / "desks"
    made.mkdir()
    for name in ("aaa", "bbb"):
        (made / f"{name}.yaml").write_text(desk(name), encoding="utf-8")
    return made


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    """Of an installation that has them."""
    return Settings(home=tmp_path / "home", desk=folder, _env_file=None)


def companies(desks: Desks) -> dict[str, str]:
    """What counts, by tenant."""
    return {tenant: one.company for tenant, one in desks.read().items()}


BROKEN = ("", "tenant: [aaa\n", "tenant: aaa\ncompany: 1\nodd: 1\n", "\x00", desk("bbb"), "- a\n")
"""Files that give no desk of their own: one names somebody else's tenant."""


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_a_broken_file_keeps_its_own_tenant_alone(
    settings: Settings, folder: Path, number: int
) -> None:
    """Whatever is wrong with it: others' changes count, and only its tenant's people are told."""
    desks = Desks(settings)
    assert companies(desks) == {"aaa": "Acme", "bbb": "Acme"}
    (folder / "aaa.yaml").write_text(BROKEN[number], encoding="utf-8")
    (folder / "bbb.yaml").write_text(desk("bbb", "Better"), encoding="utf-8")
    (folder / "ccc.yml").write_text(desk("ccc", "New"), encoding="utf-8")
    assert companies(desks) == {"aaa": "Acme", "bbb": "Better", "ccc": "New"}
    assert "aaa.yaml" in str(desks.problem)
    assert "aaa.yaml" in str(desks.problem_of("aaa"))
    assert desks.problem_of("bbb") is desks.problem_of("ccc") is None
    (folder / "aaa.yaml").write_text(desk("aaa", "Mended"), encoding="utf-8")
    assert companies(desks) == {"aaa": "Mended", "bbb": "Better", "ccc": "New"}
    assert desks.problem is None


def test_a_new_file_takes_no_tenant_from_the_one_that_has_it(
    settings: Settings, folder: Path
) -> None:
    """Also where its name comes first; if the older one goes, it may."""
    desks = Desks(settings)
    desks.read()
    (folder / "0.yaml").write_text(desk("bbb", "Thief"), encoding="utf-8")
    assert companies(desks) == {"aaa": "Acme", "bbb": "Acme"}
    assert "0.yaml:1" in str(desks.problem)
    (folder / "bbb.yaml").unlink()
    assert companies(desks) == {"aaa": "Acme", "bbb": "Thief"}


def test_a_process_that_starts_meanwhile_has_the_last_good_desk(
    settings: Settings, folder: Path
) -> None:
    """Or the restart of one worker would end the work for all tenants."""
    Desks(settings).read()
    (folder / "aaa.yaml").write_text("tenant: [aaa\n", encoding="utf-8")
    desks_to_start(settings)
    later = Desks(settings)
    assert companies(later) == {"aaa": "Acme", "bbb": "Acme"}
    assert later.problem_of("aaa")
    copies = [*settings.kept_desks_path.iterdir()]
    assert {one.stat().st_mode & 0o777 for one in copies} == {0o600}


def test_a_process_that_starts_lets_the_older_file_have_its_tenant(
    settings: Settings, folder: Path
) -> None:
    """Or an API and a worker would speak for two companies."""
    Desks(settings).read()
    (folder / "0.yaml").write_text(desk("bbb", "Thief"), encoding="utf-8")
    assert companies(Desks(settings)) == {"aaa": "Acme", "bbb": "Acme"}


def test_copies_of_desks_leave_other_files_alone(settings: Settings, folder: Path) -> None:
    """Also where somebody keeps their desks in the very folder of the copies."""
    settings.kept_desks_path.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(settings.kept_desks_path)
    own = settings.kept_desks_path / "notes.yaml.old"
    own.write_text("mine", encoding="utf-8")
    moved = settings.model_copy(update={"desk": settings.kept_desks_path})
    assert companies(Desks(moved)) == {"aaa": "Acme", "bbb": "Acme"}
    assert own.read_text("utf-8") == "mine"


def test_what_a_removed_file_said_does_not_come_back(settings: Settings, folder: Path) -> None:
    """A broken file of the same name, months later, is no reason to."""
    desks = Desks(settings)
    desks.read()
    (folder / "aaa.yaml").unlink()
    desks.read()
    (folder / "aaa.yaml").write_text("tenant: [aaa\n", encoding="utf-8")
    assert companies(Desks(settings)) == {"bbb": "Acme"}


def test_a_folder_without_a_good_desk_is_refused(settings: Settings, folder: Path) -> None:
    """So is a file of one's own: whoever starts it is there to read why."""
    for name in ("aaa", "bbb"):
        (folder / f"{name}.yaml").write_text("tenant: [aaa\n", encoding="utf-8")
    with pytest.raises(DeskInvalid, match=r"(?s)aaa\.yaml.*bbb\.yaml"):
        desks_to_start(settings)
    alone = settings.model_copy(update={"desk": folder / "aaa.yaml"})
    with pytest.raises(DeskInvalid, match=r"aaa\.yaml"):
        desks_to_start(alone)


def test_a_folder_that_cannot_be_read_keeps_all(settings: Settings, folder: Path) -> None:
    """An empty one says so, to everybody."""
    desks = Desks(settings)
    desks.read()
    for file in folder.iterdir():
        file.unlink()
    assert companies(desks) == {"aaa": "Acme", "bbb": "Acme"}
    assert "deskhand init" in str(desks.problem_of("bbb"))


async def test_files_that_cannot_be_read_are_counted(tmp_path: Path, folder: Path) -> None:
    """With those that never could be: what is in the others goes on as it was read last."""
    desks = Desks(Settings(home=tmp_path / "home", desk=folder))
    assert await desks.broken() == (0, 0)
    (folder / "aaa.yaml").write_text("tenant: [aaa\n", encoding="utf-8")
    assert await desks.broken() == (1, 0)
    (folder / "ccc.yaml").write_text("tenant: [ccc\n", encoding="utf-8")
    assert await desks.broken() == (2, 1)
