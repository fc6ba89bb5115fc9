"""The film of a training run: every weight and bias at every step, and the picture the network made then."""

import numpy as np
from traitlets import default

from wbviz.scenes.learning_film import LIST, LIST_LEFT, LIST_ROW, MOMENTS, ROWS, LearningFilmScene
from wbviz.widgets import _filming as filming
from wbviz.widgets import _filming_words as words_of
from wbviz.widgets._base import Explorer
from wbviz.widgets._filming import ACTIVATIONS, CURVES, HIDDEN, LEARNED, NOISE, PLACES, RULES, Setting
from wbviz.widgets._moments import moments
from wbviz.widgets._panel import button
from wbviz.widgets._play import player
from wbviz.widgets._traits import choice, number, whole
from wbviz.widgets._words import parameter_names, unit_names

STRIDES = {"ArrowLeft": -1, "ArrowRight": 1, "PageDown": -10, "PageUp": 10}
LINE_REACH = 8  # how near, in pixels, the pointer must be to a line


class LearningFilm(Explorer):
    """A small network learns; its whole run can be scrubbed back and forth, down to every single step.

    Predict which weights and biases move, and when, before you play: most of the way is often gone in a few steps.
    Scrub; take a unit in hand, and see that its weights turn its line in the plane and its bias shifts it. Jump to the
    moments that were found by computation: where the loss falls fastest, where a line crosses the points, where a
    weight changes its sign, where the held-out loss turns.

    The film keeps weights, biases and the optimiser's memory at keyframes only, as many as fit into the stated memory;
    the step shown is trained again from the keyframe before, to the last bit. Paths are drawn from keyframe to keyframe
    in straight lines. Pointer: drag the step in the plots on the right; click a moment in the list, or a line in the
    plane. Keys: ← → a step (with Shift ten), n and p the next and previous moment, 1 to 5 a moment, ↑ ↓ the unit in
    hand, Home and End.
    """

    title = "The film of a training run"
    size = (680, 548)
    interactive = True

    dataset = choice("moons", NOISE, label="data", tip=f"{LEARNED} examples; sine and line have one input")
    hidden = choice("4", HIDDEN, label="hidden units", tip="Units of the hidden layer, or of both")
    activation = choice("tanh", ACTIVATIONS, label="activation", tip="Of the hidden units")
    optimizer = choice("Adam", RULES, label="optimiser", tip="momentum: SGD with β = 0.9")
    lr = number(0.03, min=0.001, max=10, step=0.001, log=True, label="lr", tip="The learning rate")
    batch = whole(60, min=5, max=LEARNED, step=5, label="batch size", tip=f"Examples in a step, of {LEARNED}")
    epochs = whole(300, min=1, max=filming.MOST_EPOCHS, label="epochs", tip="How often all examples are gone through")
    seed = whole(22, min=0, max=99, label="seed", tip="Draws the examples, the weights and the order of batches")
    memory = whole(64, min=8, max=256, label="memory, kB", tip="What all keyframes may take: 1 kB is 1000 bytes")
    unit = whole(1, min=1, max=17, label="unit in hand", tip="Its incoming weights and its bias are drawn bold")
    step = whole(60, min=0, max=filming.MOST_STEPS, label="step", tip="The moment shown")

    @default("epochs")
    def _fewer_epochs(self):
        return min(300, self.range_of("epochs")["max"])

    @default("step")
    def _step_within(self):
        return min(60, self.range_of("step")["max"])

    def range_of(self, name):
        """A film has at most 2,400 steps; there are as many units as the network has."""
        meta = super().range_of(name)
        if name == "epochs":
            return meta | {"max": filming.most_epochs(self.batch)}
        if name == "unit":
            return meta | {"max": sum(self.sizes[1:])}
        return meta | {"max": self._setting.steps} if name == "step" else meta

    def settle(self, changed):
        """Epochs, unit and step stay within what there is."""
        for name in ("epochs", "unit", "step"):
            setattr(self, name, min(getattr(self, name), self.range_of(name)["max"]))

    def prepare(self):
        self.under = (player(self, lambda: self.film.last),)

    def setup(self):
        self.scene = LearningFilmScene(self.figure)

    # --- numbers ------------------------------------------------------------------------------------------------------

    @property
    def _setting(self):
        return Setting(*(getattr(self, name) for name in Setting._fields))

    @property
    def _shot(self):
        return filming.shot(self._setting)

    @property
    def sizes(self):
        """Numbers of units, layer by layer."""
        return self._setting.sizes

    @property
    def film(self):
        """The run as the engine's Film: `at(step)` gives all parameters after a step."""
        return self._shot.film

    @property
    def moment(self):
        """The step shown: `step`, or the last one before the run diverged."""
        return min(self.step, self.film.last)

    @property
    def network(self):
        """The network at the step shown, a copy of one's own."""
        return self._picture.net.copy()

    @property
    def _picture(self):
        return filming.picture(self._setting, self.moment)

    @property
    def names(self):
        """The names of all weights and biases, in the order of `network.params`: "w x₁→h₁", …, "b ŷ"."""
        return parameter_names(unit_names(self.sizes))

    def value(self, name, step=None):
        """A weight or bias by its name (see `names`) after a step, or at the one shown. Raises ValueError."""
        if name not in self.names:
            raise ValueError(f"There is no {name!r}. A parameter is one of {', '.join(self.names)}.")
        return float(self.film.at(self.moment if step is None else step)[self.names.index(name)])

    def loss(self, held_out=False):
        """The loss at the step shown, on the examples learned from or on those held out."""
        return self._picture.held if held_out else self._picture.learned

    def right(self):
        """The share of right answers among the examples learned from, at the step shown; None for a regression."""
        return self._picture.right

    @property
    def moments(self):
        """The moments worth seeing, in order: each a `step` with `kind` and `detail`."""
        return moments(self._setting)

    def since(self):
        """The step of the last moment before the one shown; 0 if there is none."""
        return max((found.step for found in self.moments if found.step < self.moment), default=0)

    def changes(self):
        """How far each weight and bias has come since then: (n_params,)."""
        return self._picture.net.params - filming.picture(self._setting, self.since()).net.params

    # --- moving through the run ---------------------------------------------------------------------------------------

    @button("Previous moment", "Back to the last moment worth seeing (p)")
    def previous_moment(self):
        """Go back to the last moment before this one, or to the start."""
        self._show_step(self.since())

    @button("Next moment", "On to the next moment worth seeing (n)")
    def next_moment(self):
        """Go on to the first moment after this one, or to the end."""
        self._show_step(min((found.step for found in self.moments if found.step > self.moment), default=self.film.last))

    def _show_step(self, step):
        self.apply({"step": min(max(step, 0), self.film.last)}, gesture="step")

    # --- picture and words --------------------------------------------------------------------------------------------

    @property
    def in_hand(self):
        """The places in `network.params` of the weights into the unit in hand and of its bias."""
        layer, k = self._unit_place()
        W, b = self._shot.net.views(np.arange(self._shot.net.n_params))
        return [*W[layer][:, k].tolist(), int(b[layer][k])]

    def _unit_place(self):
        """(layer, number in it) of the unit in hand."""
        k = self.unit - 1
        for layer, size in enumerate(self.sizes[1:]):
            if k < size:
                return layer, k
            k -= size
        return len(self.sizes) - 2, self.sizes[-1] - 1

    def redraw(self):
        shot, now = self._shot, self._picture
        layer, k = self._unit_place()
        found = [moment.step for moment in self.moments]
        run = {
            "key": self._setting, "steps": shot.steps, "params": shot.params, "biases": ~filming.is_weight(shot.net),
            "losses": (shot.learned, shot.held), "end": self._setting.steps, "found": found,
            "limit": shot.lesson.limit, **self._data(),
        }  # fmt: skip
        moment = {"step": self.moment, "params": now.net.params, "losses": (now.learned, now.held), **self._drawing()}
        hand = {"params": self.in_hand, "line": k if layer == 0 else None}
        self.scene.update(run, moment, hand, words_of.texts(self, MOMENTS, ROWS))

    def _data(self):
        known = self._shot.lesson
        if self.dataset in CURVES:
            examples, target = np.hstack([known.X, known.y]), filming.truth(self.dataset, self.seed)
            return {"points": None, "examples": examples, "target": target}
        return {"points": [known.X[known.y[:, 0] == k] for k in (0, 1)]}

    def _drawing(self):
        now, known = self._picture, self._shot.lesson
        w, b = now.net.weights[0], now.net.biases[0]
        if self.dataset in CURVES:
            bends = [-shift / slope if slope else np.inf for slope, shift in zip(w[0], b, strict=True)]
            curve = np.column_stack([PLACES, np.clip(now.drawn, -1e3, 1e3)])
            return {"drawn": curve, "lines": np.clip(bends, -1e3, 1e3), "wrong": ()}
        lines = [filming.line_of(*unit, known.limit) for unit in zip(w.T, b, strict=True)]
        wrong = known.X[~self._shot.rights(now.net.params)]
        return {"drawn": now.drawn, "lines": lines, "wrong": wrong}

    def describe(self):
        return words_of.description(self)

    # --- gestures -----------------------------------------------------------------------------------------------------

    def on_drag(self, point):
        plots = (self.scene.params, self.scene.losses)
        held = next((axes for axes in plots if axes.bbox.contains(*self.grip.pixel)), None)
        if held is not None:
            self._show_step(round(self.point(*point.pixel, axes=held).x))

    def on_press(self, point):
        across, down = point.pixel[0], self.size[1] - point.pixel[1]
        row = round((down - LIST) / LIST_ROW)
        if across > LIST_LEFT and 0 <= row < len(self.moments):
            self._show_step(self.moments[row].step)
        elif self.dataset not in CURVES and self.scene.plane.bbox.contains(*point.pixel):
            self._take_line(self.point(*point.pixel, axes=self.scene.plane))
        self.on_drag(point)

    def _take_line(self, point):
        """Take the first-layer unit in hand whose line is nearest to the pointer, if it is near."""
        pixels = self.scene.plane.bbox.width / (2 * self._shot.lesson.limit)
        net = self._picture.net
        w, b = net.weights[0], net.biases[0]
        away = np.abs(np.array([point.x, point.y]) @ w + b) / np.maximum(np.hypot(*w), 1e-12) * pixels
        if away.min() < LINE_REACH:
            self.unit = int(away.argmin()) + 1

    def on_key(self, key, shift=False):
        if key in STRIDES:
            self._show_step(self.moment + STRIDES[key] * (10 if shift else 1))
        elif key in ("Home", "End"):
            self._show_step(0 if key == "Home" else self.film.last)
        elif key in ("ArrowUp", "ArrowDown"):
            self.unit = min(max(self.unit + (1 if key == "ArrowDown" else -1), 1), self.range_of("unit")["max"])
        elif key in ("n", "N", "p", "P"):
            self.next_moment() if key in "nN" else self.previous_moment()
        elif key in "12345" and int(key) <= len(self.moments):
            self._show_step(self.moments[int(key) - 1].step)
