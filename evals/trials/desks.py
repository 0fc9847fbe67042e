"""Desk files through the loader: a mistake is told with its line, a right one is loaded."""

import os

from evals.harness.setup import EXAMPLE_ADDRESS, NOWHERE
from evals.trials.folder import LOADED
from evals.trials.trial import Trial, Verdict
from graph.desk.file import load_desk
from graph.desk.problems import DeskInvalid


def judged_desk(trial: Trial) -> Verdict:
    """Whether it is refused at a line, or loaded."""
    try:
        load_desk(trial.path, {**os.environ, EXAMPLE_ADDRESS: NOWHERE})
    except DeskInvalid as error:
        first = error.problems[0]
        told = f"refused, line {first.line}: {first.text}"
        return Verdict(trial.expect != LOADED and first.line is not None, told)
    return Verdict(trial.expect == LOADED, "loaded")
