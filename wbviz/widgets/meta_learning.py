"""Learning to learn: from a start that was learned on many tasks, a few steps are enough for a new one."""

import math

import numpy as np

from wbviz.engine.meta import SineTasks
from wbviz.scenes.meta_learning import ROWS, MetaLearningScene
from wbviz.widgets import _adapting as experiment
from wbviz.widgets import _adapting_words as words
from wbviz.widgets._adapting import BEFORE, HELD_OUT, INPUTS, LARGEST, METHODS, MOST_POINTS, NAMES, PLACES, STEPS
from wbviz.widgets._base import Explorer
from wbviz.widgets._panel import button
from wbviz.widgets._play import player
from wbviz.widgets._traits import choice, data, number, whole
from wbviz.widgets._work import Work

NEAR = 10  # pixels from an example to the pointer that takes hold of it


class MetaLearning(Explorer):
    """Three starts adapt to the same few points of a new sine curve: a meta-learned, a pretrained and a random one.

    Predict how many steps each will need, and whether the learned start, before any step, fits any task at all.
    Drag the curve (the ring is its crest) and the points, scrub the steps, and read the same on 100 held-out tasks.
    Understand what is learned: not an answer, but weights and biases from which a small step changes the right thing.
    See where it does not help: amplitudes never trained on, another learning rate, many points and many steps.

    The learned start was trained in advance (tools/rebuild_starts.py), for that takes minutes. From there, or from
    random weights, Start below the picture trains on for real, beside the page, with the knobs as they stand then:
    2,000 iterations of 25 tasks, Adam at 0.0004, or 0.002 from random weights. What was learned by a stop stays, for
    each method and origin, until Forget or Reset; it is no part of the state. The pretrained start was trained on as
    many tasks, all as one. Errors are mean squared distances to the true curve at 21 places; those on the 100 tasks
    are computed in float32. Keys: ← → steps, ↑ ↓ amplitude; with Shift ← → phase.
    """

    title = "Learning to learn: three starts, one new task"
    size = (680, 546)
    interactive = True
    sweeps = False  # its picture may be a training that goes on
    groups = {
        "The start is learned": ("method", "origin", "inner_steps"),
        "A task is learned": ("inner_lr", "points", "noise", "step"),
        "The task in the panels": ("amplitude", "phase", "where", "seed"),
        "Below": ("held_out", "shown"),
    }

    method = choice("MAML", METHODS, label="method", tip="How the start is learned; each has its number of inner steps")
    origin = choice(
        BEFORE, experiment.ORIGINS, label="begins as", tip="What Start goes on from, and what is shown until then"
    )
    inner_steps = whole(
        1, min=1, max=5, label="inner steps", tip="Steps on each task before the start is judged, when it is trained"
    )
    inner_lr = number(
        0.01, min=0.001, max=0.2, step=0.001, log=True, label="inner rate", tip="Learning rate of the steps on a task"
    )
    points = whole(10, min=1, max=MOST_POINTS, label="points", tip="How many examples of a task are known")
    noise = number(0.0, min=0, max=1, step=0.05, label="noise", random=False, tip="Standard deviation in their y")
    step = whole(1, min=0, max=STEPS, label="step", tip="So many steps on the task are done")
    amplitude = number(
        3.5,
        min=0.1,
        max=LARGEST,
        label="amplitude",
        random=False,
        tip="Of the task in the panels; trained on: 0.1 to 5",
    )
    phase = number(
        1.0,
        min=0,
        max=6.3,
        step=0.05,
        label="phase",
        random=False,
        tip="y = amplitude · sin(x − phase); 0 to π trained on",
    )
    where = choice("everywhere", PLACES, label="points lie", tip="Where the examples in the panels are drawn")
    seed = whole(0, min=0, max=99, label="seed", tip="Draws the examples in the panels, and random weights")
    held_out = choice("as trained on", HELD_OUT, label="other tasks", tip="What the 100 held-out tasks are like")
    shown = choice("learned", NAMES, label="weights of", tip="Whose weights and biases are listed")
    places = data(None, check=experiment.checked_places)

    def prepare(self):
        self._live = {}
        self._learning = Work(self._learn, lambda: self.picture.changed(), label="Meta-training")
        self.under = (self._learning, player(self, lambda: STEPS, label="Steps on the task", per_second=2))

    def settle(self, changed):
        """A method comes with the inner steps it was trained with; drawn points take the place of dragged ones."""
        if "method" in changed and "inner_steps" not in changed:
            self.inner_steps = experiment.stored(self.method).recipe.inner_steps
        if changed & {"points", "where", "seed"} and "places" not in changed:
            self.places = None
        if self.places is not None:
            self.points = len(self.places)

    def setup(self):
        self.scene = MetaLearningScene(self.figure, experiment.FINE[:, 0], STEPS)

    # --- learning the start -----------------------------------------------------------------------------------------

    @property
    def _key(self):
        """What a training here belongs to."""
        return self.method, self.origin, None if self.origin == BEFORE else self.seed

    def _starts(self):
        """The three Starts of the picture."""
        plain = experiment.untrained(self.seed)
        own = experiment.stored(self.method) if self.origin == BEFORE else plain
        return self._live.get(self._key, own), experiment.stored("joint training"), plain

    def _learn(self):
        with self.picture.lock:
            key, start = self._key, self._starts()[0]
            recipe = experiment.Recipe(self.inner_steps, self.inner_lr, self.points, self.noise)
            training, mean = experiment.learning(start, key[0], recipe, self.seed), None
        for k, (now, loss) in enumerate(training):
            self._live[key] = now
            mean = loss if mean is None else 0.98 * mean + 0.02 * loss
            yield (k + 1) / experiment.ITERATIONS, words.progress(key[0], now, mean)

    def train(self, iterations=200):
        """Train the learned start so many iterations more, up to 2,000, here and now. Returns the explorer.

        One that is under way beside the page is stopped first; what it learned stays.
        """
        self._stop()
        for _ in zip(range(iterations), self._learn(), strict=False):
            pass
        self.picture.changed()
        return self

    @button("Forget", "Drop what was learned here: back to the start as it was before")
    def forget(self):
        """Drop everything that was learned here, of all methods and origins."""
        self._stop()
        self._live = {}
        self.picture.changed()

    def _stop(self):
        self._learning.stop()
        self._learning.wait(2)

    @button("New task", "Draw another task of the kind trained on, for the panels")
    def new_task(self):
        """Another task for the panels, drawn as those trained on are; which one follows from the present one."""
        rng = np.random.default_rng((round(100 * self.amplitude), round(100 * self.phase)))
        tasks = SineTasks.draw(1, rng)
        self.apply({"amplitude": round(float(tasks.amplitude[0]), 1), "phase": round(20 * float(tasks.phase[0])) / 20})

    def reset(self):
        """Back to how the figure was made; what was learned here is dropped."""
        self.forget()
        super().reset()

    def wait(self, timeout=None):
        """Wait for a meta-training under way, at most `timeout` seconds; what is paused goes on."""
        self._learning.resume()
        self._learning.wait(timeout)

    # --- numbers ----------------------------------------------------------------------------------------------------

    def start_of(self, name="learned"):
        """The parameters of the "learned", "pretrained" or "random" start before any step, (481,), a copy."""
        return self._from(name).params.copy()

    def iterations(self):
        """How many meta-iterations the learned start was trained here, since it began."""
        return self._starts()[0].made

    def error(self, name="learned", step=None):
        """The error of a start on the task in the panels after so many steps (default: those shown)."""
        return float(self._adapted(name).errors[self.step if step is None else step])

    def median_error(self, name="learned", step=None):
        """The median error of a start on the 100 held-out tasks after so many steps (default: those shown)."""
        return float(experiment.quartiles(self.errors(name)).middle[self.step if step is None else step])

    def errors(self, name="learned"):
        """The error of a start on each of the 100 held-out tasks, after 0 to 10 steps: shape (11, 100)."""
        setting = self.inner_lr, self.held_out, self.points, self.noise
        return experiment.errors(self._from(name), *setting).copy()

    def steps_needed(self, error, name="learned"):
        """After how many steps the median error on the held-out tasks is at most `error`; None: not within 10."""
        return experiment.steps_to(experiment.quartiles(self.errors(name)).middle, error)

    def moved(self, name="learned"):
        """How far the step shown is from a start, all weights and biases together (Euclidean), on this task."""
        path = self._adapted(name).params
        return float(np.linalg.norm(path[self.step] - path[0]))

    @property
    def network(self):
        """The network of the start whose weights are listed, after the steps shown on the task in the panels."""
        return experiment.network().with_params(self._adapted(self.shown).params[self.step])

    @property
    def task(self):
        """The task in the panels: .X and .y, its examples (n, 1); .truth(X), the curve itself."""
        places = experiment.drawn(self.points, self.where, self.seed) if self.places is None else tuple(self.places)
        return experiment.Task(self.amplitude, self.phase, places, self.noise, self.seed)

    def _from(self, name):
        if name not in NAMES:
            raise ValueError(f"There is no start {name!r}: there are {', '.join(NAMES)}.")
        return self._starts()[NAMES.index(name)]

    def _adapted(self, name):
        return experiment.adapted(self._from(name), self.task, self.inner_lr)

    def _top(self):
        """The parameters that moved most on this task: their positions, and values before and now."""
        path = self._adapted(self.shown).params
        change = np.abs(path[self.step] - path[0])
        top = np.argsort(-change, kind="stable")[:ROWS]
        top = top[change[top] > 0]
        return top, path[0, top], path[self.step, top]

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        task, now = self.task, [self._adapted(name) for name in NAMES]
        found = [experiment.quartiles(self.errors(name)) for name in NAMES]
        self.scene.update(
            self._task_shown(task),
            [(each.curves[0], each.curves[self.step]) for each in now],
            {
                **{part: np.array([getattr(each, part) for each in found]) for part in ("low", "middle", "high")},
                "step": self.step,
                "trained": self.inner_steps,
            },
            words.moved(*self._top()),
            words.all_of(self, [each.errors for each in now], [each.middle for each in found]),
        )

    def _task_shown(self, task):
        crests = self.phase + math.pi / 2 + 2 * math.pi * np.arange(-2, 2)
        crests = crests[(crests >= INPUTS[0]) & (crests <= INPUTS[1])]
        return {
            "truth": task.truth(experiment.FINE[:, 0]),
            "points": (task.X[:, 0], task.y[:, 0]),
            "crests": (crests, np.full(len(crests), self.amplitude)),
            "limit": experiment.limit(self.amplitude),
        }

    def describe(self):
        found = [experiment.quartiles(self.errors(name)) for name in NAMES]
        return words.description(self, [self._adapted(name).errors for name in NAMES], found, self._top())

    # --- gestures ---------------------------------------------------------------------------------------------------

    _held = _axes = None

    def on_press(self, point):
        """In a panel: an example near the pointer is taken hold of, or else the curve."""
        self._axes = next((axes for axes in self.scene.panels if axes.bbox.contains(*point.pixel)), None)
        self._held = None
        if self._axes is None:
            if self.scene.curves.bbox.contains(*point.pixel):
                self._axes, self._held = self.scene.curves, "step"
                self.on_drag(point)
            return
        limit, grip = experiment.limit(self.amplitude), self.point(*point.pixel, axes=self._axes)
        self._grabbed = grip, self.phase, self.amplitude, limit
        at = self._axes.transData.transform(np.column_stack([self.task.X, self.task.y / limit]))
        apart = np.hypot(*(at - point.pixel).T)
        self._held = int(apart.argmin()) if apart.min() <= NEAR else "curve"

    def on_drag(self, point):
        if self._held is None:
            return
        at = self.point(*point.pixel, axes=self._axes)
        if self._held == "step":
            self.step = round(min(max(at.x, 0), STEPS))
        elif self._held == "curve":
            self._move_curve(at)
        else:
            places = list(self.task.places)
            places[self._held] = round(min(max(at.x, INPUTS[0]), INPUTS[1]), 2)
            self.apply({"places": places}, "point")

    def _move_curve(self, at):
        """From where it was taken hold of: sideways the phase follows, away from the middle the amplitude grows."""
        grip, phase, amplitude, limit = self._grabbed
        phase = round(20 * ((phase + at.x - grip.x) % (2 * math.pi))) / 20
        amplitude += (at.y - grip.y) * limit * (1 if grip.y >= 0 else -1)
        self.apply({"amplitude": round(min(max(amplitude, 0.1), LARGEST), 1), "phase": phase}, "curve")

    def on_key(self, key, shift=False):
        across = {"ArrowLeft": -1, "ArrowRight": 1}.get(key, 0)
        up = {"ArrowDown": -1, "ArrowUp": 1}.get(key, 0) * (10 if shift else 1)
        if across and shift:
            self.phase = round(min(max(self.phase + 0.1 * across, 0), 6.3), 2)
        elif across:
            self.step = min(max(self.step + across, 0), STEPS)
        elif up:
            self.amplitude = round(min(max(self.amplitude + 0.1 * up, 0.1), LARGEST), 1)
