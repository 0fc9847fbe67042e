"""Tabs and fold-outs that a page's script opens: what a click shows is the article, under what is clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.knowledge.documents.nodes import (
    HEADINGS,
    TEXT,
    TRANSPARENT,
    ancestors,
    attribute,
    is_covered,
    name,
    take_out,
    uncover,
    visible_text,
    words_of,
)

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_LABEL_WORDS = 20
"""Of what is clicked; more are a text that happens to lead somewhere."""
_CONTROLS = "[aria-controls], [data-target], [data-bs-target], a[href^='#']"
_SIGNS = ("aria-controls", "data-target", "data-bs-target", 'href="#', "href='#")
"""What a source holds somewhere if anything in it is opened by a click."""
_PANELS = frozenset(
    {"tab", "tabs", "pane", "tabpane", "panel", "tabpanel", "accordion", "collapse"}
)
"""Words in the class of what a link opens; any other place of the page stays where it is."""
_TITLING = frozenset({*HEADINGS, "dt", "summary", "td", "th"})
"""Elements that tell by themselves what stands below them."""
_POPUPS = frozenset({"menu", "tooltip", "dialog", "listbox"})
_FILLED_IN = "form, textarea"
"""What readers write into, as behind "Was this helpful?", is no text of the article."""
_FRAME = frozenset({"nav", "header", "footer", "form", "dialog"})


def open_panels(page: LexborHTMLParser, source: str) -> None:
    """Show what a click shows, with the words of the tab as its title."""
    body = page.body
    if body is None or not any(sign in source for sign in _SIGNS):
        return
    places = {attribute(one, "id"): one for one in body.css("[id]")}
    spent = []
    for control in body.css(_CONTROLS):
        panel = _panel(control, places)
        if panel is not None and _opens(control, panel):
            spent += [control] if _entitled(control, panel) else []
    take_out(spent)


def _panel(control: LexborNode, places: dict[str, LexborNode]) -> LexborNode | None:
    """What it opens, if the page has it."""
    for key in ("aria-controls", "data-target", "data-bs-target", "href"):
        found = places.get(attribute(control, key).lstrip("#").strip())
        if found is not None:
            return found if _is_tab(control) or _is_panel(found) else None
    return None


def _is_tab(node: LexborNode) -> bool:
    return attribute(node, "role") == "tab" or "aria-expanded" in node.attributes


def _is_panel(node: LexborNode) -> bool:
    folded = "hidden" in node.attributes or is_covered(node)
    return folded or attribute(node, "role") == "tabpanel" or bool(words_of(node) & _PANELS)


def _opens(control: LexborNode, panel: LexborNode) -> bool:
    """Whether it stands in the article and beside what it opens; a button in a panel closes it."""
    above = list(ancestors(control))
    if attribute(panel, "role") in _POPUPS or "aria-haspopup" in control.attributes:
        return False
    if panel.css_first(_FILLED_IN) is not None:
        return False
    return all(one.mem_id != panel.mem_id and name(one) not in _FRAME for one in above)


def _entitled(control: LexborNode, panel: LexborNode) -> bool:
    """Uncover a panel; whether what is clicked became its title."""
    uncover(panel)
    label = visible_text(control)
    titles = any(name(one) in _TITLING for one in (control, *ancestors(control)))
    if titles or any(one.mem_id == control.mem_id for one in ancestors(panel)):
        return False  # it is a heading, or a box around both
    if _is_in_sentence(control):
        return False
    if not label or len(label.split()) > MOST_LABEL_WORDS or name(panel) in _TITLING:
        return False
    if not attribute(panel, "data-section"):
        panel.attrs["data-section"] = label
    return True


def _is_in_sentence(control: LexborNode) -> bool:
    """Whether words stand beside it, which would lack its own: "Open Settings and choose Close"."""
    for one in (control, *ancestors(control)):
        if name(one) not in TRANSPARENT:
            return False
        beside = () if one.parent is None else one.parent.iter(include_text=True)
        if any(name(each) == TEXT and any(map(str.isalnum, each.text())) for each in beside):
            return True
    return False
