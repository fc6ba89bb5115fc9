"""One step of gradient descent: why against the gradient, and how far is too far."""

import numpy as np

from wbviz.engine import Network
from wbviz.scenes._axes import stepped_limit
from wbviz.scenes._grid import LIMITS
from wbviz.scenes.update_step import FINE, UpdateStepScene
from wbviz.widgets import _descent as descent
from wbviz.widgets import _descent_words as words
from wbviz.widgets._base import Explorer
from wbviz.widgets._descent import AGAINST, ALONG, DIRECTIONS, ONE, POINTS, RANDOM, SEEDS, SIZES, line_along
from wbviz.widgets._descent_words import brief
from wbviz.widgets._panel import button
from wbviz.widgets._parameters import checked_index, small_network
from wbviz.widgets._traits import choice, data, number, parameters, toggle, whole
from wbviz.widgets._words import parameter_names, plural, signed, unit_names

NAMES = parameter_names(unit_names(SIZES))
LIMIT = 10.0  # how large a weight or bias may become
MOST_STEPS = 500
DOT_REACH = 8  # how near, in pixels, the pointer must be to a random direction


def checked_trail(value):
    """Pairs (loss, length of the gradient), one for each step taken: at most 500. Raises ValueError."""
    pairs = [[float(number) for number in pair] for pair in value]
    if len(pairs) > MOST_STEPS or any(len(p) != 2 or not np.isfinite(p).all() or min(p) < 0 for p in pairs):
        raise ValueError(f"expected at most {MOST_STEPS} pairs of a loss and the length of a gradient.")
    return pairs


def _checked_choice(value):
    if checked_index(value) >= len(NAMES):
        raise ValueError(f"the network has {len(NAMES)} parameters, 0 to {len(NAMES) - 1}, but got {value!r}.")
    return int(value)


