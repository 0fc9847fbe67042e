"""What people corrected, as the desk that minds are fitted to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.desk.model import Desk, Intent


def corrected(desk: Desk, examples: Mapping[str, Sequence[str]]) -> Desk:
    """The desk with corrected tickets as further examples of their right intent.

    A ticket that is an example of one intent is none of another, whatever the file says.
    Intents that the desk no longer has are left out.
    """
    if not examples:
        return desk
    moved = {text: name for name, texts in examples.items() for text in texts}
    intents = tuple(
        _taught(intent, examples.get(intent.name, ()), moved) for intent in desk.intents
    )
    return desk.model_copy(update={"intents": intents})


def _taught(intent: Intent, texts: Sequence[str], moved: Mapping[str, str]) -> Intent:
    kept = [text for text in intent.examples if moved.get(text, intent.name) == intent.name]
    kept = kept or list(intent.examples)  # an intent without an example cannot be fitted
    return intent.model_copy(update={"examples": tuple(dict.fromkeys([*kept, *texts]))})
