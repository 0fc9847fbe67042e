#!/usr/bin/env bash
# Writes requirements.lock from what pyproject.toml resolves to in a fresh environment.
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"${PYTHON:-python3.11}" -m venv "$fresh"
"$fresh/bin/pip" install --quiet '.[dev,evals]' 'setuptools>=80' wheel
{
  echo "# Every package, pinned. Made by .ci/lock.sh; install with --no-deps."
  "$fresh/bin/pip" freeze --all --exclude deskhand --exclude pip | sed 's/+cpu$//' | grep -v ' @ '
} > requirements.lock
wc -l requirements.lock
