"""A learning rate that changes during training: choose a schedule or draw one, and see what it does to a noisy run."""

import numpy as np

from wbviz.scenes.schedule_designer import ScheduleDesignerScene
from wbviz.widgets import _schedule_words as words_of
from wbviz.widgets import _scheduling as experiment
from wbviz.widgets._base import Explorer
from wbviz.widgets._schedule_code import numpy_schedule, pytorch_schedule
from wbviz.widgets._scheduling import BATCHES, DRAWN, KINDS, PLACES, SEEDS, TAIL, Plan
from wbviz.widgets._traits import choice, data, number, numbers, whole

LAST = PLACES - 1
#: Rises in a tenth of the run, holds, and falls over the last third.
BEGIN = [min(1.0, 0.1 + 0.9 * k / 4, max(0.0, (LAST - k) / 14)) for k in range(PLACES)]
#: The knobs that a schedule takes, beside lr.
ARGUMENTS = {
    "step": ("step_size", "gamma"), "multistep": ("milestones", "gamma"), "exponential": ("left",),
    "polynomial": ("power",), "cosine": ("eta_min",), "warm_restarts": ("T_0", "T_mult", "eta_min"),
    "linear_warmup": ("warmup", "start_factor"), "one_cycle": ("pct_start", "div_factor"),
}  # fmt: skip
SHAPING = ("step_size", "milestones", "gamma", "left", "power", "eta_min", "T_0", "T_mult", "warmup", "start_factor")
SHAPING += ("pct_start", "div_factor")


def checked_shares(value):
    """A drawing as a list of PLACES shares of lr, each from 0 to 1. Raises ValueError."""
    if isinstance(value, str) or not hasattr(value, "__len__") or len(value) != PLACES:
        raise ValueError(f"expected a list of {PLACES} shares of lr, but got {value!r}.")
    shares = [float(share) for share in value]
    if not all(0 <= share <= 1 for share in shares):
        raise ValueError(f"each share of lr must be from 0 to 1, but they go from {min(shares)} to {max(shares)}.")
    return [round(share, 3) for share in shares]


def checked_place(value):
    """A place of the drawing: a whole number from 0 to PLACES − 1. Raises ValueError."""
    if isinstance(value, bool) or int(value) != value or not 0 <= value <= LAST:
        raise ValueError(f"expected a whole number from 0 to {LAST}, but got {value!r}.")
    return int(value)


