"""The rules of optimizers.py as prepared calls on flat vectors."""

from functools import partial

import numpy as np

from .optimizers import SGD, Adagrad, Adam, AdamW, RMSprop


class Rule:
    """One optimiser's step, prepared: the `calls`, in order, and `tune(lr, t)`, which sets what depends on the step.

    optimizer: its settings and its state, whose arrays are used as they are.  p: the parameters, shape (n_params,) or
    (networks, n_params).  g: their gradient, the first half of `pair`, shape (2, *p.shape), whose other half is free.
    A kind of rule gives its calls by `prepare()`.
    each_step: whether tune must be called before each step, not only where the rate changes.
    """

    each_step = False

    @staticmethod
    def memory(optimizer):
        """The names of what the optimiser keeps in its state; its first step, a readable one, puts them there."""
        return ()

    def __init__(self, optimizer, p, pair):
        self.optimizer, self.p, self.g = optimizer, p, pair[0]
        self.pair, self.spare = pair, np.empty_like(pair)
        self.rate = np.empty((*p.shape[:-1], 1) if p.ndim > 1 else ())
        self.calls = list(self.prepare())

    def state(self, name):
        """The optimiser's memory called `name`, in the shape of p."""
        return self.optimizer.state[name].reshape(self.p.shape)

    @property
    def t(self):
        """How many steps the optimiser has made, where its rule asks for it."""
        return 0

    def tune(self, lr, t):
        """Set the rate: lr is a number, or (networks, 1). t counts the steps from 1."""
        self.rate[...] = lr

    def descend(self, along):
        """p -= rate · along."""
        spare = self.spare[0]
        return [partial(np.multiply, along, self.rate, spare), partial(np.subtract, self.p, spare, self.p)]

    def descend_by_root(self, square):
        """p -= rate · g / (√square + eps)."""
        root, eps = self.spare[1], np.array(float(self.optimizer.eps))
        yield partial(np.sqrt, square, root)
        yield partial(np.add, root, eps, root)
        yield partial(np.divide, self.g, root, root)
        yield from self.descend(root)


class SGDRule(Rule):
    @staticmethod
    def memory(optimizer):
        return ("velocity",) if optimizer.momentum else ()

    def prepare(self):
        by, g, (spare, other) = self.optimizer, self.g, self.spare
        if by.weight_decay:
            yield partial(np.multiply, self.p, np.array(float(by.weight_decay)), other)
            yield partial(np.add, g, other, other)
            g = other
        if by.momentum:
            velocity, momentum = self.state("velocity"), np.array(float(by.momentum))
            yield partial(np.multiply, velocity, momentum, velocity)
            yield partial(np.multiply, g, np.array(1.0 - by.dampening), spare)
            yield partial(np.add, velocity, spare, velocity)
            if by.nesterov:
                yield partial(np.multiply, velocity, momentum, spare)
                yield partial(np.add, g, spare, other)
            g = other if by.nesterov else velocity
        yield from self.descend(g)


class RMSpropRule(Rule):
    @staticmethod
    def memory(optimizer):
        return ("mean_square",)

    def prepare(self):
        square, alpha, spare = self.state("mean_square"), self.optimizer.alpha, self.spare[0]
        yield partial(np.multiply, square, np.array(float(alpha)), square)
        yield partial(np.multiply, self.g, np.array(1.0 - alpha), spare)
        yield partial(np.multiply, spare, self.g, spare)
        yield partial(np.add, square, spare, square)
        yield from self.descend_by_root(square)


class AdagradRule(Rule):
    @staticmethod
    def memory(optimizer):
        return ("sum_of_squares",)

    def prepare(self):
        square, spare = self.state("sum_of_squares"), self.spare[0]
        yield partial(np.multiply, self.g, self.g, spare)
        yield partial(np.add, square, spare, square)
        yield from self.descend_by_root(square)


class AdamRule(Rule):
    """m and v lie in one block, as g and g² do, so one call moves both: (m, v) += (1 - betas) · ((g, g²) - (m, v)).

    The corrections for the start at zero go into the rate and into eps.
    """

    each_step = True

    @staticmethod
    def memory(optimizer):
        return ("m", "v", "t")

    def prepare(self):
        state = self.optimizer.state
        both = np.stack([state["m"], state["v"]])
        state["m"], state["v"] = both
        both, away, (g, square), root = both.reshape(self.pair.shape), self.spare, self.pair, self.spare[1]
        share = np.empty_like(both)
        share[0], share[1] = (1 - beta for beta in self.optimizer.betas)
        self.eps = np.empty(())
        yield partial(np.multiply, g, g, square)
        yield partial(np.subtract, self.pair, both, away)
        yield partial(np.multiply, away, share, away)
        yield partial(np.add, both, away, both)
        yield partial(np.sqrt, both[1], root)
        yield partial(np.add, root, self.eps, root)
        yield partial(np.divide, both[0], root, root)
        yield from self.descend(root)

    @property
    def t(self):
        return int(self.optimizer.state["t"])

    def tune(self, lr, t):
        beta1, beta2 = self.optimizer.betas
        correction = (1 - beta2**t) ** 0.5
        self.optimizer.state["t"][()] = t
        self.eps[()] = self.optimizer.eps * correction
        self.rate[...] = lr * (correction / (1 - beta1**t))


class AdamWRule(AdamRule):
    def prepare(self):
        self.decay = np.empty_like(self.rate)
        yield partial(np.multiply, self.p, self.decay, self.p)
        yield from super().prepare()

    def tune(self, lr, t):
        super().tune(lr, t)
        self.decay[...] = 1 - lr * self.optimizer.weight_decay


RULES = {SGD: SGDRule, RMSprop: RMSpropRule, Adam: AdamRule, AdamW: AdamWRule, Adagrad: AdagradRule}
