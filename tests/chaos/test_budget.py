"""More tickets at once than there is money for, through the whole stack."""

from pathlib import Path

from evals.chaos.budget import measured


def test_a_few_tickets_and_money_for_fewer(tmp_path: Path) -> None:
    """API, worker, ledger and model server as in production: not a cent over."""
    figures = measured(tmp_path, tickets=12, money_for=4, kills=0)
    assert figures.breaches == []
    assert figures.answered + figures.told == 12
