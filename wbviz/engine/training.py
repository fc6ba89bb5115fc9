"""Training: forward, loss, backward, step, again and again, until the epochs are over."""

import inspect
from collections import deque

import numpy as np

from . import checks
from .clipping import clip_by_norm, clip_by_value
from .fast import STRETCH, Quick, covers
from .history import Diverged, History, Step, story
from .logged import logged
from .losses import LOSSES
from .network import Network
from .optimizers import chosen

RECORDABLE = ("loss", "penalty", "lr", "grad_norm", "params", "gradient")


class Training:
    """A training run that takes one optimiser step each time it is asked for the next: `for step in Training(…)`.

    net: trained in place; a population trains at once, each member on its own loss, in the same order of batches.
    X, y: the training set.  loss: a name in LOSSES.  optimizer: an Optimizer, or a name in OPTIMIZERS; without one,
    SGD(lr=0.1). It starts afresh: its state is reset.
    epochs: how often the training set is gone through; raise it to go on after the end.
    batch_size: examples a step, drawn without replacement in an order given by `seed`; None for all of them.
    schedule: a function step → lr (SCHEDULES), or None to leave the optimiser's lr alone.
    l1, l2, penalize_biases: the penalty, as in Network.loss.
    clip_norm: the longest gradient let through (Pascanu et al. 2013); clip_value: the largest entry of one, after that.
    validation: (X, y), looked at after each epoch.  frozen: boolean mask (n_params,), True for what stays as it is.
    record: beside "loss", what the history keeps of each step: "params", "gradient".
    Between steps, `optimizer.lr`, `l1`, `l2`, `frozen`, the clips, `epochs` and the network's parameters may change.

    The steps are written out below, to be read. What fast.py covers it takes in their place, many times as fast and
    equal to 1e-12; `quick = False`, on a run or on the class, leaves all of them to the readable path.
    """

    quick = True

    def __init__(
        self,
        net,
        X,
        y,
        loss="mse",
        optimizer=None,
        epochs=100,
        batch_size=None,
        schedule=None,
        l1=0.0,
        l2=0.0,
        penalize_biases=False,
        clip_norm=None,
        clip_value=None,
        validation=None,
        frozen=None,
        seed=0,
        record=("loss",),
    ):
        self.net = checks.a(Network, net, "net")
        self.loss = checks.pick(LOSSES, loss, "loss")
        self.X, self.y = self._examples(X, y)
        self.validation = self._validation_set(validation)
        self.optimizer = chosen(optimizer)
        self.epochs = checks.whole(epochs, "epochs", 0)
        self.batch_size = min(self._n, checks.whole(self._n if batch_size is None else batch_size, "batch_size"))
        self.schedule = checks.function(schedule, "schedule")
        self.l1, self.l2, self.penalize_biases = checks.rate(l1, "l1"), checks.rate(l2, "l2"), penalize_biases
        self.clip_norm, self.clip_value = clip_norm, clip_value
        self.frozen = frozen
        self.seed = checks.whole(seed, "seed", 0)
        self.record = {record} if isinstance(record, str) else set(record)
        for name in self.record:
            checks.pick(dict.fromkeys(RECORDABLE, ""), name, "quantity to record")
        checks.floats(net.params, "params")
        self._start, self._first, self._memory = net.params.copy(), 0, {}
        self._begin()

    # -- what may change between steps --------------------------------------------------------------------------

    @property
    def frozen(self):
        """Boolean mask, shape (n_params,): True for a parameter that stays as it is. None freezes nothing."""
        return self._frozen

    @frozen.setter
    def frozen(self, mask):
        self._frozen = np.zeros(self.net.n_params, bool) if mask is None else checks.mask(mask, self.net.n_params)
        self._frozen.flags.writeable = False

    @property
    def clip_norm(self):
        return self._clip_norm

    @clip_norm.setter
    def clip_norm(self, value):
        self._clip_norm = value if value is None else checks.rate(value, "clip_norm", above_zero=True)

    @property
    def clip_value(self):
        return self._clip_value

    @clip_value.setter
    def clip_value(self, value):
        self._clip_value = value if value is None else checks.rate(value, "clip_value", above_zero=True)

    # -- going through it ---------------------------------------------------------------------------------------

    @property
    def batches_per_epoch(self):
        return -(-self._n // self.batch_size)

    @property
    def n_steps(self):
        """How many steps all epochs make."""
        return self.epochs * self.batches_per_epoch

    @property
    def done(self):
        """Whether there is no further step: all are made, or every network has diverged."""
        return self.made >= self.n_steps or self.stopped == self.history.diverged.size

    @property
    def made(self):
        """How many steps were made, those before a `resume` included."""
        return self._first + len(self.history)

    def batch(self, epoch, number):
        """(X, y) of one step: batch `number` of an `epoch`, whose order of examples follows from `seed` and `epoch`."""
        if self.batch_size == self._n:
            return self.X, self.y
        rows = self.rows(epoch, number)
        return self.X[..., rows, :], self.y[..., rows, :]

    def rows(self, epoch, number):
        """The examples in one mini-batch: the rows of X and y, in order."""
        if self._order[0] != epoch:
            self._order = epoch, np.random.default_rng((self.seed, epoch)).permutation(self._n)
        return self._order[1][number * self.batch_size : (number + 1) * self.batch_size]

    def rewind(self):
        """Back to the start: parameters, optimiser state, order of batches. With the same settings, the same run."""
        self.net.params = self._start
        self._begin()

    def resume(self, step, memory=None):
        """Go on where another run stopped: its next step would be number `step`, its optimiser's `state` is `memory`.

        With the network as it was then, the steps from here on are that run's to the last bit. The history holds
        these alone. This is now the start to which `rewind` leads.
        """
        self._first = checks.whole(step, "step", 0)
        self._memory = {name: np.array(values) for name, values in (memory or {}).items()}
        self._start = self.net.params.copy()
        self._begin()

    def __iter__(self):
        return self

    def __next__(self):
        """Take one step → Step. Raises Diverged when no network is left whose numbers are finite."""
        if self.done:
            raise StopIteration
        number = self.made
        with np.errstate(all="ignore"):
            self._advance(1)
        loss, norm = (self.history.series[name].array[-1] for name in ("loss", "grad_norm"))
        return Step(number, number // self.batches_per_epoch, loss, self.optimizer.lr, norm)

    def run(self, steps=None):
        """Take so many steps, or all that are left. Raises Diverged as `next` does."""
        last = self.n_steps if steps is None else min(self.made + steps, self.n_steps)
        with np.errstate(all="ignore"):  # what overflows is found and reported as divergence
            while self.made < last and not self.done:
                self._advance(min(last - self.made, STRETCH))

    def _advance(self, count):
        """Take `count` steps on the quick path, or else on this one; a single step where only that is not covered."""
        if self.quick and covers(self):
            self._prepared = self._prepared or Quick(self)
            if self._prepared.take(count):
                return
        else:
            count = 1
        for _ in range(count):
            self._step(self.made)

    def _step(self, number):
        epoch, batch = divmod(number, self.batches_per_epoch)
        if self.schedule:
            self.optimizer.lr = self.schedule(number)
        checks.per_member(self.optimizer.lr, "lr", self.net.population)
        X, y = self.batch(epoch, batch)
        loss, penalty, gradient = self._look(X, y)
        norm = np.linalg.norm(gradient, axis=-1)
        self._stop(~np.isfinite(loss), "loss", number, self.last_good)
        self._stop(~np.isfinite(norm), "gradient", number, self.last_good)
        np.copyto(gradient, 0, where=self.still)
        loss, penalty, norm = self._hold("loss", loss), self._hold("penalty", penalty), self._hold("grad_norm", norm)
        self.history.append(loss=loss, penalty=penalty, lr=self.optimizer.lr, grad_norm=norm, gradient=gradient)
        self._move(gradient, number)
        self.history.append(params=self.net.params)
        if batch == self.batches_per_epoch - 1:
            self._close_epoch(number)

    def _look(self, X, y):
        """The loss of these examples, the penalty in it, and the gradient (0 where frozen)."""
        record = self.net.forward(X)
        penalty = self.net.penalty(self.l1, self.l2, self.penalize_biases)
        slope = self.loss.gradient(record.y_hat, y)
        gradient = self.net.backpropagate(record, slope, self.l1, self.l2, self.penalize_biases).gradient
        np.copyto(gradient, 0, where=self._frozen)
        return self.loss.value(record.y_hat, y) + penalty, penalty, gradient

    def _move(self, gradient, number):
        """Clip the gradient and let the optimiser step; what is frozen or stopped stays exactly where it was."""
        params, before = self.net.params, self.net.params.copy()
        if self.clip_norm is not None:
            gradient = clip_by_norm(gradient, self.clip_norm)
        if self.clip_value is not None:
            gradient = clip_by_value(gradient, self.clip_value)
        self.optimizer.step(params, gradient)
        np.copyto(params, before, where=self.still)
        self._stop(~np.isfinite(params).all(axis=-1), "parameters", number, before)
        self.last_good = before

    def _close_epoch(self, number):
        """Measure the data loss on whole sets. A last step into infinity is found here."""
        sets = [("epoch_loss", (self.X, self.y))] + ([("validation_loss", self.validation)] if self.validation else [])
        losses = {name: self.loss.value(self.net(X), y) for name, (X, y) in sets}
        self._stop(~np.isfinite(sum(losses.values())), "loss", number, self.last_good)
        self.history.append(**{name: self._hold(name, loss) for name, loss in losses.items()})

    # -- divergence ---------------------------------------------------------------------------------------------

    @property
    def running(self):
        """Which networks have not diverged: a boolean, or one for each."""
        return self.history.diverged < 0

    @property
    def still(self):
        """Mask of the parameters that must not move now."""
        return self._frozen | ~self.running[..., None]

    def _stop(self, bad, what, number, safe):
        """Networks that have just gone `bad` return to the `safe` parameters and stay there."""
        bad = bad & self.running
        if not bad.any():
            return
        np.copyto(self.net.params, safe, where=bad[..., None])
        self.history.diverged = np.where(bad, number, self.history.diverged)
        self.stopped = np.count_nonzero(~self.running)
        if self.stopped == self.history.diverged.size:
            raise Diverged(number, what, self.history, story(self.history, self.net))

    def _hold(self, name, now):
        """The numbers of now; for a network that has stopped, its last ones."""
        past = getattr(self.history, name)
        return np.where(self.running, now, past[-1]) if len(past) and self.stopped else now

    # -- inside -------------------------------------------------------------------------------------------------

    @property
    def _n(self):
        return self.X.shape[-2]

    def _examples(self, X, y):
        X = checks.inputs(X, self.net.sizes[0], self.net.population)
        return X, self.loss.targets(y, (*self.net.population, X.shape[-2], self.net.sizes[-1]))

    def _validation_set(self, validation):
        if validation is None:
            return None
        try:
            return self._examples(*checks.pair(validation, "validation", "a pair (X, y)"))
        except ValueError as error:
            raise ValueError(f"In the validation set: {error}") from None

    def _begin(self):
        self.optimizer.reset()
        self.optimizer.state.update({name: values.copy() for name, values in self._memory.items()})
        kept = self.record | ({"validation_loss"} if self.validation else set())
        self.history = History(self.net.population, self.net.n_params, kept)
        self.history.append(params=self.net.params)
        self.last_good = self._start
        self._order, self._prepared, self.stopped = (None, None), None, 0


def train(net, X, y, *, logger=None, **arguments):
    """Train `net` in place to its end → History. Arguments as for Training; a `logger` (a Logger) notes the run."""
    training = Training(net, X, y, **arguments)
    deque(logged(training, logger), maxlen=0) if logger is not None else training.run()
    return training.history


_SETTINGS = inspect.signature(Training).parameters.values()
train.__signature__ = inspect.Signature([*_SETTINGS, inspect.signature(train).parameters["logger"]])