class ScheduleDesigner(Explorer):
    """The 2-4-1 network learns from mini-batches of blurred moons while its learning rate follows a schedule.

    Predict where the loss ends with a constant rate and with one that falls: a step on a few examples is a guess, and
    a large rate keeps acting on the last guess. Choose a schedule, or draw one; the same network runs from the same
    start with the same mini-batches, beside a constant rate. See that the constant one hovers on a noise floor that is
    lower the smaller the rate, that small rates take long to get there, and that a falling rate has both.

    Drag in the upper plot to draw (whatever was there is taken over into the drawing), in the lower one to move the
    ring. Keys: ← → move the ring (with Shift further), ↑ ↓ change the rate there (with Shift from there on), Home, End.
    """

    title = "A schedule for the learning rate"
    size = (660, 468)
    interactive = True
    groups = {"Schedule": ("schedule", "lr", *SHAPING), "Training": ("beside", "batch", "steps", "seed")}

    schedule = choice("cosine", KINDS, label="schedule", tip="How the learning rate changes from step to step")
    lr = number(1.0, min=0.01, max=5, step=0.01, log=True, label="lr", tip="The highest rate of the schedule")
    step_size = whole(100, min=5, max=400, step=5, label="step size", tip="After so many steps lr falls, and again")
    milestones = numbers(
        [0.5, 0.75], min=0, max=1, step=0.025, label=["1st fall at", "2nd fall at"], length=(2, 2), random=False,
        tip="As a share of all steps",
    )  # fmt: skip
    gamma = number(0.2, min=0.05, max=1, step=0.05, label="factor γ", tip="What lr is multiplied by", random=False)
    left = number(
        0.01, min=0.001, max=1, step=0.001, log=True, label="left at end", tip="The share of lr left after all steps"
    )
    power = number(1.0, min=0.25, max=4, step=0.25, label="power", tip="1: a straight line", random=False)
    eta_min = number(0.0, min=0, max=0.5, step=0.01, label="lowest", tip="As a share of lr", random=False)
    T_0 = whole(60, min=10, max=400, step=5, label="first cycle", tip="The steps up to the first restart")
    T_mult = whole(2, min=1, max=3, label="times longer", tip="How many times as long each cycle is as the last")
    warmup = whole(80, min=5, max=400, step=5, label="warm-up", tip="After so many steps lr is reached")
    start_factor = number(0.1, min=0.01, max=1, step=0.01, label="begins at", tip="As a share of lr", random=False)
    pct_start = number(0.3, min=0.05, max=0.95, step=0.05, label="rising share", tip="Of all steps", random=False)
    div_factor = number(
        25.0, min=1, max=100, step=1, label="divided by", tip="It begins at lr divided by this", random=False
    )
    beside = number(
        1.0, min=0.01, max=5, step=0.01, log=True, label="constant lr", tip="The constant rate it is compared with"
    )
    batch = choice(5, BATCHES, label="mini-batch", tip="Examples in a step; 100 are all, and there is no noise then")
    steps = whole(400, min=100, max=800, step=50, label="steps in all", tip="How long the training is")
    seed = whole(3, min=0, max=SEEDS - 1, label="run shown", tip="Which of the 20 seeds is drawn as a thin line")
    drawn = data(BEGIN, check=checked_shares)
    place = data(LAST // 2, check=checked_place)

    def idle(self):
        """Each schedule has knobs of its own."""
        return tuple(name for name in SHAPING if name not in ARGUMENTS.get(self.schedule, ()))

    def setup(self):
        self.scene = ScheduleDesignerScene(self.figure)

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def plan(self):
        """The schedule as it stands, in the engine's own arguments: `.schedule(step)`, `.rates`."""
        return Plan(self.schedule, self.lr, self.steps, tuple(self._arguments().items()))

    def _arguments(self):
        low, steps = self.eta_min * self.lr, self.steps
        return {
            "constant": lambda: {},
            "step": lambda: {"step_size": self.step_size, "gamma": self.gamma},
            "multistep": lambda: {
                "milestones": tuple(sorted(round(share * steps) for share in self.milestones)), "gamma": self.gamma,
            },
            "exponential": lambda: {"gamma": self.left ** (1 / steps)},
            "polynomial": lambda: {"total_iters": steps, "power": self.power},
            "cosine": lambda: {"T_max": steps, "eta_min": low},
            "warm_restarts": lambda: {"T_0": self.T_0, "T_mult": self.T_mult, "eta_min": low},
            "linear_warmup": lambda: {"start_factor": self.start_factor, "total_iters": self.warmup},
            "one_cycle": lambda: {
                "total_steps": steps, "pct_start": self.pct_start, "div_factor": self.div_factor,
            },
            DRAWN: lambda: {"shares": tuple(self.drawn)},
        }[self.schedule]()  # fmt: skip

    @property
    def rates(self):
        """The learning rate of every step, (steps,)."""
        return self.plan.rates

    @property
    def run(self):
        """What came of the schedule: `.at` (81,) steps, `.above` (81, 20) losses above the lowest, `.floor` (20,)."""
        return experiment.run(self.plan, self.batch)

    @property
    def constant_run(self):
        """What came of the constant rate, as `run`."""
        return experiment.run(Plan("constant", self.beside, self.steps, ()), self.batch)

    def floor(self):
        """How far above the lowest loss the last tenth of the steps lies: the mean of 20 seeds."""
        return float(self.run.floor.mean())

    def constant_floor(self):
        """The same with the constant rate."""
        return float(self.constant_run.floor.mean())

    def wins(self):
        """In how many of the 20 seeds the schedule ends lower than the constant rate."""
        return int((self.run.floor < self.constant_run.floor).sum())

    def codes(self):
        """The schedule as source text, to be run elsewhere: name → function without arguments."""
        return {"NumPy": lambda: numpy_schedule(self.plan), "PyTorch": lambda: pytorch_schedule(self.plan)}

    @property
    def _step(self):
        """The step at the ring."""
        return round(self.place * self.steps / LAST)

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        rates, run, constant = self.rates, self.run, self.constant_run
        here = [float(np.interp(self._step, each.at, each.above.mean(axis=1))) for each in (run, constant)]
        curves = [f(each) for each in (run, constant) for f in (self._mean, self._single)]
        dots = self.lr * np.array(self.drawn if self.schedule == DRAWN else [])
        self.scene.update(
            {"line": rates, "constant": self.beside, "top": max(self.lr, self.beside), "dots": dots},
            {"step": self._step, "rate": self._rate(rates)},
            {"at": run.at, "curves": curves, "tail": run.at[-TAIL], "here": here},
            words_of.words(self, rates, here),
        )

    def _mean(self, run):
        return run.above.mean(axis=1)

    def _single(self, run):
        return run.above[:, self.seed]

    def _rate(self, rates):
        """The rate at the ring; after the last step it is that of the last."""
        return float(rates[min(self._step, self.steps - 1)])

    def describe(self):
        return words_of.described(self)

    # --- gestures ---------------------------------------------------------------------------------------------------

    _last = None

    def on_press(self, point):
        self._last = None
        self.on_drag(point)

    def on_drag(self, point):
        scene = self.scene
        held = next((axes for axes in (scene.rates, scene.losses) if axes.bbox.contains(*self.grip.pixel)), None)
        if held is None:
            return
        there = self.point(*point.pixel, axes=held)
        place = min(max(round(there.x * LAST / self.steps), 0), LAST)
        if held is scene.losses:
            self.apply({"place": place}, gesture="place")
        else:
            self._draw(place, min(max(there.y / self.lr, 0.0), 1.0))

    def _draw(self, place, share):
        """Draw a straight line from where the pointer was to a share of lr at a place."""
        shares, (before, from_share) = self._shares(), self._last or (place, share)
        low, high = sorted([(before, from_share), (place, share)])
        for k in range(low[0], high[0] + 1):
            shares[k] = float(np.interp(k, (low[0], high[0]), (low[1], high[1]))) if high[0] > low[0] else share
        self._last = place, share
        self.apply({"schedule": DRAWN, "drawn": shares, "place": place}, gesture="draw")

    def _shares(self):
        """The schedule as it stands, as a drawing."""
        return list(self.drawn) if self.schedule == DRAWN else experiment.traced(self.plan)

    def on_key(self, key, shift=False):
        across = {"ArrowLeft": -1, "ArrowRight": 1}.get(key, 0) * (4 if shift else 1)
        up = {"ArrowDown": -0.05, "ArrowUp": 0.05}.get(key, 0)
        if across:
            self.apply({"place": min(max(self.place + across, 0), LAST)}, gesture="place")
        elif up:
            shares = self._shares()
            for k in range(self.place, PLACES if shift else self.place + 1):
                shares[k] = min(max(shares[k] + up, 0.0), 1.0)
            self.apply({"schedule": DRAWN, "drawn": shares}, gesture="draw")
        elif key in ("Home", "End"):
            self.place = 0 if key == "Home" else LAST
