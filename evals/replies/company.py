"""A company's tickets under the strict label, whoever drove them: what `make demo` is judged by."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.harness.rows import TicketRow, read_cases
from evals.replies.harm import SourceBlock
from evals.replies.labels import ReplyLabel, read_labels
from evals.replies.scoring import ReplyScore, scored
from evals.replies.sources import Articles, articles, of
from evals.replies.strict import Ending, Strict, strict
from evals.replies.wording import body
from graph.desk.file import load_desk
from graph.desk.model import Desk
from graph.nodes.gather import worded


@dataclass(frozen=True)
class Company:
    """What its replies are compared with."""

    desk: Desk
    rows: dict[str, TicketRow]
    labels: dict[str, ReplyLabel]
    articles: Articles
    records: tuple[tuple[str, SourceBlock], ...]
    """Each record of its services with its number, in the words of a tool that can read it."""

    def judge(self, ticket: str, ending: Ending) -> Strict:
        """How a ticket ended, by its label."""
        row, label = self.rows[ticket], self.labels[ticket]
        return strict(row.label, ending, lambda: self._score(row, label, ending))

    def _score(self, row: TicketRow, label: ReplyLabel, ending: Ending) -> ReplyScore:
        tone = self.desk.tone
        records = [told for number, told in self.records if number in ending.reply]
        gold = [*of(row.label.articles, self.articles), *(records if row.label.tools else ())]
        by_tool = any(self.desk.tool(one) for one in ending.cited)
        cited = [*of(ending.cited, self.articles), *(records if by_tool else ())]
        return scored(body(ending.reply, tone.clarify, tone.closing), label, gold, cited)


def open_company(folder: Path, tickets: Path) -> Company:
    """Read desk.yaml, articles, the tickets with their labels, and data.json. Raises `DataError`."""
    desk = load_desk(folder / "desk.yaml")
    rows = {row.id: row for row in read_cases(TicketRow, [tickets])}
    labels = read_labels(folder / "replies.jsonl")
    unlabelled = {one: ReplyLabel(one, ()) for one in rows if one not in labels}
    return Company(
        desk,
        rows,
        labels | unlabelled,
        articles([folder / "articles"]),
        tuple(_records(desk, folder / "data.json")),
    )


def _records(desk: Desk, data: Path) -> Iterator[tuple[str, SourceBlock]]:
    kinds = json.loads(data.read_text(encoding="utf-8")) if data.exists() else {}
    for number, record in (pair for kind in kinds.values() for pair in kind.items()):
        for tool in desk.tools:
            if told := worded(desk, tool.name, record):
                yield number, SourceBlock(told)
