"""The controls of an explorer: rows for its knobs, its buttons, and the toolbar that all explorers share."""

from functools import partial

import ipywidgets as w
import traitlets

from wbviz.engine import keras_code, numpy_code, pytorch_code
from wbviz.widgets._parameters import ParameterRow
from wbviz.widgets._rows import error_line, items, put, rows_for
from wbviz.widgets._traits import Parameters
from wbviz.widgets._tree import close_tree
from wbviz.widgets._words import nearest


def button(label, tip=""):
    """Mark a method of an explorer as a button of its panel."""

    def mark(method):
        method.button = (label, tip)
        return method

    return mark


class Panel:
    """Builds the controls from the traits, moves them when the traits change, and says errors beside them.

    shown: True for all knobs, or the names of those that are to have controls.
    hidden: names of knobs, buttons and other parts that are not to be seen; ValueError where there is none of a name.
    """

    def __init__(self, explorer, shown=True, hidden=()):
        self._explorer = explorer
        self.hidden = {hidden} if isinstance(hidden, str) else set(hidden)
        self._traits = explorer.traits()
        self._rows, self._forms, self._shown = {}, {}, {}
        self._own = {name: [row] for name, row in explorer.own_rows().items()}
        self._known = tuple(dict.fromkeys((*self._own, *explorer.knobs)))
        self._names = explorer.knobs if shown is True and not self.hidden else self._chosen(shown)
        self._message = error_line()
        self._knobs = w.VBox()
        self._knobs.add_class("wbviz-knobs")
        self._groups = {heading: _group(heading) for heading in explorer.groups}
        self._buttons = w.HBox(layout=w.Layout(flex_flow="row wrap"))
        self._actions = {name: self._action(name, *mark) for name, mark in _marked(type(explorer))}
        self._buttons.children = [*self._actions.values()]
        self._share_box = w.VBox()
        self._share_toggle = w.ToggleButton(value=False, description="Share", layout=w.Layout(width="auto"))
        self._share_toggle.tooltip = "The state as text and as code; load a text"
        self._share_toggle.observe(self._toggle_share, names="value")
        self.controls = w.VBox([self._knobs, self._buttons, self._toolbar()], layout=w.Layout(flex="1 1 300px"))
        self._words = w.HTML()  # the front end of the picture writes the description here, with each frame
        self._words.add_class("wbviz-words")
        self._tables = w.VBox()
        self.below = (self._tables, self._message, self._words, self._share_box)
        self.show()
        self._hide()

    def _chosen(self, shown):
        """The knobs among `shown`, in their order; own rows that are not wanted are closed. Raises ValueError."""
        shown = self._known if shown is True else [shown] if isinstance(shown, str) else shown
        self._refuse_unknown("controls", "knob", shown, self._known, "True, False, or a list")
        shown = set(shown) - self.hidden
        for name in set(self._own) - shown:
            close_tree(self._own.pop(name)[0])
        return tuple(name for name in self._explorer.knobs if name in shown)

    def _hide(self):
        """Take what is hidden by name off the page; knobs have no rows by now. Raises ValueError."""
        parts = {
            **{name: [button] for name, button in self._actions.items()},
            **self._tools,
            "share": [self._share_toggle],
            "words": [self._words],
            "under": self._explorer.under,
        }
        self._refuse_unknown("hide", "part", sorted(self.hidden), (*self._known, *parts), "a list")
        for widget in (widget for name in self.hidden for widget in parts.get(name, ())):
            widget.layout.display = "none"

    def _refuse_unknown(self, setting, kind, names, known, expected):
        for name in names:
            if name not in known:
                raise ValueError(
                    f"{setting}: {type(self._explorer).__name__} has no {kind} {name!r}.{nearest(name, known)} "
                    f"Give {expected} of: {', '.join(known)}."
                )

    def _toolbar(self):
        self._tools = {
            "reset": [self._button("Reset", "Back to how the figure was made", self._explorer.reset)],
            "undo": [self._button("Undo", "Take the last change back", self._undo)],
        }
        if any(self._traits[name].metadata["random"] for name in self._explorer.knobs):
            self._seed = w.IntText(value=1, description="seed", layout=w.Layout(width="110px"))
            self._seed.style.description_width = "40px"
            randomise = self._button("Randomise", "Set the numbers at random, from the seed", self._randomise)
            self._tools["randomise"] = [randomise, self._seed]
        tools = [tool for widgets in self._tools.values() for tool in widgets]
        bar = w.HBox([*tools, self._share_toggle], layout=w.Layout(flex_flow="row wrap"))
        bar.add_class("wbviz-toolbar")
        return bar

    def _button(self, label, tip, action):
        made = w.Button(description=label, tooltip=tip, layout=w.Layout(width="auto"))
        made.on_click(lambda _: self._guarded(action))
        return made

    def _action(self, name, label, tip):
        return self._button(label, tip, getattr(self._explorer, name))

    def enable(self, name, enabled):
        """Let the button of an action be pressed, or not."""
        self._actions[name].disabled = not enabled

    def _guarded(self, action):
        self.say("")
        try:
            action()
        except Exception as error:  # ipywidgets drops what a button's callback raises: say it instead
            self.say(str(error) or type(error).__name__)

    def _undo(self):
        if not self._explorer.undo():
            self.say("There is nothing to undo.")

    def _randomise(self):
        self._explorer.randomise(self._seed.value)
        self._seed.value += 1

    # --- rows -------------------------------------------------------------------------------------------------------

    def _build_rows(self):
        """Make rows for the knobs that have none, a wrong number of them, or another range now."""
        explorer, stale = self._explorer, []
        forms = {name: (len(self._items(name)), explorer.range_of(name)) for name in self._names}
        wrong = [name for name in self._names if self._forms.get(name) != forms[name]]
        self._forms = forms
        for name in wrong:
            stale += self._rows.get(name, ())
            self._rows[name] = self._make_rows(name, forms[name][1])
            self._shown.pop(name, None)
        if wrong:
            self._arrange()
        for row in stale:
            close_tree(row)

    def _arrange(self):
        """Put the rows where they belong: tables below the picture, the others in one column or under headings."""
        rows = {**self._rows, **self._own}
        self._tables.children = [row for name in self._rows for row in rows[name] if isinstance(row, ParameterRow)]

        def named(names):
            return [row for name in names for row in rows.get(name, ()) if not isinstance(row, ParameterRow)]

        for heading, box in self._groups.items():
            box.children = [box.children[0], *named(self._explorer.groups[heading])]
            box.layout.display = None if len(box.children) > 1 else "none"
        self._knobs.children = list(self._groups.values()) or named([*self._own, *self._names])

    def _make_rows(self, name, meta):
        trait, turn = self._traits[name], partial(self._turn, name)
        if isinstance(trait, Parameters):
            return [ParameterRow(self._explorer, name, partial(turn, None))]
        return rows_for(trait, meta, getattr(self._explorer, name), turn)

    def _items(self, name):
        return items(self._traits[name], getattr(self._explorer, name))

    def _turn(self, name, index, value):
        """Set a knob, or one item of it, as its control says; what is refused is said beside the control."""
        row, message = self._rows[name][index or 0], ""
        self._shown.pop(name, None)  # the control stands where the learner put it
        if index is not None:
            value = [value if k == index else item for k, item in enumerate(getattr(self._explorer, name))]
        try:
            setattr(self._explorer, name, value)
        except (traitlets.TraitError, ValueError, TypeError) as error:
            message = f"{error} The last value stays."
        if name not in self._shown:  # refused, or the same as before
            self.show()
        row.say(message)

    def show(self):
        """Move the controls to where the traits are: those whose trait has changed, or may do something now or not."""
        self._build_rows()
        idle = set(self._explorer.idle())
        for name in (*self._rows, *self._own):
            state = (getattr(self._explorer, name), name not in idle)
            if self._shown.get(name) != state:
                self._shown[name] = state
                self._move(name, *state)
        self.show_tables()
        if self._share_toggle.value:
            self._write_share()

    def _move(self, name, value, enabled):
        own = name in self._own
        values = [value] if own else items(self._traits[name], value)
        for row, item in zip((self._own if own else self._rows)[name], values, strict=True):
            row.show(item)
            row.enable(enabled)
            if self._groups and not own and not isinstance(row, ParameterRow):  # of many knobs, only those in use
                row.layout.display = None if enabled else "none"

    def show_tables(self):
        """Move the tables of parameters alone, as a network that trains wants it many times a second."""
        for name, rows in self._rows.items():
            for row in rows:
                if isinstance(row, ParameterRow):
                    row.show(getattr(self._explorer, name))

    def say(self, message):
        """Show a message under the picture."""
        put(self._message, message)

    # --- sharing ----------------------------------------------------------------------------------------------------

    def _toggle_share(self, change):
        if change["new"] and not self._share_box.children:
            self._make_share()
        self._share_box.layout.display = None if change["new"] else "none"
        if change["new"]:
            self._write_share()

    def _make_share(self):
        kinds = ["this figure", *self._codes()]
        self._kind = w.Dropdown(options=kinds, description="Write", layout=w.Layout(width="220px"))
        self._kind.observe(lambda _: self._write_share(), names="value")
        self._text = w.Textarea(description="Text", layout=w.Layout(width="auto", height="110px"))
        copy = w.Button(description="Copy", tooltip="Copy the text", layout=w.Layout(width="auto"))
        copy.add_class("wbviz-copy")
        load = self._button("Load", "Take the state from the text", lambda: self._explorer.load(self._text.value))
        self._share_box.children = [w.HBox([self._kind, copy, load], layout=w.Layout(flex_flow="row wrap")), self._text]
        self._share_box.add_class("wbviz-share")

    def _write_share(self):
        self._text.value = self._codes().get(self._kind.value, self._explorer.share)()

    def _codes(self):
        """What can be written as code: name → function. The explorer's own `codes()`, else its network."""
        explorer = self._explorer
        if hasattr(explorer, "codes"):
            return explorer.codes()
        if explorer.network is None:
            return {}
        writers = {"NumPy": numpy_code, "PyTorch": pytorch_code, "Keras": keras_code}
        return {kind: lambda write=write: write(explorer.network) for kind, write in writers.items()}


def _group(heading):
    """A box for the rows under a heading."""
    box = w.VBox([w.HTML(f"<b>{heading}</b>")])
    box.add_class("wbviz-group")
    return box


def _marked(cls):
    found = {}
    for base in reversed(cls.__mro__):
        for name, method in vars(base).items():
            if hasattr(method, "button"):
                found[name] = method.button
    return list(found.items())
