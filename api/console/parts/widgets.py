"""Pieces of markup that the pages are made of. All text is text: nothing here reads HTML.

A control carries `data-act` (and `data-arg`): the page's script reports a click on it as the act
to the page, and `data-key` is the key that clicks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from nicegui.element import Element

Tone = Literal["", "good", "warn", "bad", "info"]


class Tag(Element):
    """One HTML element with its text."""

    def __init__(self, tag: str, classes: str = "", text: str | None = None, **props: Any) -> None:
        super().__init__(tag)
        if classes:
            self.classes(classes)
        self._text = text
        for name, value in props.items():
            if value is not None and value is not False:
                self._props[name.rstrip("_").replace("_", "-")] = value


def icon(name: str) -> Tag:
    """A Material icon, which says nothing to a screen reader."""
    return Tag("i", "material-icons icon", name, aria_hidden="true")


def button(
    text: str,
    act: str,
    *,
    arg: str = "",
    key: str = "",
    look: Literal["", "primary", "quiet", "danger", "icon"] = "",
    symbol: str = "",
    label: str = "",
    off: bool = False,
    **props: Any,
) -> Tag:
    """A control that does `act`; `label` names it where the text does not."""
    shown = label or text
    with Tag(
        "button",
        f"btn {look}".strip(),
        type="button",
        data_act=act,
        data_arg=arg or None,
        data_key=key or None,
        aria_label=shown if look == "icon" or label else None,
        title=f"{shown} ({_key_name(key)})" if key else (shown if look == "icon" else None),
        disabled=off or None,
        **props,
    ) as made:
        if symbol:
            icon(symbol)
        if text and look != "icon":
            Tag("span", "", text)
        if key and look != "icon":
            Tag("kbd", "", _key_name(key), aria_hidden="true")
    return made


def field(label: str) -> Tag:
    """A labelled control of a form; use it as a context for the control."""
    with Tag("label", "field") as made:
        Tag("span", "", label)
    return made


def choice(options: Mapping[str, str], chosen: str | None = None) -> Tag:
    """A list of which one is chosen: words by their values."""
    with Tag("select", "box") as made:
        for value, words in options.items():
            Tag("option", "", words, value=value, selected=value == chosen)
    return made


def _key_name(key: str) -> str:
    """A key as people read it."""
    return {"Enter": "⏎", "Escape": "Esc"}.get(key, key)


def badge(text: str, tone: Tone = "", title: str = "") -> Tag:
    """A short word about something's state."""
    return Tag("span", f"badge {tone}".strip(), text, title=title or None)


def empty(symbol: str, title: str, text: str, *, whole_page: bool = False) -> Tag:
    """What stands where there is nothing: why, and what to do about it."""
    with Tag("div", "empty") as made:
        icon(symbol)
        Tag("h1" if whole_page else "p", "empty-title", title)
        Tag("p", "", text)
    return made


def link(text: str, href: str, classes: str = "") -> Tag:
    """A way to another page of the console; `href` is ours, never a customer's."""
    return Tag("a", classes, text, href=href)


def facts(pairs: dict[str, str | None]) -> Tag:
    """Names and values under each other; values that are missing are left out."""
    with Tag("dl", "facts") as made:
        for name, value in pairs.items():
            if value:
                Tag("dt", "", name)
                Tag("dd", "", value)
    return made


def section(title: str, *, count: int | None = None, opened: bool | None = None) -> Element:
    """A titled part of a pane. With `opened` it folds. Use it as a context."""
    if opened is None:
        made: Element = Tag("section", "part")
        with made:
            heading = Tag("h3", "part-title", title)
            if count is not None:
                with heading:
                    Tag("span", "count", str(count))
        return made
    made = Tag("details", "part", open=opened or None)
    with made, Tag("summary", "part-title", title):
        if count is not None:
            Tag("span", "count", str(count))
    return made


def meter(value: float, threshold: float | None, label: str) -> Tag:
    """A probability from 0 to 1 against the one that would have been enough."""
    tone = "good" if threshold is not None and value >= threshold else "warn"
    with Tag("div", f"meter {tone}", role="img", aria_label=label, title=label) as made:
        Tag("span", "meter-fill", style=f"width:{value:.0%}")
        if threshold is not None:
            Tag("span", "meter-mark", style=f"left:{threshold:.0%}")
    return made
