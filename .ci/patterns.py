#!/usr/bin/env python3
"""Refuse backtracking patterns: `re` may be imported in the places listed here, and nowhere else.

Each place has been read, and the reason says why its patterns cannot run away. Everything else
uses `memory.patterns.linear` (RE2) or scans by line.
"""

import ast
import sys
from pathlib import Path

ROOMS = ("memory", "tools", "graph", "api")
"""Those that serve. `evals` read our own cases, offline."""
BACKTRACKING = frozenset({"re", "regex", "sre_compile", "sre_parse"})
OWN = "reads our own text"
ONE_CLASS = "runs of one class of characters: no second way to match the same ones"

REVIEWED: dict[str, str] = {
    "graph/text/words.py": ONE_CLASS,
    "graph/nodes/remember.py": "a literal name between word edges",
    "graph/desk/model.py": "slugs of a desk: one anchored class, at most 40 characters",
    "graph/desk/people.py": "skills of a desk: one anchored class, at most 40 characters",
    "graph/desk/pitfalls.py": "numbers of a desk file: one anchored class",
    "graph/desk/wording.py": "placeholders of a desk: a fixed word, or a class of at most 40 characters",
    "graph/minds/scripted.py": OWN + ": marks in tests and benchmarks",
    "graph/minds/model/steps.py": "a literal value between word edges",
    "memory/knowledge/coverage.py": ONE_CLASS,
    "memory/knowledge/chunking.py": "runs of blanks, or of line ends: no second way to match them",
    "memory/knowledge/fulltext.py": ONE_CLASS,
    "memory/knowledge/content_audit.py": "an amount: each repetition has a small bound",
    "memory/storage/postgres_text.py": ONE_CLASS,
    "memory/journal/codec.py": OWN + ": rows of the journal",
    "memory/people/keys.py": "a key: fixed lengths",
    "memory/verification/codes.py": "a code of eight digits: fixed lengths",
    "tools/contract.py": "names and placeholders of a desk: one class between fixed characters",
    "tools/checks/result.py": "names of fields: one class, at most 40 characters",
    "tools/adapters/answers.py": "a number of seconds: at most ten digits",
    "api/http/text.py": ONE_CLASS,
    "api/case_export/masking.py": ONE_CLASS + "; a literal name between word edges",
    "api/cli/why.py": "an argument of the command line: four digits and a letter",
    "api/cli/init.py": ONE_CLASS,
    "api/console/shell/security_headers.py": OWN + ": our pages",
}


def imports(path: Path) -> set[str]:
    """Names of the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def faults(root: Path, reviewed: dict[str, str]) -> list[str]:
    """What stands against the list, a line each; empty where all is well."""
    users = {
        str(path.relative_to(root))
        for room in ROOMS
        for path in sorted((root / room).rglob("*.py"))
        if imports(path) & BACKTRACKING
    }
    new = [
        f"{path} imports re: use memory.patterns.linear, or have it reviewed in .ci/patterns.py"
        for path in sorted(users - set(reviewed))
    ]
    gone = [
        f"{path} no longer imports re: take it off the list in .ci/patterns.py"
        for path in sorted(set(reviewed) - users)
    ]
    return new + gone


def main() -> int:
    """0 where every use of `re` has been reviewed, else 1."""
    found = faults(Path(__file__).resolve().parent.parent, REVIEWED)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
