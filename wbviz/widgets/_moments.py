"""The moments of a run that are worth seeing, found by computation."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wbviz.engine import losses_at
from wbviz.widgets._filming import CURVES, LEARNED, is_weight, shot
from wbviz.widgets._words import parameter_names, percent, unit_names

SPAN = 0.02  # what happens "fastest" is looked for in stretches of this share of the run
ENOUGH = 0.95  # the share of right answers that is worth a moment, and of a regression's loss that is gone
FEW = 3  # fewer points are not worth a line's moment
RISE = 1.02  # the held-out loss must rise by so much after its lowest


class Moment(NamedTuple):
    """A step, and what happens there: a short sentence, `kind` its first half."""

    step: int
    kind: str
    detail: str

    @property
    def words(self):
        """Both halves."""
        return f"{self.kind}: {self.detail}"


@lru_cache(maxsize=4)
def moments(setting):
    """The Moments of a run, in order; at most five, fewer where there is nothing to see."""
    taken = shot(setting)
    if len(taken.steps) < 3:
        return ()
    found = (_fall(taken), _sweep(taken), _sign(taken), _enough(taken), _best(taken))
    return tuple(sorted(moment for moment in found if moment is not None))


def _window(taken):
    """How many keyframes a stretch has."""
    return max(1, round(SPAN * (len(taken.steps) - 1)))


def _fall(taken):
    """Where the loss falls most in one stretch: its end."""
    wide, losses = _window(taken), taken.learned
    falls = losses[:-wide] - losses[wide:]
    at = int(falls.argmax())
    if not falls[at] > 0:
        return None
    begin, end = (int(taken.steps[k]) for k in (at, at + wide))
    return Moment(end, "loss falls fastest", f"{losses[at]:.2g} to {losses[at + wide]:.2g} in {end - begin}")


def _sweep(taken):
    """Where the line (or bend) of a first-layer unit passes over most of the points in one stretch: its end."""
    wide, net = _window(taken), taken.net.with_params(taken.params)
    with np.errstate(all="ignore"):
        sides = taken.lesson.X @ net.weights[0] + net.biases[0][:, None, :] > 0
    crossed = (sides[wide:] != sides[:-wide]).sum(axis=1)
    at, unit = np.unravel_index(int(crossed.argmax()), crossed.shape)
    if crossed[at, unit] < FEW:
        return None
    begin, end = (int(taken.steps[k]) for k in (at, at + wide))
    what = "bend" if taken.setting.dataset in CURVES else "line"
    name = unit_names(taken.setting.sizes)[1][unit]
    return Moment(end, f"{what} of {name} crosses points", f"{crossed[at, unit]} of {LEARNED} in {end - begin}")


def _sign(taken):
    """Where the weight that goes furthest from one sign to the other crosses 0 for the last time: the step after."""
    first, last = taken.params[0], taken.params[-1]
    way = np.where((first * last < 0) & is_weight(taken.net), np.abs(last - first), 0)
    chosen = int(way.argmax())
    if not way[chosen]:
        return None
    path = taken.params[:, chosen]
    step, near = _exactly(taken, int(np.flatnonzero(np.sign(path) != np.sign(last[chosen]))[-1]))
    on = np.flatnonzero(np.sign(near[:, chosen]) != np.sign(last[chosen]))[-1] + 1
    name = parameter_names(unit_names(taken.setting.sizes))[chosen]
    return Moment(step + int(on), "sign changes", f"{name} is {'+' if last[chosen] > 0 else '−'} now")


def _enough(taken):
    """The first step with 95 % right answers, or for a regression with 5 % of the first loss."""
    if taken.right is None:
        there, words = taken.learned <= (1 - ENOUGH) * taken.learned[0], ("loss is small", "5 % of the first one")
    else:
        there = taken.right.mean(axis=1) >= ENOUGH
        words = "nearly all right", f"{percent(ENOUGH, 0)} for the first time"
    if there[0] or not there.any():
        return None
    step, near = _exactly(taken, int(there.argmax()) - 1)
    if taken.right is None:
        losses = losses_at(taken.net, near, taken.lesson.X, taken.lesson.y, taken.setting.loss)
        on = (losses <= (1 - ENOUGH) * taken.learned[0]).argmax()
    else:
        on = (taken.rights(near).mean(axis=1) >= ENOUGH).argmax()
    return Moment(step + int(on), *words)


def _best(taken):
    """The step with the lowest loss on what was held out, where it rises afterwards."""
    at = int(taken.held.argmin())
    if at == 0 or taken.held[-1] < RISE * taken.held[at]:
        return None
    step, near = _exactly(taken, at - 1, at + 1)
    losses = losses_at(taken.net, near, taken.lesson.held_X, taken.lesson.held_y, taken.setting.loss)
    on = int(losses.argmin())
    return Moment(step + on, "held-out loss is lowest", f"{losses[on]:.2g}, then it rises")


def _exactly(taken, first, last=None):
    """(step of keyframe `first`, all parameters from there to keyframe `last`): the next one if not given."""
    begin, end = (int(taken.steps[min(k, len(taken.steps) - 1)]) for k in (first, first + 1 if last is None else last))
    return begin, taken.film.between(begin, end)
