"""A real stack whose decisions are a model's: a loopback server that misbehaves on command.

Everything else is production: API, queue, worker, ledger, budgets. The minds behind the model are
scripted ones, so that nothing but the model costs anything.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import yaml

from evals.faults.model_process import FaultyModel, serving_model
from evals.stack.chaotic import ARTICLE, SERVICE
from evals.stack.stack import Stack, free_port, scratch

MODEL = "openai:misbehaving-1"
PRICE = {"input_per_million": 1.0, "output_per_million": 4.0}
"""Of the model, in the tenant's currency."""
MOST_TOKENS = 50
"""Of an answer, if nothing is said: what a call holds is then close to what it takes."""
Parts = Mapping[str, object]


@contextmanager
def modelled_stack(
    folder: Path,
    desks: Mapping[str, Parts],
    settings: Mapping[str, str],
    most_tokens: int = MOST_TOKENS,
) -> Iterator[tuple[Stack, FaultyModel]]:
    """The stack with the API running and no worker, and the model. `desks`: parts by tenant."""
    port, home = free_port(), folder / "desks"
    home.mkdir(parents=True)
    articles = folder / "kb.jsonl"
    articles.write_text(ARTICLE, encoding="utf-8")
    with serving_model() as model:
        for tenant, parts in desks.items():
            write_desk(home, tenant, port, model, parts, most_tokens)
        extra = {"DESKHAND_MINDS": "scripted", "OPENAI_API_KEY": "loopback", **settings}
        with scratch(folder / "data", home, fresh=True, **extra) as stack:
            stack.start_service(SERVICE, port)
            for tenant in desks:
                stack.run("kb", "add", str(articles), "--tenant", tenant)
            stack.start_api()
            yield stack, model


def write_desk(  # noqa: PLR0917
    home: Path,
    tenant: str,
    port: int,
    model: FaultyModel,
    parts: Parts,
    most_tokens: int = MOST_TOKENS,
) -> None:
    """A desk whose replies go to the service and whose model is the loopback one."""
    spec = {"model": MODEL, "service": "model", "max_output_tokens": most_tokens, "price": PRICE}
    minds = {"model": spec, **dict(parts.get("minds", {}))}  # type: ignore[call-overload]
    desk = {
        "tenant": tenant,
        "company": "Loop",
        "services": {
            "backoffice": {"base_url": f"http://127.0.0.1:{port}"},
            "model": {"base_url": model.base_url},
        },
        "delivery": {"service": "backoffice", "path": "/replies"},
        **parts,
        "minds": minds,
    }
    (home / f"{tenant}.yaml").write_text(yaml.safe_dump(desk), encoding="utf-8")
