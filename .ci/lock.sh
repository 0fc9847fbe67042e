#!/usr/bin/env bash
# Writes the locks from what pyproject.toml resolves to in a fresh environment. Takes five minutes.
# After a small change, `.venv/bin/python .ci/lock.py` pins what is installed there instead.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"${PYTHON:-python3.11}" -m venv "$fresh"
"$fresh/bin/pip" install --quiet --upgrade pip
"$fresh/bin/pip" install --quiet '.[dev,evals]' 'setuptools>=80'
"$fresh/bin/python" .ci/lock.py
