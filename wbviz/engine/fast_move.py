"""What a step does with the gradient, prepared: penalty, parameters that stand still, clipping, the optimiser's rule."""

from functools import partial

import numpy as np

from . import checks
from .fast_kernels import inner
from .fast_pass import layers
from .fast_rules import RULES


class Move:
    """The calls from the gradient of the data loss to the parameters after the step, for the settings of now.

    adjust: the penalty's share is added, what stands `still` gets 0.  penalty(): the penalty, or None if there is none.
    calls: clip the gradient and move the parameters.  memory: the arrays that the optimiser remembers.
    squares: where the squared length of each gradient is noted; its last one is needed for clipping.
    """

    def __init__(self, training, p, pair, still, squares):
        self.p, self.g, self.squares = p, pair[0], squares
        self.rule = RULES[type(training.optimizer)](training.optimizer, p, pair)
        self.memory = memory_of(training.optimizer)
        self.settings = _settings(training, still)
        self.adjust, self.penalty = self._penalty(training)
        self.calls = [*self._clips(training.clip_norm, training.clip_value), *self.rule.calls]
        if still.any():
            before = np.empty_like(p)
            self.adjust.append(partial(np.copyto, self.g, 0.0, where=still))
            self.calls.insert(0, partial(np.copyto, before, p))
            self.calls.append(partial(np.copyto, p, before, where=still))

    def suits(self, training, still):
        """Whether these are still the right calls. Strengths in an array may have changed inside it: then they are not."""
        now, then = _settings(training, still), self.settings
        same = len(now) == len(then) and all(a is b for a, b in zip(now, then, strict=True))
        return same and not np.ndim(training.l1) and not np.ndim(training.l2)

    def _penalty(self, training):
        l1, l2 = (np.array(member(training, getattr(training, name), name), float) for name in ("l1", "l2"))
        if not l1.any() and not l2.any():
            return [], None
        p, g, calls = self.p, self.g, []
        w, signs, pull = (np.empty_like(p) for _ in range(3))
        if training.penalize_biases:
            w = p
        else:
            counted = np.ones_like(p)
            for Wb in layers(training.net.sizes, counted):
                Wb[..., -1, :] = 0
            calls.append(partial(np.multiply, p, counted, w))
        calls += [partial(np.sign, w, signs), partial(np.multiply, signs, l1, signs), partial(np.add, g, signs, g)]
        calls += [partial(np.multiply, w, l2, pull), partial(np.add, g, pull, g)]
        calls += [partial(np.multiply, pull, np.array(0.5), pull), partial(np.add, pull, signs, pull)]
        return calls, inner(w, pull)

    def _clips(self, norm, value):
        g, squares = self.g, self.squares

        def shorten():
            np.multiply(g, np.minimum(norm / (np.sqrt(squares[-1]) + 1e-6), 1)[..., None], g)

        if norm is not None:
            yield shorten
        if value is not None:
            yield partial(np.fmin, g, np.array(float(value)), g)
            yield partial(np.fmax, g, np.array(-float(value)), g)


def member(training, value, name):
    """A setting, one number or one for each network, ready to stand beside p, shape (networks, n_params)."""
    if not np.ndim(value):
        return value
    checks.per_member(value, name, training.net.population)
    return np.broadcast_to(value, training.net.population).reshape(-1, 1)


def memory_of(optimizer):
    """The arrays that an optimiser remembers, or None if its first step has not yet made them."""
    names = RULES[type(optimizer)].memory(optimizer)
    return [optimizer.state[name] for name in names] if all(name in optimizer.state for name in names) else None


def _settings(training, still):
    """What the calls depend on, but for the rate. A setting that was changed is another object."""
    optimizer = training.optimizer
    own = [value for name, value in vars(optimizer).items() if name not in ("_lr", "state")]
    strengths = [training.l1, training.l2, training.penalize_biases, training.clip_norm, training.clip_value]
    return [optimizer, *own, *memory_of(optimizer), *strengths, bool(still.any())]
