"""The true loss of a network over a plane through its parameters, and gradient descent on it."""

import numpy as np

from wbviz.picture.background import later
from wbviz.scenes.loss_surface import LossSurfaceScene
from wbviz.widgets import _descending as experiment
from wbviz.widgets._base import Explorer
from wbviz.widgets._descending import ALL, DATA, FULL, LOSSES, MOVES, PAIR, PCA, PLANES, SIZES, TWO, Problem, Rule, Seen
from wbviz.widgets._descending_words import in_full, on_picture
from wbviz.widgets._opens import Opens
from wbviz.widgets._play import player
from wbviz.widgets._traits import choice, data, number, parameters, whole
from wbviz.widgets._words import parameter_names, unit_names

NAMES = parameter_names(unit_names(SIZES))
#: After 30 steps on moons, but for the two that are shown first: they make a long bowl.
START = [-0.1, -0.3, 0.2, 0.1, -0.2, 0.4, 0.8, 0.5, -0.1, -0.2, -0.1, 0.0, -0.4, 2.5, -0.4, 0.0, 3.0]
SPANS = {PAIR: 4.0, experiment.RANDOM: 2.0, PCA: 3.0}
CONTOURS, RELIEF = VIEWS = ("contours", "relief")
#: Seconds of rest after which a picture on the page is computed finely.
REST = 0.12
ARROWS = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, 1), "ArrowDown": (0, -1)}