class UpdateStep(Explorer):
    """The 2-4-1 network takes one step; the loss at every length of that step, and what the slope predicts.

    Predict where the loss goes before pressing "Take the step"; compare. Against the gradient the loss falls fastest,
    100 random directions say so; the straight prediction holds for small steps only, and from some lr on the step does
    harm. Small steps lead to where the gradient shrinks, and the same lr moves the network less.
    Pointer: drag in the upper plot (lr follows); click a dot among the directions, or an end of their axis.
    Keys: ← → change lr (with Shift in bigger steps), ↑ ↓ the direction, Enter takes the step.
    """

    title = "A step along the gradient"
    size = (680, 460)
    interactive = True
    kept_knobs = ("lr",)
    sizes = SIZES

    dataset = choice("moons", descent.DATA, label="data", tip=f"{POINTS} points of two classes, targets 0 and 1")
    direction = choice(AGAINST, DIRECTIONS, label="direction", tip="Where the step goes; its length is lr times that")
    lr = number(0.1, min=0, max=descent.LARGEST, step=0.01, label="lr", tip="The learning rate", random=False)
    seed = whole(0, min=0, max=SEEDS - 1, label="random no.", tip="Which of the 100 random directions is marked")
    second = toggle(False, label="second order too", tip="What slope and curvature together predict: a parabola")
    zoom = toggle(False, label="zoom in on the loss", tip="Its axis close about where it is now, or from 0")
    params = parameters(Network(SIZES, seed=0).params, min=-LIMIT, max=LIMIT, tip="The network before the step")
    chosen = data(len(NAMES) - 1, check=_checked_choice)
    trail = data([], check=checked_trail)

    def settle(self, changed):
        """Steps that were taken belong to the network that took them."""
        if changed & {"params", "dataset"} and "trail" not in changed:
            self.trail = []

    def _drawn(self, name, rng):
        """A random network is one as it would be before training."""
        if name == "params":
            return Network(SIZES, seed=int(rng.integers(10_000))).params.tolist()
        return super()._drawn(name, rng)

    def setup(self):
        self.scene = UpdateStepScene(self.figure, descent.DRAWN, SEEDS)

    # --- numbers ----------------------------------------------------------------------------------------------------

    @property
    def network(self):
        """The network before the step."""
        return small_network(SIZES, self.params)

    @property
    def line(self):
        """The loss along the direction in hand: see Line."""
        return self._line_from(self.params)

    def _line_from(self, params):
        chosen, seed = self.chosen if self.direction == ONE else 0, self.seed if self.direction == RANDOM else 0
        return line_along(tuple(params), self.dataset, self.direction, chosen, seed)

    @property
    def taken(self):
        """How many steps were taken."""
        return len(self.trail)

    def loss(self):
        """The loss before the step."""
        return self.line.loss

    def norm(self):
        """‖g‖, the length of the gradient before the step."""
        return float(np.linalg.norm(self.line.gradient))

    def stepped(self):
        """All parameters after the step: params + lr · d."""
        return np.array(self.params) + self.lr * self.line.direction

    def predicted(self):
        """The change of the loss to first order: lr times the slope; against the gradient −lr·‖g‖²."""
        return self.lr * self.line.slope

    def actual(self):
        """The change of the loss that the step really brings."""
        return self._after() - self.line.loss

    def _after(self):
        return descent.loss_at(tuple(self.stepped().tolist()), self.dataset)

    def turns_at(self):
        """The lr at which the loss stops falling: 0 where it rises at once, None beyond 200."""
        return self.line.turns

    def rises_at(self):
        """The lr from which the loss is higher than before the step: 0 where it rises at once, None beyond 200."""
        return self.line.rises

    def steepness(self):
        """The slope in the direction in hand, per unit of length, as a share of ‖g‖: −1 is against the gradient."""
        return _share(self.line.slope, np.linalg.norm(self.line.direction) * self.norm())

    # --- taking steps -----------------------------------------------------------------------------------------------

    @button("Take the step", "params ← params + lr · direction")
    def take_step(self):
        """Change the parameters by the step, and count it."""
        self._take(1)

    @button("Take 10", "Ten steps, each with the gradient at the place reached")
    def take_ten(self):
        """Take ten steps, each from where the last one led."""
        self._take(10)

    def _take(self, count):
        params, trail = self.params, list(self.trail)
        for turn in range(1, count + 1):
            line = self._line_from(params)
            params = (np.array(params) + self.lr * line.direction).tolist()
            trail.append([line.loss, float(np.linalg.norm(line.gradient))])
            self._refuse(params, len(trail), "This step" if turn == 1 else f"Step {turn} from here")
        self.apply({"params": params, "trail": trail})

    def _refuse(self, params, steps, step):
        """Raise ValueError where a step leads out of the range of the parameters, or there were too many."""
        worst = int(np.abs(params).argmax())
        if abs(params[worst]) > LIMIT:
            raise ValueError(
                f"{step} is too large: it would take {NAMES[worst]} to {signed(params[worst])}, and the weights and "
                f"biases go from −10 to 10. Choose a smaller lr."
            )
        if steps > MOST_STEPS:
            raise ValueError(f"{MOST_STEPS} steps were taken: press Reset to begin anew.")

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        line, norm, shares = self.line, self.norm(), self._shares()
        strip = shares, self.seed, self.steepness(), self.direction == RANDOM
        trail = [*self.trail, [line.loss, norm]]
        self.scene.update(
            line, self.lr, self._after(), words.loss_axis(*self._span()), strip, trail, self._words(shares)
        )

    def _span(self):
        """The ends of the axis of the loss: from 0, or close about where it starts and how far it can fall."""
        loss, lowest = self.line.loss, float(self.line.losses.min())
        if not self.zoom:
            return 0.0, stepped_limit(1.7 * loss, LIMITS)
        reach = stepped_limit(1.4 * max(loss - lowest, abs(self.line.slope) / 20), FINE)
        return loss - reach, loss + reach

    def _shares(self):
        """The slopes in the random directions, as shares of the gradient's length."""
        return descent.random_slopes(tuple(self.params), self.dataset)

    def _words(self, shares):
        line, norm = self.line, brief(self.norm())
        return {
            "lines": [
                self._heading(),
                f"after: params + {signed(self.lr)}·d,   {self._rule()}",
                f"slope d·g = {brief(line.slope)},   ‖g‖ = {norm}",
                words.verdict(self.line, self.lr, self.actual()),
            ],
            "bars": [brief(self.predicted()), brief(self.actual())],
            "legend": [
                f"predicted: {words.predicted(line)}",
                words.turning(self.line),
                words.rising(self.line),
                "higher than before the step",
                f"second order: {words.corrected(line)}" if self.second else "",
            ],
            "second": self.second,
            "ends": [f"−{norm}", "0", norm],
            "counted": words.counted(shares).capitalize(),
            "taken": f"Steps taken: {self.taken}",
            "hint": "Drag lr in the plot, click a direction.   Keys:  ← → lr,   ↑ ↓ direction,   Enter takes the step",
        }

    def _heading(self):
        return {RANDOM: f"Random direction no. {self.seed}", ONE: f"Only {NAMES[self.chosen]}"}.get(
            self.direction, self.direction.capitalize()
        )

    def _rule(self):
        alone = f"d = {brief(self.line.direction[self.chosen])}"
        return {AGAINST: "d = −g", ALONG: "d = g", RANDOM: "‖d‖ = ‖g‖", ONE: alone}[self.direction]

    def describe(self):
        line, shares, (low, high) = self.line, self._shares(), self._span()
        return (
            f"{POINTS} points of {self.dataset}: loss {brief(line.loss)}, length of the gradient ‖g‖ = "
            f"{brief(self.norm())}; {plural(self.taken, 'step')} taken. {self._heading()}: the slope is "
            f"{brief(line.slope)}. {self._step_in_words(line)} Along this direction the loss: {words.turning(line)}; "
            f"{words.rising(line)}. Random directions: {words.counted(shares)}; no. {self.seed} has "
            f"{words.whole_percent(-shares[self.seed])}. The axis of the loss goes from {brief(low)} to {brief(high)}."
        )

    def _step_in_words(self, line):
        bent = brief(self.predicted() + self.lr**2 / 2 * line.curvature)
        second = f", to second order by {bent}" if self.second else ""
        return (
            f"A step with lr = {signed(self.lr)} is predicted to change the loss by {brief(self.predicted())}{second}. "
            f"It changes it by {brief(self.actual())}. {words.verdict(line, self.lr, self.actual())}"
        )

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        if point.axes is self.scene.strip:
            self._pick(point)
        self.on_drag(point)

    def on_drag(self, point):
        if point.axes is self.scene.plot:
            self.lr = round(float(min(max(point.x, 0.0), descent.LARGEST)), 2)

    def _pick(self, point):
        """Take the direction that was clicked: one of the random ones, or an end of the axis."""
        dots = self.scene.strip.transData.transform(self.scene.others.get_xydata())
        away = np.hypot(*(dots - point.pixel).T)
        if away.min() < DOT_REACH:
            self.apply({"direction": RANDOM, "seed": int(away.argmin())})
        elif abs(point.x) > 0.9:
            self.direction = AGAINST if point.x < 0 else ALONG

    def on_key(self, key, shift=False):
        if key in ("ArrowLeft", "ArrowRight"):
            change = (0.1 if shift else 0.01) * (1 if key == "ArrowRight" else -1)
            self.lr = round(min(max(self.lr + change, 0.0), descent.LARGEST), 10)
        elif key in ("ArrowUp", "ArrowDown"):
            place = DIRECTIONS.index(self.direction) + (1 if key == "ArrowDown" else -1)
            self.direction = DIRECTIONS[place % len(DIRECTIONS)]
        elif key == "Enter":
            self.take_step()


def _share(slope, length):
    return slope / length if length else 0.0
