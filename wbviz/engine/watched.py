"""A recipe that is trained under watch: on all rows, and at the same time without each of the parts held out."""

import contextlib
from dataclasses import dataclass

import numpy as np

from . import checks
from .history import Diverged
from .preparing import Preparation, preparation
from .recipe import Recipe, examples, finite, rightness
from .training import Training
from .validation import known_leak

#: So many looks are taken at the gradients, evenly spread over the epochs, the untrained network first.
LOOKS = 20
#: A unit whose activation is flatter than this on every row lets no gradient through to speak of.
FLAT = 0.01


@dataclass(frozen=True, eq=False)
class Member:
    """A network under watch: which rows it learns from, which are held out, and how both were prepared.

    middle, spread: what answers that are numbers were shifted and divided by; 0 and 1 for labels.
    """

    rows: np.ndarray
    held: np.ndarray
    preparation: Preparation
    middle: np.ndarray | float = 0.0
    spread: np.ndarray | float = 1.0


class Watch:
    """Trains a recipe on all rows, and again without each of the parts held out: `for share in Watch(…)`.

    splits: a list of (rows learned from, rows held out), as `splits_of` gives them; () for none. The last of `.members`
    learns from all rows. Answers that are numbers are standardised as the inputs are, by the rows learned from, so that
    a loss of 1 is that of always answering their mean. seed, leak: as in `cross_validate`.
    It yields the share of the steps that are made, 0 to 1, about a hundred times; it may be left and gone on with.
    """

    def __init__(self, recipe, X, y, splits=(), seed=0, leak=None, n_out=None):
        self.recipe = checks.a(Recipe, recipe, "recipe")
        self.X, self.y, self.n_out = examples(recipe, X, y, n_out)
        self.seed, self.leak = checks.whole(seed, "seed", 0), known_leak(leak)
        everything = np.arange(len(self.X))
        pairs = [*splits, (everything, everything[:0])]
        self.members = [self._member(*map(np.asarray, pair)) for pair in pairs]
        shapes = {}
        for i, member in enumerate(self.members):
            shapes.setdefault((len(member.rows), len(member.held)), []).append(i)
        self._groups = [(places, self._training(places)) for places in shapes.values()]
        self.looks, self._gradients, self._made = [], [], 0
        self._look(0)

    # --- the networks -------------------------------------------------------------------------------------------------

    def _member(self, rows, held):
        ready = preparation(self.recipe, self.X, self.y, rows, self.leak)
        if self.y.ndim == 1:
            return Member(rows, held, ready)
        answers = self.y if self.leak == "scaler" else self.y[rows]
        spread = answers.std(axis=0)
        return Member(rows, held, ready, answers.mean(axis=0), np.where(spread > 0, spread, 1.0))

    def _pair(self, member, rows):
        """What a member's network sees of some rows: (inputs, answers)."""
        y = self.y[rows]
        return member.preparation(self.X[rows]), y if y.ndim == 1 else (y - member.middle) / member.spread

    def _training(self, places):
        """One Training for all members of one shape, as a population."""
        members, recipe = [self.members[i] for i in places], self.recipe
        start = recipe.untrained(len(members[0].preparation.columns), self.n_out, self.seed)
        learned, held = (
            tuple(map(np.stack, zip(*(self._pair(m, getattr(m, part)) for m in members), strict=True)))
            for part in ("rows", "held")
        )
        return Training(
            start.with_params(np.tile(start.params, (len(members), 1))), *learned, loss=recipe.loss,
            optimizer=recipe.rule(recipe.lr), epochs=recipe.epochs, batch_size=recipe.batch_size, l1=recipe.l1,
            l2=recipe.l2, validation=held if len(members[0].held) else None, seed=self.seed,
        )  # fmt: skip

    def network(self, i=-1):
        """The network of a member as it is now; without i that which learns from all rows."""
        i %= len(self.members)
        return next(t.net.with_params(t.net.params[p.index(i)]) for p, t in self._groups if i in p)

    # --- going through it ---------------------------------------------------------------------------------------------

    @property
    def epochs(self):
        """How many epochs were gone through; a network that diverged stands still meanwhile."""
        return self._made

    @property
    def diverged(self):
        """Which members diverged: booleans, one for each."""
        found = np.zeros(len(self.members), bool)
        for places, training in self._groups:
            found[places] = training.history.diverged >= 0
        return found

    def __iter__(self):
        """Go on to the end. Every network is at the same share of its steps at each stop."""
        total = self.recipe.epochs
        stops = sorted({round(total * k / LOOKS) for k in range(LOOKS + 1)} | {*range(0, total, -(-total // 100) or 1)})
        marks = {round(total * k / LOOKS) for k in range(LOOKS + 1)}
        for stop in stops:
            if stop <= self._made:
                continue
            for _, training in self._groups:
                with contextlib.suppress(Diverged):  # all of its networks did, and are back at their last finite loss
                    training.run(stop * training.batches_per_epoch - training.made)
            self._made = stop
            if stop in marks:
                self._look(stop)
            yield stop / total

    def _look(self, epoch):
        self.looks.append(epoch)
        member = self.members[-1]
        self._gradients.append(gradient_by_layer(self.network(), *self._pair(member, member.rows), self.recipe.loss))

    # --- what became of them ------------------------------------------------------------------------------------------

    @property
    def gradients(self):
        """The typical gradient of a weight of each layer at each look, (looks, layers); see `gradient_by_layer`."""
        return finite(np.array(self._gradients))

    def silent(self):
        """The share of silent units of each hidden layer of the network that learns from all rows, a list."""
        member = self.members[-1]
        return silent_units(self.network(), self._pair(member, member.rows)[0])

    def losses(self):
        """By epoch, mean over the parts held out: the data loss on (rows learned from, rows held out), (epochs,) each.

        With nothing held out the first is that of the network which learns from all rows, and the second is empty.
        """
        groups = [(p, t.history) for p, t in self._groups if t.validation is not None]
        if not groups:
            return finite(self._groups[0][1].history.epoch_loss[:, 0]), np.empty(0)
        weights = [len(self.members[p[0]].held) for p, _ in groups]
        share = np.concatenate([np.full(len(p), w) for (p, _), w in zip(groups, weights, strict=True)])
        length = min(len(history.epoch_loss) for _, history in groups)
        both = [
            np.concatenate([finite(getattr(h, name)[:length]) for _, h in groups], axis=1) @ (share / share.sum())
            for name in ("epoch_loss", "validation_loss")
        ]
        return tuple(both)

    def answers(self, i, X):
        """What member i answers to rows X (n, d) as they were measured: labels (n,), or numbers (n, n_out) as y."""
        member = self.members[i]
        with np.errstate(all="ignore"):  # a network that diverged may overflow
            y_hat = finite(self.network(i)(member.preparation(X)))
        return y_hat.argmax(axis=-1) if self.y.ndim == 1 else finite(y_hat * member.spread + member.middle)

    def held_answers(self):
        """What was answered to the rows held out, each by the networks that did not learn from it: (rows, answers)."""
        parts = [(member.held, self.answers(i, self.X[member.held])) for i, member in enumerate(self.members[:-1])]
        if not parts:
            return np.empty(0, int), np.empty(0)
        rows = np.concatenate([held for held, _ in parts])
        order = np.argsort(rows, kind="stable")
        return rows[order], np.concatenate([answers for _, answers in parts])[order]

    def plain_answers(self):
        """As `held_answers`, but for an answer that looks at no input: the commonest label, or the mean, of the rows
        learned from."""
        found = np.empty((len(self.y), *self.y.shape[1:]), self.y.dtype)
        for member in self.members[:-1]:
            known = self.y[member.rows]
            found[member.held] = np.bincount(known).argmax() if known.ndim == 1 else known.mean(axis=0)
        return found[self.held_answers()[0]]

    def learned_score(self):
        """Accuracy, or R² for numbers, on the rows learned from: the mean over the networks that hold something out."""
        members = list(enumerate(self.members))
        members = members[:-1] or members
        return float(np.mean([self._score(i, member.rows) for i, member in members]))

    def held_scores(self):
        """Accuracy, or R², of each part held out, (parts,)."""
        return np.array([self._score(i, member.held) for i, member in enumerate(self.members[:-1])])

    def _score(self, i, rows):
        answers = self.answers(i, self.X[rows])
        return np.mean(answers == self.y[rows]) if self.y.ndim == 1 else rightness("mse", self.y[rows], answers)

    def leaked(self):
        """How far the inputs' middle was taken from elsewhere than the rows learned from, in standard deviations: the
        largest of all features and parts; 0 where nothing leaks into the scale."""
        far = [0.0]
        for member in self.members[:-1]:
            part = self.X[np.ix_(member.rows, member.preparation.columns)]
            far.append(np.max(np.abs(part.mean(axis=0) - member.preparation.mean) / member.preparation.scale))
        return float(np.max(far))


def gradient_by_layer(net, X, y, loss):
    """The typical size of dL/dw in each layer, (layers,): the root of its mean square over the layer's weights.

    L is the data loss alone. Biases are left out; layers of any width can be compared.
    """
    with np.errstate(all="ignore"):
        weights, _ = net.views(net.gradient(X, y, loss=loss))
    return np.array([np.sqrt(np.mean(w**2)) for w in weights])


def silent_units(net, X, flat=FLAT):
    """The share of units of each hidden layer, a list, whose activation is flatter than `flat` on every row of X.

    A ReLU unit is silent where z ≤ 0 on all rows; a sigmoid or tanh unit where it is saturated on all of them.
    """
    record = net.forward(X)
    with np.errstate(all="ignore"):
        slopes = [f.derivative(z) for f, z in zip(net.activations[:-1], record.z[:-1], strict=True)]
    return [float((np.abs(slope) < flat).all(axis=-2).mean()) for slope in slopes]
