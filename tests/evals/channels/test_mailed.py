"""Conversations by mail in one process: the thread, the words, and a person in between."""

import json
from pathlib import Path

from evals.channels.mailed import DESK, Correspondence, Said, cited, conversations, figures
from evals.harness.desk_runtime import open_desk
from evals.harness.setup import Setup
from evals.stack.chaotic import ARTICLE
from graph.minds.scripted import scripted_minds
from memory.encoder.encoder import HashEncoder

NEWS = '{"doc_id": "b", "title": "What is new", "text": "And what is new stands on our page of news."}\n'
ASKED = ("How do I reset my password?", "A person, please. #person", "And what is new?")


async def test_a_conversation_stays_on_its_ticket_whoever_answers(tmp_path: Path) -> None:
    """Agent, person, agent: three mails, one ticket, and nothing quoted is read as new."""
    desk_file, kb = tmp_path / "desk.yaml", tmp_path / "kb.jsonl"
    desk_file.write_text(DESK, encoding="utf-8")
    kb.write_text(f"{ARTICLE}{NEWS}", encoding="utf-8")
    setup = Setup(
        desk_file, (kb,), tmp_path, encoder=HashEncoder(), minds=lambda _desk, _encoder: scripted_minds()
    )  # fmt: skip
    said = Said("q", ASKED, ("Open Settings.", "I am here."), frozenset({"b"}), True)  # noqa: FBT003
    async with open_desk(setup) as desk:
        held = await Correspondence(desk, "c", said).hold(ASKED)
        alone = await Correspondence(desk, "s", said).hold(ASKED[2:])
    assert (held.replies, held.on_thread, held.words_kept, held.by_people) == (2, 2, 3, 1)
    assert held.mails == list(ASKED)
    assert cited(held) == cited(alone) == frozenset("b")
    found = figures([said], [(held, alone)])
    assert {name: found[name].value for name in ("on_thread", "mail.right_source", "mail.sent")} == {
        "on_thread": 1, "mail.right_source": 1, "mail.sent": 1,
    }  # fmt: skip


def test_conversations_are_read_in_both_forms(tmp_path: Path) -> None:
    """A question with its history, and turns."""
    history = [{"speaker": "user", "text": "Hi?"}, {"speaker": "agent", "text": "Yes."}]
    rows = [
        {"qid": "1", "question": "And?", "history": history, "gold_doc_ids": ["d"], "answerable": True},
        {"id": "2", "turns": [{"role": "customer", "text": "Help!"}]},
    ]  # fmt: skip
    file = tmp_path / "q.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    first, second = conversations(file)
    assert (first.asked, first.told, first.gold) == (("Hi?", "And?"), ("Yes.",), frozenset({"d"}))
    assert (second.id, second.asked, second.answerable) == ("2", ("Help!",), None)
