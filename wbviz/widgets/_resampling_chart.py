"""The chart of BiasVariance: which places it has along its axis, and what is drawn of what was measured there."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.scenes._axes import stepped_limit
from wbviz.scenes._grid import LIMITS
from wbviz.widgets import _resampling as experiment
from wbviz.widgets._resampling import CAPACITIES, GAUSSIAN, LAMBDAS, LONGEST, MOMENTS, NETWORK, Setting

CAPACITY, LAMBDA, EPOCHS = VIEWS = ("against capacity", "against λ", "over the epochs")
#: The trait that each chart has on its axis.
FIELDS = {CAPACITY: "capacity", LAMBDA: "lam", EPOCHS: "epochs"}
STACKED, LOGARITHMIC = SCALES = ("stacked", "logarithmic")
#: A logarithmic chart ends here; a stacked one at so many times its least error.
HIGHEST, STEEPEST = 100.0, 8.0
LAMBDA_TICKS = ("0", "10⁻⁴", "", "10⁻³", "", "0.01", "", "0.1", "", "1")


class Chart(NamedTuple):
    """A setting, what runs across, and on which scale. Places are capacities, strengths or epochs."""

    setting: Setting
    view: str
    scale: str

    @property
    def field(self):
        return FIELDS[self.view]

    def places(self):
        """The places along the axis at which it is measured."""
        if self.view == EPOCHS:
            return MOMENTS
        return LAMBDAS if self.view == LAMBDA else experiment.capacities(self.setting)

    def settings(self):
        """What has to be learned for it; a training knows its own epochs."""
        if self.view == EPOCHS:
            return []
        return [self.setting._replace(**{self.field: place}) for place in self.places()]

    def other(self, before):
        """Whether the chart of the setting `before` was another one."""
        return before._replace(**{self.field: 0}) != self.setting._replace(**{self.field: 0})

    def moments(self, known, fit):
        """What is known along the axis, a Moment for each place; if nothing is, the present Fit alone."""
        if self.view == EPOCHS:
            return list(fit.path) or [fit.moment]
        looked_up = ((getattr(each, self.field), known.get(each)) for each in self.settings())
        found = [(place, moment) for place, moment in looked_up if moment is not None]
        found = found or [(getattr(self.setting, self.field), fit.moment)]
        return [moment._replace(at=place) for place, moment in found]

    def complete(self, known):
        return all(each in known for each in self.settings())

    # --- along the axis ---------------------------------------------------------------------------------------------

    def position(self, place):
        """Where a place lies on the axis: ratios for capacities and epochs, equal steps for strengths."""
        if self.view == LAMBDA:
            return float(LAMBDAS.index(place))
        return math.log10(place + (self.view == EPOCHS))

    def nearest(self, x):
        """The place nearest to a point of the axis, any whole number for capacities and epochs."""
        if self.view == LAMBDA:
            return LAMBDAS[min(max(round(x), 0), len(LAMBDAS) - 1)]
        if self.view == EPOCHS:
            return round(min(max(10**x - 1, 0), LONGEST)) if self.setting.model == NETWORK else None
        return round(min(max(10**x, 1), self._most))

    def next(self, step):
        """The measured place after the present one (step 1), or before it (−1)."""
        here, places = getattr(self.setting, self.field), self.places()
        if self.view == EPOCHS and self.setting.model != NETWORK:
            return None
        beyond = [place for place in places if (place - here) * step > 0]
        return (min if step > 0 else max)(beyond, default=here)

    @property
    def _most(self):
        return CAPACITIES[self.setting.model][1]

    def ticks(self):
        """Places of the axis with a text, as positions."""
        if self.view == LAMBDA:
            return tuple(enumerate(LAMBDA_TICKS))
        if self.view == EPOCHS:
            return tuple((self.position(e), f"{e:,}") for e in (0, 1, 3, 10, 30, 100, 300, 1000))
        if self.setting.model == NETWORK:
            return tuple((self.position(h), str(h)) for h in (1, 2, 4, 8, 16, 32))
        n = self.setting.examples
        kept = [p for p in (1, 2, 5, 10, 20, 50, 100, 200) if abs(math.log10(p / n)) > 0.35]
        return (*((self.position(p), str(p)) for p in kept), (self.position(n), f"n = {n}"))

    # --- what is drawn ----------------------------------------------------------------------------------------------

    def drawn(self, moments, known):
        """What the scene's chart takes."""
        stack = np.array([[m.noise, m.bias2.value, m.variance.value] for m in moments]).T
        errors = np.array([[0.0, m.bias2.error, m.variance.error] for m in moments]).T
        measured = np.array([m.measured for m in moments])
        low, high = self._limits(stack, measured)
        ends = [self.position(place) for place in (self.places()[0], self.places()[-1])]
        pad = 0.03 * (ends[1] - ends[0])
        return {
            "x": np.array([self.position(m.at) for m in moments]), "stack": stack,
            "clear": (stack > errors) & (stack > 0), "measured": measured,
            "log": self.scale == LOGARITHMIC, "limits": (low, high), "ticks": self.ticks(),
            "ends": (ends[0] - pad, ends[1] + pad), "at": self.position(getattr(self.setting, self.field)),
            "name": self.name, "closed": self._closed(high),
            "ghost": self.ghost(known),
        }  # fmt: skip

    def ghost(self, known):
        """What was measured without λ, to compare with: positions and total errors; None where nothing was."""
        if self.view != CAPACITY or not self.setting.lam:
            return None
        free = [each for each in self._replace(setting=self.setting._replace(lam=0)).settings() if each in known]
        if len(free) < 2:
            return None
        totals = [known[each].total.value for each in free]
        return np.array([self.position(each.capacity) for each in free]), np.array(totals)

    @property
    def name(self):
        """What the axis is called."""
        return (
            CAPACITIES[self.setting.model][0] if self.view == CAPACITY else {LAMBDA: "λ", EPOCHS: "epochs"}[self.view]
        )

    def _limits(self, stack, measured):
        totals = stack.sum(axis=0)
        if self.scale == LOGARITHMIC:
            least = stack[0, 0] or max(totals.min() / 10, 1e-6)
            return float(10.0 ** min(max(math.floor(math.log10(least / 2)), -3), -1)), HIGHEST
        highest = max(totals.max(), measured[:, 0].max())
        return 0.0, stepped_limit(1.05 * min(highest, STEEPEST * totals.min()), LIMITS)

    def _closed(self, high):
        """The closed form along the axis, cut off well above the chart; None where there is none."""
        if self.setting.model != GAUSSIAN or self.view == EPOCHS:
            return None
        x, y = _theory(self.setting._replace(**{self.field: 0}), self.view)
        return x, np.minimum(y, 10 * high)


@lru_cache(maxsize=4)
def _theory(setting, view):
    """The closed form at every capacity, or at every strength: positions and expected errors, infinite ones too."""
    field, chart = FIELDS[view], Chart(setting, view, STACKED)
    places = LAMBDAS if view == LAMBDA else range(1, CAPACITIES[GAUSSIAN][1] + 1)
    each = [setting._replace(**{field: place}) for place in places]
    errors = [experiment.closed_form(one, one.capacity) for one in each]
    return np.array([chart.position(place) for place in places]), np.array(errors)
