"""How long a channel waits for more is the desk's to say."""

from pathlib import Path

import pytest

from graph.desk.channels import Channels
from memory.storage.queue import Queue, workflow_id
from tests import desks


@pytest.mark.parametrize(("seconds", "status"), [(3, "DELAYED"), (0, "ENQUEUED")])
async def test_the_desk_says_how_long_is_waited(
    tmp_path: Path, template: Path, seconds: int, status: str
) -> None:
    """The run of a posted ticket begins so much later."""
    desk = tmp_path / "desk.yaml"
    text = f"tenant: acme\ncompany: Acme\nchannels:\n  burst_seconds: {{api: {seconds}}}\n"
    desk.write_text(text, encoding="utf-8")
    settings = desks.settings_in(tmp_path / "home", template, desk=desk)
    shop = await desks.new_key(settings, "shop", ["intake"])
    async with desks.serving(settings) as client:
        ticket = (await client.post("/v1/tickets", json={"text": "hello"}, headers=shop)).json()
    queue = Queue(settings.ledger_url)
    name = workflow_id(ticket["id"], 1)
    (job,) = await queue.client.list_workflows_async(workflow_ids=[name])
    queue.close()
    assert job.status == status


def test_only_the_widget_waits_where_nothing_is_said() -> None:
    """A system that posts tickets keeps what it is used to."""
    said = Channels(burst_seconds={"mail": 4})
    assert [said.burst(one) for one in ("api", "mail", "widget")] == [0, 4, 2]
