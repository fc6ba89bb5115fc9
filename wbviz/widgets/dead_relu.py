"""ReLU units that never fire again: what kills them in a real training, and what brings them back."""

import numpy as np

from wbviz.engine import sigmoid
from wbviz.scenes.dead_relu import CELLS, GRID, DeadReLUScene, hinge
from wbviz.widgets import _dying as experiment
from wbviz.widgets._base import Explorer
from wbviz.widgets._dying import BIASES, CURES, DEAD, MOST, RATES, SEEDS, SHAPES, STEPS, Map, Setting
from wbviz.widgets._flow_words import amount
from wbviz.widgets._panel import button
from wbviz.widgets._play import player
from wbviz.widgets._traits import choice, number, whole
from wbviz.widgets._words import percent, plural, signed, subscript
from wbviz.widgets._work import Work

STATES = ("fires", "not, but learns", "dead: exactly 0")
NEAR = 8  # pixels from a hinge within which it is clicked


class DeadReLU(Explorer):
    """A network with one hidden layer of ReLU units learns to part two moons; some of its units die on the way.

    A unit whose z is 0 or less on every training point gives 0 and lets nothing back: its gradient is exactly 0, so no
    step moves it any more, however large the error. Predict how many units are dead after training; look where their
    hinges z = 0 went. Then bring them back. The same start with a smaller learning rate saves them; a smaller rate
    afterwards does not: any rate times 0 is 0. Leaky ReLU (Maas et al. 2013) gives them a gradient again, a hundredth
    of the usual one, and ELU (Clevert et al. 2016) one that fades with distance. A moved bias puts the hinge back.

    Training is plain gradient descent on all 80 points, 100 steps. A cure begins after the step "from step" and what
    was learned until then stays. "Measure the map" trains 20 networks, each from its own seed, at 8 learning rates and
    7 starting biases, without a cure; it is no part of the state. Click a hinge or a row to take a unit in hand, a
    cell of the map to go there; drag in the lower left plot to another step. Keys: ← → step, ↑ ↓ unit.
    """

    title = "ReLU units that die"
    size = (684, 486)
    interactive = True
    sweeps = False  # its map is no part of its state

    activation = choice("relu", SHAPES, label="activation", tip="Of the hidden units, from the start")
    units = whole(8, min=1, max=MOST, label="hidden units")
    bias = number(0.0, min=-4, max=2, label="starting bias", random=False, tip="Every hidden unit begins with it")
    lr = number(10.0, min=0.01, max=100, step=0.01, log=True, label="learning rate", tip="Of plain gradient descent")
    cure = choice("none", CURES, label="cure", tip="What is changed in the middle of training")
    since = whole(50, min=0, max=STEPS, label="from step", tip="The cure begins after this step")
    step = whole(STEPS, min=0, max=STEPS, label="step", tip="How much of the training is done")
    unit = whole(1, min=1, max=MOST, label="unit in hand")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the starting weights")

    _map = None

    def range_of(self, name):
        """There are as many units as there are."""
        meta = super().range_of(name)
        return meta | {"max": self.units} if name == "unit" else meta

    def settle(self, changed):
        """The unit in hand is one that there is."""
        self.unit = min(self.unit, self.units)

    def idle(self):
        """Without a cure it begins nowhere."""
        return ("since",) if self.cure == "none" else ()

    def prepare(self):
        self._measuring = Work(self._measure, lambda: self.picture.changed(), label="Map")
        self._measuring.layout.display = "none"
        self.under = (player(self, lambda: STEPS, label="Training"), self._measuring)

    def setup(self):
        self.scene = DeadReLUScene(self.figure, RATES, BIASES)

    # --- the map ----------------------------------------------------------------------------------------------------

    @button("Measure the map", f"Train {SEEDS} networks at each of {len(RATES) * len(BIASES)} places")
    def measure(self):
        """Begin to count silent units over 20 seeds beside the page. `wait()` waits for it."""
        self._measuring.layout.display = None
        self._measuring.restart()

    def _measure(self):
        with self.picture.lock:
            self._map = found = Map(self.activation, self.units)
        return experiment.measure(found)

    def _forget_map(self):
        self._measuring.stop()
        self._measuring.layout.display = "none"
        self._map = None

    def _changed(self):
        if self._map is not None and (self._map.activation, self._map.units) != (self.activation, self.units):
            self._forget_map()
        super()._changed()

    def reset(self):
        """Back to how the figure was made; the measured map is dropped."""
        with self.picture.lock:
            self._forget_map()
            super().reset()

    def wait(self, timeout=None):
        """Wait for the map under way, at most `timeout` seconds; what is paused goes on."""
        self._measuring.resume()
        self._measuring.wait(timeout)

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def _setting(self):
        cure = {"cure": "none", "since": STEPS} if self.cure == "none" else {"cure": self.cure, "since": self.since}
        return Setting(self.activation, self.units, self.bias, self.lr, **cure, seed=self.seed)

    @property
    def _run(self):
        return experiment.run(self._setting)

    @property
    def network(self):
        """The network at the step shown, with the activation it has by then."""
        setting = self._setting
        name = experiment.later(setting) if self.step > setting.since else self.activation
        return experiment.network(setting._replace(activation=name)).with_params(self._run.params[self.step])

    def fires(self):
        """On how many of the 80 points each hidden unit fires at the step shown, (units,)."""
        return self._run.fires[self.step].copy()

    def gradients(self):
        """The length of each hidden unit's gradient, weights and bias, at the step shown, (units,)."""
        return self._run.gradient[self.step].copy()

    def silent(self):
        """How many units fire on no training point at the step shown; with ReLU they are dead."""
        return int((self.fires() == 0).sum())

    def dead(self):
        """How many units fire on no training point and have a gradient of exactly 0, at the step shown."""
        return int((self._run.state[self.step] == DEAD).sum())

    def revived(self):
        """How many units that were silent when the cure began fire again at the step shown; 0 without one or before."""
        if self.cure == "none" or self.step <= self.since:
            return 0
        return int(((self._run.fires[self.since] == 0) & (self.fires() > 0)).sum())

    def loss(self):
        """The binary cross-entropy on the 80 points at the step shown."""
        return float(self._run.losses[self.step])

    def accuracy(self):
        """The share of the 80 points that are answered rightly at the step shown, 0 to 1."""
        return float(self._run.right[self.step])

    @property
    def map(self):
        """The map so far, or None: `.before` and `.after`, mean numbers of silent units, (7 biases, 8 rates)."""
        return self._map

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        run, net = self._run, self.network
        X, y = experiment.points()
        answers = sigmoid(net(GRID)).reshape(CELLS, CELLS)
        state = run.state[self.step]
        units = {"W": net.weights[0], "b": net.biases[0], "state": state, "chosen": self.unit - 1}
        times = {"state": run.state, "at": self.step, "since": None if self.cure == "none" else self.since}
        classes = [X[y[:, 0] == k] for k in (0, 1)]
        self.scene.update({"answers": answers, "classes": classes}, units, times, self._counts(), self._words())

    def _counts(self):
        after = np.full((len(BIASES), len(RATES)), np.nan) if self._map is None else self._map.after
        texts = ["" if np.isnan(count) else signed(count, 1) for count in after.ravel()]
        here = (BIASES.index(self.bias), RATES.index(self.lr)) if self.bias in BIASES and self.lr in RATES else None
        return {"share": after / self.units, "texts": texts, "here": here}

    def _words(self):
        run, step = self._run, self.step
        names = [f"h{subscript(j + 1)}" for j in range(self.units)]
        return {
            "heading": f"{self._layer()}, bias {signed(self.bias, 1)}, learning rate {self.lr:g}: step {step}",
            "says": (self._verdict(), self._cured()),
            "map": self._map_words(),
            "names": names,
            "fires": [f"{fires} of 80" for fires in run.fires[step]],
            "gradients": [amount(gradient) for gradient in run.gradient[step]],
            "states": [STATES[state] for state in run.state[step]],
        }

    def _layer(self):
        return plural(self.units, f"{self.activation.replace('_', ' ')} unit")

    def _verdict(self):
        silent, dead = self.silent(), self.dead()
        worth = f"Loss {amount(self.loss())}, {percent(self.accuracy(), 0)} right."
        if self._run.diverged is not None and self.step >= self._run.diverged:
            return f"Diverged at step {self._run.diverged}: numbers grew too large. Before that: {worth}"
        if not silent:
            return f"Every unit fires on some point. {worth}"
        kind = f"{dead} of them have a gradient of exactly 0"
        if dead in (0, silent):
            whose, have = ("their", "they still have") if silent > 1 else ("its", "it still has")
            kind = f"{whose} gradient is exactly 0" if dead else f"{have} a gradient"
        return f"{silent} of {plural(self.units, 'unit')} never fire{'s' * (silent == 1)}; {kind}. {worth}"

    def _cured(self):
        if self.cure == "none":
            return f"Before training {_silent_at(self._run, 0)} of {self.units} were silent. No cure is used."
        cure = self.cure.replace("_", " ")
        if self.step <= self.since:
            return f"Cure after step {self.since}: {cure}. {_silent_at(self._run, self.since)} are silent then."
        silent = _silent_at(self._run, self.since)
        return f"After step {self.since}, {cure}: of {silent} silent then, {self.revived()} fire again."

    def _map_words(self):
        title = f"Of {plural(self.units, 'unit')}, silent after {STEPS} steps"
        if self._map is None:
            return f"{title}: not measured yet"
        return f"{title}: mean of {SEEDS} seeds"

    def describe(self):
        run, step, unit = self._run, self.step, self.unit - 1
        w, b = self.network.weights[0][:, unit], self.network.biases[0][unit]
        place = "crosses the plane shown" if len(hinge(w, b)) else "lies outside of the plane shown"
        fires = ", ".join(f"h{subscript(j + 1)} {count}" for j, count in enumerate(run.fires[step]))
        return (
            f"Moons, 80 points, {self._layer()}, starting bias {signed(self.bias, 1)}, "
            f"learning rate {self.lr:g}, seed {self.seed}, step {step} of {STEPS}. {self._verdict()} {self._cured()} "
            f"They fire on so many points: {fires}. In hand h{subscript(self.unit)}: gradient "
            f"{amount(run.gradient[step, unit])}; its hinge {place}. {self._map_in_words()}"
        )

    def _map_in_words(self):
        found = self._map
        if found is None or not found.done:
            return "The map of learning rates and biases is not measured yet."
        row = min(BIASES.index(0), found.done - 1)
        low, high = (signed(found.after[row, at], 1) for at in (0, -1))
        return (
            f"Over {SEEDS} seeds, starting bias {signed(BIASES[row], 0)}, {low} of {self.units} units are silent "
            f"in the end for the learning rate {RATES[0]:g}, {high} for {RATES[-1]:g}. {found.done} of {len(BIASES)} "
            "rows are measured."
        )

    # --- gestures ---------------------------------------------------------------------------------------------------

    _held = None

    def on_press(self, point):
        scene, (across, up) = self.scene, point.pixel
        self._held = scene.times.bbox.contains(across, up)
        if self._held:
            self.on_drag(point)
        elif scene.plane.bbox.contains(across, up):
            self._take(across, up)
        elif scene.cells.bbox.contains(across, up):
            at = self.point(across, up, axes=scene.cells)
            self.apply({"bias": float(BIASES[int(at.y)]), "lr": RATES[int(at.x)]})
        else:
            at = self.point(across, up, axes=scene.page)
            rows = np.abs(scene.rows[: self.units] - at.y)
            if at.x > scene.columns[0] and rows.min() < 9:
                self.unit = int(rows.argmin()) + 1

    def on_drag(self, point):
        if self._held:
            self.step = round(min(max(self.point(*point.pixel, axes=self.scene.times).x, 0), STEPS))

    def _take(self, across, up):
        """Take the unit in hand whose hinge is nearest to the pointer."""
        at, net = self.point(across, up, axes=self.scene.plane), self.network
        sizes = np.maximum(np.hypot(*net.weights[0]), 1e-12)
        away = np.abs(net.weights[0].T @ [at.x, at.y] + net.biases[0]) / sizes
        scale = self.scene.plane.bbox.width / np.ptp(self.scene.plane.get_xlim())
        if away.min() * scale < NEAR:
            self.unit = int(away.argmin()) + 1

    def on_key(self, key, shift=False):
        across = {"ArrowLeft": -1, "ArrowRight": 1}.get(key, 0) * (10 if shift else 1)
        down = {"ArrowUp": -1, "ArrowDown": 1}.get(key, 0)
        self.step = min(max(self.step + across, 0), STEPS)
        self.unit = min(max(self.unit + down, 1), self.units)
        if key in ("Home", "End"):
            self.step = {"Home": 0, "End": STEPS}[key]


def _silent_at(run, step):
    """How many units fired on no point at a step."""
    return int((run.fires[step] == 0).sum())
