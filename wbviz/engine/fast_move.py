"""What a step does with the gradient, prepared: penalty, what stands still, clipping, the optimiser's rule."""

from functools import partial

import numpy as np

from . import checks
from .fast_kernels import inner
from .fast_pass import layers
from .fast_rules import RULES


class Move:
    """The calls from the gradient of the data loss to the parameters after the step, for the settings of now.

    p: the parameters.  pair: the gradient, and room for as much again, shape (2, *p.shape).  square(): the gradient's
    squared length.  penalty(): the penalty, once the calls are made; None if there is none.
    memory: the arrays that the optimiser remembers.
    """

    def __init__(self, training, p, pair, square):
        self.training, self.p, self.g, self.square = training, p, pair[0], square
        norm, value, still = training.clip_norm, training.clip_value, training.still.reshape(p.shape)
        clipped = pair if norm is None and value is None else np.zeros_like(pair)
        self.rule = RULES[type(training.optimizer)](training.optimizer, p, clipped)
        self.memory, self.settings = memory_of(training.optimizer), _settings(training)
        calls, self.penalty = self._penalty()
        stop = [partial(np.copyto, self.g, 0.0, where=still)] if still.any() else []
        self.calls = [*calls, *stop, *self._clips(norm, value, clipped[0]), *self.rule.calls]
        if still.any():
            before = np.empty_like(p)
            self.calls.insert(0, partial(np.copyto, before, p))
            self.calls.append(partial(np.copyto, p, before, where=still))

    def suits(self, training):
        """Whether these are still the right calls: a setting that was changed is another object."""
        now = _settings(training)
        return len(now) == len(self.settings) and all(a is b for a, b in zip(now, self.settings, strict=True))

    def member(self, value, name):
        """A setting, one number or one for each network, ready to stand beside p, shape (networks, n_params)."""
        if isinstance(value, float) or not np.ndim(value):
            return value
        population = self.training.net.population
        checks.per_member(value, name, population)
        return np.broadcast_to(value, population).reshape(-1, 1)

    def _penalty(self):
        training, p, g = self.training, self.p, self.g
        l1, l2 = (np.array(self.member(getattr(training, name), name), float) for name in ("l1", "l2"))
        if not l1.any() and not l2.any():
            return [], None
        counted = np.ones_like(p)
        for Wb in () if training.penalize_biases else layers(training.net.sizes, counted):
            Wb[..., -1, :] = 0
        w, signs, pull = (np.empty_like(p) for _ in range(3))
        calls = [
            partial(np.multiply, p, counted, w),
            partial(np.sign, w, signs),
            partial(np.multiply, signs, l1, signs),
            partial(np.multiply, w, l2, pull),
            partial(np.add, g, signs, g),
            partial(np.add, g, pull, g),
            partial(np.multiply, pull, np.array(0.5), pull),
            partial(np.add, pull, signs, pull),
        ]
        return calls, inner(w, pull)

    def _clips(self, norm, value, clipped):
        g, square = self.g, self.square

        def shorten():
            np.multiply(self.g, np.minimum(norm / (np.sqrt(square()) + 1e-6), 1)[..., None], clipped)

        if norm is not None:
            yield shorten
            g = clipped
        if value is not None:
            yield partial(np.fmin, g, np.array(float(value)), clipped)
            yield partial(np.fmax, clipped, np.array(-float(value)), clipped)


def memory_of(optimizer):
    """The arrays that an optimiser remembers, or None if its first step has not yet made them."""
    names = RULES[type(optimizer)].memory(optimizer)
    return [optimizer.state[name] for name in names] if all(name in optimizer.state for name in names) else None


def _settings(training):
    """What the calls depend on, but for the rate. Strengths in an array may change inside it: they are copied."""
    optimizer = training.optimizer
    own = [value for name, value in vars(optimizer).items() if name not in ("_lr", "state")]
    strengths = [value.copy() if isinstance(value, np.ndarray) else value for value in (training.l1, training.l2)]
    others = training.penalize_biases, training.clip_norm, training.clip_value, training.frozen
    return [optimizer, *own, *memory_of(optimizer), *strengths, *others, training.history.diverged]
