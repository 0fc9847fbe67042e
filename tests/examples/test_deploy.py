"""The deployment's files say what the program is: settings, versions, limits, and no more rights than needed."""

import importlib
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.settings import Settings
from api.telemetry.heartbeat import STOP_SECONDS

FOLDER = Path("examples/deploy")
VERSION = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
SETTING = re.compile(r"\bDESKHAND_([A-Z_]+)\b")
OF_THE_FILES = {"IMAGE"}
"""Names that compose.yaml itself reads."""
UNITS = sorted((FOLDER / "systemd").glob("*.service"))
HADOLINT = shutil.which("hadolint", path=f"{os.environ.get('PATH', '')}:.cache/lint/bin")


def compose() -> dict[str, Any]:
    """The services of compose.yaml."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    return found


def manifests() -> list[dict[str, Any]]:
    """Every object for Kubernetes."""
    text = (FOLDER / "kubernetes/deskhand.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load_all(text))


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """The template of each pod, with the name of its object."""
    for one in manifests():
        if "template" in one["spec"]:
            yield one["metadata"]["name"], one["spec"]["template"]["spec"]


def ours() -> dict[str, dict[str, Any]]:
    """The services that run this program."""
    every = compose()["services"].items()
    return {name: one for name, one in every if "deskhand:" in one["image"]}


@pytest.mark.parametrize(
    "file", [file for file in FOLDER.rglob("*") if file.is_file()], ids=lambda one: one.name
)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    """A setting with a typing error would be ignored in silence."""
    named = {found.group(1) for found in SETTING.finditer(file.read_text(encoding="utf-8"))}
    assert {name.lower() for name in named - OF_THE_FILES} <= set(Settings.model_fields)


def test_the_services_are_those_of_the_topology() -> None:
    """Postgres, vectors, two APIs, workers, channels, a collector, and a migration that all wait for."""
    services = compose()["services"]
    assert set(services) == {
        *("postgres", "chroma", "migrate", "api-1", "api-2", "worker", "channels", "collector")
    }
    for name, one in ours().items():
        waits = set(one["depends_on"])
        assert waits <= set(services)
        assert name == "migrate" or "migrate" in waits
    assert set(compose()["volumes"]) == {"postgres", "chroma"}


def test_each_way_runs_every_process_of_the_program() -> None:
    """A mailbox that no process reads is told by nobody: `up` starts all of these on one machine."""
    wanted = {"api", "worker", "channels"}
    started = {one["command"][0] for one in ours().values()}
    assert wanted <= started
    held = [container for _, pod in pods() for container in pod["containers"]]
    assert wanted <= {one["args"][0] for one in held if "args" in one}
    lines = [line for unit in UNITS for line in unit.read_text(encoding="utf-8").splitlines()]
    assert wanted == {line.split()[-1] for line in lines if line.startswith("ExecStart=")}


def test_a_container_may_do_no_more_than_it_needs() -> None:
    """No root, a root file system that cannot be written, no capabilities."""
    for one in ours().values():
        assert one["read_only"] is True
        assert one["user"] == "10001:10001"
        assert one["cap_drop"] == ["ALL"]
    for name, pod in pods():
        for container in pod["containers"]:
            rights = container["securityContext"]
            assert rights["allowPrivilegeEscalation"] is False
            assert rights["capabilities"] == {"drop": ["ALL"]}
            if name != "chroma":
                assert rights["readOnlyRootFilesystem"] is True
                assert pod["securityContext"]["runAsNonRoot"] is True


def test_images_are_pinned() -> None:
    """To a version, ours to the project's."""
    images = [one["image"] for one in compose()["services"].values()]
    images += [container["image"] for _, pod in pods() for container in pod["containers"]]
    for image in images:
        assert image.rpartition(":")[2][0].isdigit() or image.endswith(f":{VERSION}}}"), image
        assert "deskhand:" not in image or f"deskhand:{VERSION}" in image


def test_whoever_stops_it_waits_until_a_worker_has_ended() -> None:
    """A shorter grace would kill every worker that still drives something."""
    graces = [int(compose()["services"]["worker"]["stop_grace_period"].removesuffix("s"))]
    graces += [pod["terminationGracePeriodSeconds"] for name, pod in pods() if name == "worker"]
    unit = (FOLDER / "systemd/deskhand-worker@.service").read_text(encoding="utf-8")
    graces += [
        int(line.partition("=")[2])
        for line in unit.splitlines()
        if line.startswith("TimeoutStopSec")
    ]
    assert len(graces) == 3
    assert min(graces) > STOP_SECONDS


def test_manifests_have_fields_that_kubernetes_knows() -> None:
    """Every field is one of the API's, each required one is there, and labels match selectors."""
    client = importlib.import_module("kubernetes.client")
    for one in manifests():
        group, _, version = one["apiVersion"].rpartition("/")
        kind = f"{version.title()}{one['kind']}"
        assert group in {"", "apps", "batch", "policy"}
        strange(client, kind, one, kind)
        if one["kind"] in {"Deployment", "StatefulSet"}:
            wanted = one["spec"]["selector"]["matchLabels"].items()
            assert wanted <= one["spec"]["template"]["metadata"]["labels"].items()


def strange(client: Any, kind: str, value: Any, where: str) -> None:
    """Fail where a value has a field that its kind does not have, or lacks one that it needs."""
    inner = re.match(r"(?:list\[|dict\(str, )(\w+)[\])]", kind)
    if inner is not None:
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            strange(client, inner.group(1), one, f"{where}.{key}")
        return
    model = getattr(client, kind, None)
    if model is None or not isinstance(value, dict):
        return  # a plain value
    names = {outside: inside for inside, outside in model.attribute_map.items()}
    assert set(value) <= set(names), f"{where}: {set(value) - set(names)}"
    model(**{names[key]: one for key, one in value.items()})  # it raises where one is missing
    for key, one in value.items():
        strange(client, model.openapi_types[names[key]], one, f"{where}.{key}")


def test_the_image_is_made_of_files_that_are_there() -> None:
    """Each is let through the ignore file; it does not run as root and needs no torch."""
    lines = (FOLDER / "Dockerfile").read_text(encoding="utf-8").splitlines()
    let_through = {
        line[1:]
        for line in (FOLDER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = {
        name
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    }
    assert copied == let_through
    assert all(Path(name).exists() for name in copied - {"build/encoder"})
    assert lines.index("USER 10001:10001") < lines.index('ENTRYPOINT ["deskhand"]')
    assert "\ntorch==" not in Path("requirements-runtime.lock").read_text(encoding="utf-8")


@pytest.mark.skipif(HADOLINT is None, reason="hadolint is not installed: see .ci/run")
def test_the_dockerfile_is_clean() -> None:
    """As hadolint sees it."""
    assert HADOLINT is not None
    done = subprocess.run(
        [HADOLINT, str(FOLDER / "Dockerfile")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.name)
def test_units_are_valid(unit: Path, tmp_path: Path) -> None:
    """As systemd reads them, with a program that exists on this machine."""
    copy = tmp_path / unit.name
    text = unit.read_text(encoding="utf-8")
    copy.write_text(text.replace("/opt/deskhand/bin/deskhand", shutil.which("true") or ""))
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert {"Type=notify", "WatchdogSec=30", "ProtectSystem=strict"} <= set(text.splitlines())
