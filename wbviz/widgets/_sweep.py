"""A sweep: one setting takes several values, and a network is trained with each, from the same start."""

import ipywidgets as w

from wbviz.widgets._kept_runs import MOST_RUNS, remembered, renamed
from wbviz.widgets._rows import put
from wbviz.widgets._runs import SHORT_NAME
from wbviz.widgets._traits import Choice, Number, Parameters, Toggle, Whole
from wbviz.widgets._words import plural
from wbviz.widgets._work import Work

SHARE = 5  # epochs from one look at Pause and Stop to the next
WORDS = {"on": True, "off": False}


class Sweep(w.VBox):
    """Trains copies of an explorer that differ in one setting, beside the page, and puts their runs into its `kept`.

    The explorer has `advance`, `epoch`, `run`, `finished_run` and the trait `kept`; `settings` are the names of those
    that can be swept, `drawn` those among them that draw other starting weights. All other copies share the start.
    """

    def __init__(self, explorer, settings, drawn=()):
        self._explorer, self._drawn = explorer, drawn
        named = [(explorer.traits()[name].metadata["label"], name) for name in settings]
        self.setting = w.Dropdown(options=named, description="setting", layout=w.Layout(width="260px"))
        self.values = w.Text(description="values", continuous_update=False, layout=w.Layout(width="320px"))
        self.epochs = w.BoundedIntText(100, min=1, max=2000, description="epochs", layout=w.Layout(width="170px"))
        self._hint = w.HTML()
        self.work = Work(self._steps, label="Sweep")
        for control in (self.setting, self.values, self.epochs):
            control.observe(self._on_control, names="value")
        row = w.HBox([self.setting, self.values, self.epochs], layout=w.Layout(flex_flow="row wrap"))
        super().__init__([row, self._hint, self.work])
        self._on_control({"owner": self.setting})

    def _on_control(self, change):
        if change["owner"] is self.setting:
            self.values.value = ", ".join(map(str, self._suggested()))
        given = [part for part in self.values.value.split(",") if part.strip()]
        put(self._hint, f"{plural(len(given), 'run')} of {plural(self.epochs.value, 'epoch')}: {self._possible()}")

    @property
    def _trait(self):
        return self._explorer.traits()[self.setting.value]

    def _possible(self):
        meta = self._explorer.range_of(self.setting.value)
        if isinstance(self._trait, Choice):
            return f"{meta['label']} is one of {', '.join(map(str, self._trait.values))}."
        if isinstance(self._trait, Toggle):
            return f"{meta['label']}: on or off."
        return f"{meta['label']} goes from {meta['min']:g} to {meta['max']:g}."

    def _suggested(self):
        """Values to begin with: the first options; or what the setting is now, and others around it."""
        trait, now = self._trait, getattr(self._explorer, self.setting.value)
        if isinstance(trait, Choice):
            return trait.values[:MOST_RUNS]
        if isinstance(trait, Toggle):
            return ["off", "on"]
        meta = self._explorer.range_of(self.setting.value)
        steps = [k * 10 * meta["step"] for k in range(MOST_RUNS)]
        around = [now / 10, now / 3, now, 3 * now, 10 * now] if now else steps
        rounded = (value if value == now else float(f"{value:.2g}") for value in around)
        within = (min(max(value, meta["min"]), meta["max"]) for value in rounded)
        return list(dict.fromkeys(map(int, within) if isinstance(trait, Whole) else within))

    def asked(self):
        """The values that are written, as the setting wants them. Raises ValueError where one makes no sense."""
        parts = [part.strip() for part in self.values.value.split(",") if part.strip()]
        if not 1 <= len(parts) <= MOST_RUNS:
            raise ValueError(f"Write 1 to {MOST_RUNS} values with commas between them; there are {len(parts)}.")
        if len(set(parts)) < len(parts):
            raise ValueError("Two of the values are the same.")
        return [self._read(part) for part in parts]

    def _read(self, part):
        if isinstance(self._trait, (Number, Whole)):
            try:
                value = float(part)
            except ValueError:
                raise ValueError(f"{part!r} is not a number. Write numbers with commas between them.") from None
            return int(value) if isinstance(self._trait, Whole) and value.is_integer() else value
        if isinstance(self._trait, Toggle):
            if part not in WORDS:
                raise ValueError(f"{part!r} is neither on nor off.")
            return WORDS[part]
        return part.replace(" ", "_") if part not in self._trait.values else part

    # --- the runs ---------------------------------------------------------------------------------------------------

    def _steps(self):
        """Train one copy after the other; each finished run is kept at once, in the place of those kept before."""
        name, values, epochs, runs = self.setting.value, self.asked(), self.epochs.value, []
        label = self._trait.metadata["label"]
        for k, value in enumerate(values):
            copy = self._copy(name, value)
            try:
                while copy.epoch < epochs and not copy.run.get("ended"):
                    copy.advance()
                    if copy.epoch % SHARE == 0:
                        yield (k + copy.epoch / epochs) / len(values), f"{label} {value}, epoch {copy.epoch}"
                runs = remembered(runs, copy.finished_run())
            finally:
                copy.close()
            runs = renamed(runs, k, _name(name, value))
            self._explorer.apply({"kept": runs}, gesture="sweep")

    def _copy(self, name, value):
        """An explorer without controls at the start of the run, with one setting changed."""
        explorer = self._explorer
        with explorer.picture.lock:
            state = {**explorer.state, "run": {}, "kept": [], "params": explorer.run.get("start", explorer.params)}
        if name in self._drawn:
            del state["params"]
        return type(explorer)(controls=False, **{**state, name: value})

    def close(self):
        """Stop the sweep, and free everything."""
        self.work.close()
        super().close()


def _name(setting, value):
    """The name of a run: setting and value where the chart has room for both, else the value alone."""
    words = {True: "on", False: "off"} if isinstance(value, bool) else {}
    told = words.get(value) or (value if isinstance(value, str) else f"{value:g}")
    return f"{setting} {told}" if len(setting) + len(told) < SHORT_NAME else told


def sweepable(explorer, without):
    """The names of the knobs that a sweep can take: all but the parameters themselves and those in `without`."""
    traits = explorer.traits()
    return [name for name in explorer.knobs if name not in without and not isinstance(traits[name], Parameters)]
