"""The rows of Playground that no other explorer has: which features are on, how large the layers are, the run."""

import ipywidgets as w

from wbviz.widgets._lab import FEATURES, MOST_LAYERS, MOST_UNITS, SIGNS


def checked_features(value):
    """The features that are on, in their fixed order, as a list of names. Raises ValueError."""
    if isinstance(value, str) or not hasattr(value, "__len__"):
        raise ValueError(f"expected a list of features, but got {value!r}. There are {', '.join(FEATURES)}.")
    for name in value:
        if name not in FEATURES:
            raise ValueError(f"there is no feature {name!r}. There are {', '.join(FEATURES)}.")
    if not value:
        raise ValueError("at least one feature must be on, or the network sees nothing.")
    return [name for name in FEATURES if name in value]


def checked_layers(value):
    """The sizes of the hidden layers, from none to 6 layers of 1 to 8 units, as a list. Raises ValueError."""
    if isinstance(value, str) or not hasattr(value, "__len__"):
        raise ValueError(f"expected a list of sizes such as [4, 2], but got {value!r}.")
    if len(value) > MOST_LAYERS:
        raise ValueError(f"there are at most {MOST_LAYERS} hidden layers, but got {len(value)}: {value!r}.")
    for size in value:
        if isinstance(size, bool) or size != int(size) or not 1 <= size <= MOST_UNITS:
            raise ValueError(f"a hidden layer has 1 to {MOST_UNITS} units, but got {size!r}.")
    return [int(size) for size in value]


class _Row(w.HBox):
    """A row of an explorer's own: `show` moves its controls without telling anybody."""

    def __init__(self, explorer, label, controls):
        self._explorer, self._showing = explorer, False
        name = w.Label(label, layout=w.Layout(width="92px", display="flex", justify_content="flex-end"))
        super().__init__([name, *controls], layout=w.Layout(flex_flow="row wrap", align_items="center"))
        self.add_class("wbviz-own-row")

    def _set(self, name, value):
        if not self._showing and not self._explorer.try_set(name, value):
            self.show(getattr(self._explorer, name))

    def show(self, value):
        """Move the controls to `value`."""
        self._showing = True
        try:
            self.put(value)
        finally:
            self._showing = False


class FeatureRow(_Row):
    """A button for each feature, pressed while it is on."""

    def __init__(self, explorer):
        self._buttons = {name: _small(w.ToggleButton(description=SIGNS[name]), name) for name in FEATURES}
        for button in self._buttons.values():
            button.observe(lambda _: self._set("features", self._on()), names="value")
        super().__init__(explorer, "inputs", list(self._buttons.values()))

    def _on(self):
        return [name for name, button in self._buttons.items() if button.value]

    def put(self, features):
        for name, button in self._buttons.items():
            button.value = name in features

    def enable(self, enabled):
        for button in self._buttons.values():
            button.disabled = not enabled


class LayerRow(_Row):
    """How many hidden layers there are, and how many units each has."""

    def __init__(self, explorer):
        self._fewer, self._more = _small(w.Button(description="−")), _small(w.Button(description="+"))
        self._fewer.tooltip, self._more.tooltip = "One hidden layer less", "One hidden layer more"
        self._fewer.on_click(lambda _: self._set("layers", explorer.layers[:-1]))
        self._more.on_click(lambda _: self._set("layers", [*explorer.layers, (explorer.layers or [2])[-1]]))
        self._units = [
            w.BoundedIntText(description=f"layer {k + 1}", min=1, max=MOST_UNITS) for k in range(MOST_LAYERS)
        ]
        for field in self._units:
            field.layout.width, field.style.description_width = "104px", "52px"
            field.tooltip = f"Units of hidden {field.description}"
            field.observe(lambda _: self._set("layers", self._sizes()), names="value")
        super().__init__(explorer, "hidden layers", [self._fewer, self._more, *self._units])

    def _sizes(self):
        return [field.value for field in self._units[: len(self._explorer.layers)]]

    def put(self, layers):
        for k, field in enumerate(self._units):
            field.layout.display = None if k < len(layers) else "none"
            field.value = layers[k] if k < len(layers) else 1
        self._fewer.disabled, self._more.disabled = not layers, len(layers) == MOST_LAYERS

    def enable(self, enabled):
        for control in (self._fewer, self._more, *self._units):
            control.disabled = not enabled


class RunBar(w.HBox):
    """Play, single steps and rewind, under the picture. `show(playing)` says which it is."""

    def __init__(self, explorer):
        self._play = w.Button(tooltip="Train, or pause. Key P", layout=w.Layout(width="84px"), button_style="primary")
        self._play.on_click(lambda _: explorer.guarded(explorer.toggle_play))
        actions = (
            ("One update", "One batch: one step of the optimiser. Key U", lambda: explorer.advance(updates=1)),
            ("One epoch", "To the end of the epoch. Key E", lambda: explorer.advance()),
            ("Rewind", "Back to the weights it started from. Key R", explorer.rewind),
            ("New weights", "Draw other starting weights, from the next seed", explorer.redraw_weights),
        )
        super().__init__([self._play, *(_button(explorer, *action) for action in actions)])
        self.layout.flex_flow = "row wrap"
        self.add_class("wbviz-run-bar")
        self.show(False)

    def show(self, playing):
        """Show whether training is under way."""
        self._play.description, self._play.icon = ("Pause", "pause") if playing else ("Play", "play")


def _button(explorer, label, tip, action):
    made = w.Button(description=label, tooltip=tip, layout=w.Layout(width="auto"))
    made.on_click(lambda _: explorer.guarded(action))
    return made


def _small(button, tip=""):
    button.tooltip = tip
    button.layout.width, button.layout.margin, button.layout.padding = "auto", "1px", "0 4px"
    return button
