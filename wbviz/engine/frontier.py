"""The frontier between accuracy and fairness: networks of many penalties and seeds, trained at once."""

import numpy as np

from . import checks
from .activations import sigmoid
from .fairness import FairnessPenalty, fair_loss, weighted_entropy
from .group_metrics import group_metrics
from .group_thresholds import decide
from .network import Network
from .optimizers import Adam
from .training import Training


class Frontier:
    """Networks that differ in the strength of their fairness penalty, and in their seeds: a population (L, S).

    X (n, d), y (n,), groups (n,): the rows to learn from, X on a common scale. With a leading axis (S, …) each of the
    S networks of a λ has rows of its own, and is asked about rows of its own: X (S, m, d), groups (S, m).
    strengths: the L values of λ.  seeds: S start weights, of seed, seed + 1, …; those of every λ start alike.
    goal: a name in PENALTIES.  weights: of the rows (see `reweighing`).
    l2: strength of the L2 penalty, a number or one for each λ.  hidden: widths of hidden layers; () is logistic
    regression.  epochs, lr: steps of Adam on all rows.
    `for step in frontier` takes one step for all networks at each turn, and may be left at any time.
    """

    def __init__(
        self,
        X,
        y,
        groups,
        strengths=(0.0,),
        seeds=1,
        goal="demographic_parity",
        hidden=(),
        weights=None,
        l2=0.0,
        epochs=150,
        lr=0.05,
        seed=0,
        names=None,
    ):
        self.strengths = np.atleast_1d(checks.floats(checks.rate(strengths, "strengths"), "strengths"))
        self.goal, self.names, self.weights = goal, names, weights
        sizes = [np.shape(X)[-1], *(hidden if np.iterable(hidden) else (hidden,)), 1]
        starts = Network(sizes, seed=seed, population=checks.whole(seeds, "seeds")).params
        l2 = checks.floats(checks.rate(l2, "l2"), "l2")
        net = Network(sizes).with_params(np.broadcast_to(starts, (len(self.strengths), *starts.shape)))
        self.training = Training(
            net,
            X,
            y,
            loss=fair_loss(y, groups, goal, self.strengths[:, None], weights, names),
            optimizer=Adam(lr),
            epochs=epochs,
            l2=l2[:, None] if l2.ndim else float(l2),
        )
        self.penalty = FairnessPenalty(goal, y, groups, names)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.training)

    def run(self, steps=None):
        """Take so many steps, or all that are left → self."""
        self.training.run(steps)
        return self

    @property
    def net(self):
        """The networks, a population of shape (L, S)."""
        return self.training.net

    @property
    def made(self):
        return self.training.made

    @property
    def n_steps(self):
        return self.training.n_steps

    @property
    def done(self):
        return self.training.done

    def p(self, X):
        """The probability of y = 1 for each row of X, by each network: (L, S, n)."""
        return sigmoid(self.net(X)[..., 0])

    def points(self, X, y, groups, threshold=0.5):
        """How each network treats the groups of these rows → GroupMetrics with leading axes (L, S).

        threshold: 1 is said above it; a number, or one for each group (see `decide`).
        """
        return group_metrics(y, decide(self.p(X), groups, threshold, self.names), groups, self.names)

    def loss_parts(self):
        """What the rows learned from cost now: data loss (L, S), and the penalty (L, S), not yet times λ."""
        y_hat = self.net(self.training.X)
        weights = 1.0 if self.weights is None else np.asarray(self.weights)[..., None]
        return weighted_entropy(y_hat, self.training.y, weights), self.penalty.value(y_hat)
