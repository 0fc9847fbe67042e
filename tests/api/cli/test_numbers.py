"""Numbers that commands take."""

from typer.core import TyperArgument, TyperOption
from typer.main import get_command

from api.cli import commands as cli
from api.cli import numbers
from api.http.handoffs.schemas import MAX_CLAIM_MINUTES


def test_each_number_of_a_command_has_bounds() -> None:
    """Nothing waits for ever, and no number overflows, because somebody typed a zero too many."""
    commands = [("deskhand", get_command(cli.build()))]
    seen, open_ended = 0, []
    while commands:
        name, command = commands.pop()
        commands += [
            (f"{name} {one}", sub) for one, sub in getattr(command, "commands", {}).items()
        ]
        for given in command.params:
            assert isinstance(given, TyperArgument | TyperOption)
            if given.type_descriptor.annotation in (int, float, list[int]):
                seen += 1
                if given.min is None or given.max is None:
                    open_ended.append(f"{name} {given.name}")
    assert seen
    assert open_ended == []


def test_a_claim_may_be_as_long_as_the_api_lets_it_be() -> None:
    """The command line has the number for itself."""
    assert numbers.LONGEST_CLAIM == MAX_CLAIM_MINUTES
