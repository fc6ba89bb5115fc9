"""Opening and closing whole trees of widgets, so that nothing stays behind."""

import ipywidgets
from IPython import get_ipython

_open_in_cell = {}


def tree(widget):
    """The widget and every widget it holds, children first, each once."""
    found = {}

    def visit(node):
        if id(node) in found:
            return
        found[id(node)] = None
        for held in _held(node):
            visit(held)
        found[id(node)] = node

    visit(widget)
    return [node for node in found.values() if node is not None]


def _held(node):
    for name in ("children", "layout", "style"):
        value = getattr(node, name, None) if name in node.trait_names() else None
        for held in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(held, ipywidgets.Widget):
                yield held


def close_tree(widget):
    """Close a widget with all it holds: children, layouts and styles, which `Widget.close` leaves behind."""
    for node in tree(widget):
        if node is widget:
            ipywidgets.Widget.close(node)
        else:
            node.close()


def replace_in_cell(widget):
    """Remember that this cell made this widget; close what an earlier run of the same cell made.

    Front ends name the cell in the request (`cellId`). Where none is named, nothing is closed.
    """
    cell, run = _current_cell()
    if cell is None:
        return
    earlier_run, widgets = _open_in_cell.get(cell, (run, []))
    if earlier_run != run:
        for old in widgets:
            old.close()
        widgets = []
    _open_in_cell[cell] = (run, [*widgets, widget])


def forget_in_cell(widget):
    """Drop a closed widget from the register of cells."""
    for cell, (run, widgets) in list(_open_in_cell.items()):
        kept = [w for w in widgets if w is not widget]
        if kept:
            _open_in_cell[cell] = (run, kept)
        else:
            del _open_in_cell[cell]


def _current_cell():
    shell = get_ipython()
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return None, None
    parent = kernel.get_parent("shell") or {}
    if parent.get("header", {}).get("msg_type") != "execute_request":
        return None, None
    return parent.get("metadata", {}).get("cellId"), parent["header"]["msg_id"]