class LossSurface(Opens, Explorer):
    """The true loss of the 2-4-1 network over two of its 17 parameters, or over two directions, and descent on it.

    Predict where the next steps go and which learning rate is too large; drag the start, step, play; double the rate.
    Understand that each step follows the slope where it stands, that too long a step climbs the other side, and that
    a picture of two dimensions hides the others: let all parameters move, and the landscape itself moves.

    The path is computed whole from the settings; `step` says how much of it is shown. While a browser looks and
    something moves, contours are drawn from fewer points; at rest, and in `png`, from all.
    `LossSurface.of(model, X, y)` opens a network of your own.
    """

    title = "The loss over two parameters, and the way down"
    size = (680, 492)
    interactive = True
    sweeps = False  # its surface is computed coarsely first, then finely

    dataset = choice("moons", DATA, label="data", tip="What the network is to learn: 200 examples")
    loss = choice("mse", LOSSES, label="loss", tip="How its answers are judged")
    plane = choice(PAIR, PLANES, label="plane", tip="Which plane through the parameters is shown")
    first = choice("w h₂→ŷ", NAMES, label="across", tip="The parameter from left to right")
    second = choice("b ŷ", NAMES, label="up", tip="The parameter from bottom to top")
    view = choice(CONTOURS, VIEWS, label="view", tip="From above or from the side")
    span = number(
        4, min=0.5, max=10, step=0.5, label="view ±", tip="How far the view goes from its middle", random=False
    )
    move = choice(TWO, MOVES, label="what moves", tip="What gradient descent may change")
    lr = number(
        0.3, min=0.001, max=10, step=0.001, label="learning rate", log=True, tip="The length of a step per slope"
    )
    batch = choice(FULL, (FULL, "32", "8", "1"), label="batch", tip="How many examples each step looks at")
    steps = whole(40, min=10, max=200, label="steps", tip="How many steps there are")
    step = whole(10, min=0, max=200, label="show step", tip="How many of them are shown")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the examples, the batches and the random directions")
    params = parameters(START, tip="The network at the start of the path")

    start = data([0.0, 0.0], check=lambda value: _pair(value, 1000))
    turn = data(30.0, check=lambda value: _turn(value))

    _fine, _wanted, _timer = (None, None), None, None
    sizes, names = SIZES, NAMES  # units layer by layer; all weights and biases

    @classmethod
    def own_kind(cls):
        from wbviz.widgets._own_loss_surface import OwnLossSurface

        return OwnLossSurface

    def range_of(self, name):
        """There are as many steps to show as there are steps."""
        meta = super().range_of(name)
        return meta | {"max": self.steps} if name == "step" else meta

    def settle(self, changed):
        """Two different parameters; no more steps shown than there are; a plane has its own span and start."""
        if self.first == self.second:
            other = self.names[(self.names.index(self.first) + 1) % len(self.names)]
            self.set_trait("first" if changed == {"second"} else "second", other)
        self.step = min(self.step, self.steps)
        if "plane" in changed and "span" not in changed:
            self.span = SPANS[self.plane]
        if self.plane == PAIR or (changed & {"plane", "seed"} and "start" not in changed):
            self.start = [0.0, 0.0]

    def idle(self):
        """Parameters are chosen for a plane of two parameters only."""
        return () if self.plane == PAIR else ("first", "second")

    def prepare(self):
        self.under = (player(self, lambda: self.run.last, label="Descent", per_second=10),)

    def setup(self):
        self.scene = LossSurfaceScene(self.figure)

    def close(self):
        """Stop what is under way and free everything. Safe to call twice."""
        if not getattr(self, "_closed", True):
            self._forget()
        super().close()

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def network(self):
        """The network at the step shown."""
        seen = self._seen
        return seen.problem.network(seen.run.params[seen.at])

    @property
    def _problem(self):
        return Problem(self.dataset, self.loss, self.seed)

    @property
    def _rule(self):
        return Rule(self.lr, self.batch, self.steps)

    @property
    def _plane(self):
        params = tuple(self.params)
        if self.plane == PAIR:
            return experiment.pair(self.names.index(self.first), self.names.index(self.second), params)
        if self.plane == PCA:
            return experiment.principal(self._problem, params, self._rule)
        return experiment.random(self._problem, params, self.seed)

    def run_at(self, lr):
        """The Run from the present start with another learning rate, all else as it is."""
        plane = self._plane
        start = np.array(self.params) + np.array(self.start) @ plane.directions
        within = tuple(map(tuple, plane.directions)) if self.move == TWO else None
        return experiment.descend(self._problem, tuple(start), self._rule._replace(lr=float(lr)), within)

    @property
    def run(self):
        """The whole path: `.params`, `.losses` and `.slopes` after each step, `.settled`, `.diverged`."""
        return self.run_at(self.lr)

    def diverged(self):
        """The step at which the loss had grown to 1,000 times that of the start; None where it did not."""
        return self.run.diverged

    def settled(self):
        """The step from which on the slope in what moves stays below 0.05: it has converged. None where it does not."""
        return self.run.settled

    @property
    def _seen(self):
        run = self.run
        return Seen(self._problem, self._plane, run, min(self.step, run.last))

    # --- the surface ------------------------------------------------------------------------------------------------

    def _slice(self, seen):
        """What a surface is computed from: through the present point, parallel to the plane."""
        origin = seen.plane.at([0.0, 0.0], seen.run.params[seen.at])
        return seen.problem, tuple(origin), tuple(map(tuple, seen.plane.directions)), self._limits()

    def _limits(self):
        """The window: about zero, about the network, or nearer to the middle of the path that gave the plane."""
        middle = np.zeros(2)
        if self.plane == PCA:
            path = experiment.descend(self._problem, tuple(self.params), self._rule, None).params
            places = self._plane.place(path)
            middle = np.round((places.min(axis=0) + places.max(axis=0)) / self.span) * self.span / 2
            middle = np.clip(middle, -0.5 * self.span, 0.5 * self.span)
        return tuple((float(m - self.span), float(m + self.span)) for m in middle)

    def _surface(self, key):
        """The surface as finely as there is time for; where nobody looks there is."""
        if self.view == RELIEF:
            return experiment.surface(*key, experiment.CORNERS)
        if not self.picture.pacing.views:
            return experiment.surface(*key, experiment.FINE)
        if self._fine[0] != key:
            self._refine(key)
            return experiment.surface(*key, experiment.COARSE)
        return self._fine[1]

    def _refine(self, key):
        """Compute it finely after a rest, beside the page."""
        self._forget()
        self._wanted, self._timer = key, later(REST, self._compute, key)

    def _compute(self, key):
        surface = experiment.surface(*key, experiment.FINE)
        with self.picture.lock:
            if self._wanted == key and not self._closed:
                self._fine = key, surface
                self.picture.changed()

    def _forget(self):
        self._wanted = None
        if self._timer is not None:
            self._timer.cancel()

    def png(self):
        """The current picture as PNG bytes, with the surface computed finely."""
        with self.picture.lock:
            key = self._slice(self._seen)
            if self.view == CONTOURS and self._fine[0] != key and self.picture.pacing.views:
                self._fine = key, experiment.surface(*key, experiment.FINE)
                self.picture.changed()
            return super().png()

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        seen = self._seen
        key = self._slice(seen)
        path = {"places": seen.places, "losses": seen.losses, "heights": seen.heights if self.move == ALL else None}
        curve = {"losses": seen.run.losses, "at": seen.at, "steps": self.steps}
        view = {"relief": self.view == RELIEF, "turn": self.turn, "limits": key[-1]}
        self.scene.update(self._surface(key), path, curve, view, on_picture(self, seen, key[-1], view["relief"]))

    def describe(self):
        return in_full(self, self._seen)

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        self._held = self.turn  # where a turn with Shift begins
        if not point.shift:
            self.on_drag(point)

    _held = 0.0

    def on_drag(self, point):
        """Drag the start; with Shift, turn the relief."""
        if self.grip.axes is not self.scene.plane or (self.grip.shift and self.view == CONTOURS):
            return
        if self.grip.shift:
            self.try_set("turn", self._held + 0.5 * (point.pixel[0] - self.grip.pixel[0]))
        elif self.view == RELIEF:
            self.put_start(*self.scene.relief.nearest(point.pixel[0], self.size[1] - point.pixel[1]))
        else:
            self.put_start(point.x, point.y)

    def put_start(self, u, v):
        """Let the path start at a place of the plane."""
        gesture = f"start {self._presses}"
        ranges = zip((u, v), self._limits(), strict=True)
        u, v = (round(min(max(float(place), low), high), 2) for place, (low, high) in ranges)
        if self.plane == PAIR:
            params = list(self.params)
            params[self.names.index(self.first)], params[self.names.index(self.second)] = u, v
            self.apply({"params": params}, gesture)
        else:
            self.apply({"start": [u, v]}, gesture)

    def on_key(self, key, shift=False):
        """Arrows move the start, + and − the view, PageUp and PageDown turn the relief."""
        if key in ARROWS:
            place = self._plane.place(self.run.params[0]) + np.array(ARROWS[key]) * (1.0 if shift else 0.1)
            self.put_start(*place)
        elif key in ("+", "-"):
            self.try_set("span", min(max(self.span + (0.5 if key == "-" else -0.5), 0.5), 10))
        elif key in ("PageUp", "PageDown"):
            self.try_set("turn", self.turn + (15 if key == "PageUp" else -15))


def _pair(value, limit):
    u, v = value
    if not (abs(float(u)) <= limit and abs(float(v)) <= limit):
        raise ValueError(f"expected two numbers from −{limit} to {limit}, but got {value!r}.")
    return [float(u), float(v)]


def _turn(value):
    if not abs(float(value)) <= 1e6:
        raise ValueError(f"expected a finite number of degrees, but got {value!r}.")
    return float(value) % 360
