"""`evals report`: one HTML page of a run, which needs nothing from anywhere else."""

import json
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from evals.harness.page.view import View, json_of, view_of
from evals.harness.results import Run

TEMPLATE = "report.html"


def write_page(run: Run, before: Run | None, out: Path) -> None:
    """The page at `out`, and the same in figures beside it as .json."""
    view = view_of(run, before)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(rendered(view), encoding="utf-8")
    body = json.dumps(json_of(view), indent=1, ensure_ascii=False)
    out.with_suffix(".json").write_text(body + "\n", encoding="utf-8")


def rendered(view: View) -> str:
    """The page. Every text in it is escaped; only our own charts are markup."""
    environment = Environment(
        loader=PackageLoader("evals.harness.page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE).render(view=view)
