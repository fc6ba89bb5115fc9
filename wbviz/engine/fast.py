"""The quick path of training: the same steps as training.py takes, by calls that were prepared once.

A small network's step is a few thousand multiplications and two dozen calls, and the calls are what takes the time.
So they work on flat vectors and lasting buffers (fast_pass.py), the optimiser's on all parameters at once
(fast_rules.py), and what the steps leave behind is checked and noted for a stretch of them together. A stretch that
ends in numbers which are not finite is undone; the readable path walks it again and says where it diverged.
"""

import numpy as np

from .activations import ACTIVATIONS
from .fast_kernels import LOSS_KERNELS, inner
from .fast_move import Move, memory_of
from .fast_pass import Examples
from .fast_rules import RULES
from .losses import LOSSES

#: The most steps between two looks at whether all numbers are finite.
STRETCH = 500


def covers(training):
    """Whether the quick path can take the next step of this training.

    The rest is the readable path's: a loss, an activation or an optimiser of one's own, parameters in float32, and the
    first step of an optimiser that remembers, which makes its memory.
    """
    net, loss, optimizer = training.net, training.loss, training.optimizer
    return (
        type(optimizer) in RULES
        and memory_of(optimizer) is not None
        and loss.name in LOSS_KERNELS
        and loss is LOSSES[loss.name]
        and all(activation is ACTIVATIONS.get(activation.name) for activation in net.activations)
        and net.params.dtype == np.float64
    )


class Stretch:
    """What a number of steps leave behind: lists of numbers, or of arrays (networks,).

    The losses are still to be multiplied by the factors of their passes; `factor` lists those of mini-batches, `lr`
    the rates of a schedule.
    """

    def __init__(self, count):
        self.count = count
        self.loss, self.penalty, self.square, self.epoch_loss, self.validation_loss = [], [], [], [], []
        self.lr, self.factor = [], []

    def finite(self):
        """For each network, whether all of it is finite."""
        lists = self.loss, self.penalty, self.square, self.epoch_loss, self.validation_loss
        return np.isfinite(sum(sum(values) for values in lists if values))


class Quick:
    """Takes steps on behalf of a Training: `take(count)`.

    p, g: parameters and gradient of all networks, (n_params,) or (networks, n_params). p is a window onto net.params.
    """

    def __init__(self, training):
        self.training, net = training, training.net
        lead = (int(np.prod(net.population)),) if net.population else ()
        self.p = net.params.reshape(*lead, net.n_params)
        self.pair, self.before = np.zeros((2, *self.p.shape)), np.empty_like(self.p)
        self.g = self.pair[0]
        self.square, self.size = inner(self.g, self.g), inner(self.p, self.p)
        self.move = self.calls = None
        sets = (training.X, training.y), training.validation
        self.known, self.unseen = (pair and Examples(training, lead, self.p, self.g, *pair) for pair in sets)

    def take(self, count):
        """Take `count` steps. False, and nothing has happened, where the readable path must take them."""
        if self.move is None or not self.move.suits(self.training):
            self.move, self.calls = Move(self.training, self.p, self.pair, self.square), {}
        places = [self.p, *self.move.memory]
        start = [array.copy() for array in places]
        stretch, good = Stretch(count), False
        try:
            good = self._walk(stretch) and self._note(stretch)
        finally:
            if not good:
                for array, values in zip(places, start, strict=True):
                    np.copyto(array, values)
        return good

    def calls_of(self, batch):
        """All calls of a step on this batch."""
        if batch not in self.calls:
            self.calls[batch] = [*batch.forward, *batch.backward, *self.move.calls]
        return self.calls[batch]

    def _walk(self, stretch):
        """Take the steps. False if the schedule cannot be followed: the readable path will meet the same."""
        training, move, batch, square = self.training, self.move, self.known.whole, self.square
        first, per_epoch, last = training.made, training.batches_per_epoch, stretch.count - 1
        calls, tune, scheduled = self.calls_of(batch), move.rule.tune, training.schedule is not None
        each_step, kept = move.rule.each_step or scheduled, self._kept(stretch.count)
        lr, t = move.member(training.optimizer.lr, "lr"), move.rule.t + 1
        tune(lr, t)
        for k in range(stretch.count):
            if scheduled and (lr := self._rate(first + k, stretch)) is None:
                return False
            if each_step:
                tune(lr, t + k)
            if per_epoch > 1:
                batch = self.known.batch(training.rows(*divmod(first + k, per_epoch)))
                calls = self.calls_of(batch)
                stretch.factor.append(batch.factor)
            if k == last:
                np.copyto(self.before, self.p)
            for call in calls:
                call()
            stretch.loss.append(batch.loss())
            stretch.square.append(square())
            if move.penalty:
                stretch.penalty.append(move.penalty())
            for rows, values in kept:
                np.copyto(rows[k], values)
            if (first + k + 1) % per_epoch == 0:
                self._close_epoch(stretch, per_epoch)
        return True

    def _kept(self, count):
        """Room in the history for params and gradient of so many steps, if it records them, and what goes there."""
        rooms = [(self.training.history.room("params", count), self.p)]
        rooms += [(self.training.history.room("gradient", count), self.g)]
        return [(room.reshape(count, *self.p.shape), values) for room, values in rooms if room is not None]

    def _rate(self, number, stretch):
        """The learning rate of a step as the schedule has it, or None if there is something wrong with it."""
        optimizer = self.training.optimizer
        try:
            optimizer.lr = self.training.schedule(number)
            stretch.lr.append(optimizer.lr)
            return self.move.member(optimizer.lr, "lr")
        except Exception:
            return None

    def _close_epoch(self, stretch, per_epoch):
        if per_epoch > 1:
            stretch.epoch_loss.append(self.known.whole.measure())
        if self.unseen:
            stretch.validation_loss.append(self.unseen.whole.measure())

    # -- the history --------------------------------------------------------------------------------------------

    def _note(self, stretch):
        """Put down in the history what the steps left behind; False, and nothing put down, if it is not all finite."""
        training, history = self.training, self.training.history
        if training.batches_per_epoch == 1:  # what the loss is after an epoch, it is before the next
            stretch.epoch_loss = [*stretch.loss[1:], self.known.whole.measure()]
        if not self._good(stretch):
            return False
        training.last_good = self.before.reshape(training.net.params.shape).copy()
        for name, values in self._series(stretch).items():
            room = history.room(name, len(values))
            room[...] = values.reshape(room.shape)
            if training.stopped:  # for a network that has stopped, its last numbers of before
                past = history.series[name].array
                np.copyto(room, past[-1] if len(past) else room[0].copy(), where=~training.running)
            history.grow(name, len(values))
        rates = history.room("lr", stretch.count)
        rates[...] = training.optimizer.lr
        for k, lr in enumerate(stretch.lr):
            rates[k] = lr
        for name in ("lr", "params", "gradient"):
            history.grow(name, stretch.count)
        return True

    def _good(self, stretch):
        """Whether all is finite that the steps left behind in the networks that have not stopped before."""
        finite = stretch.finite() & np.isfinite(self.size())
        if self.training.stopped:
            finite = finite | ~self.training.running.reshape(finite.shape)
        return finite.all() if finite.ndim else bool(finite)

    def _series(self, stretch):
        """What the steps left behind as arrays with an axis of networks, by the names of the history."""
        loss = np.array(stretch.loss)
        if stretch.factor:
            loss *= np.reshape(stretch.factor, (-1, *[1] * (loss.ndim - 1)))
        else:
            loss *= self.known.whole.factor
        penalty = np.array(stretch.penalty) if stretch.penalty else np.zeros(loss.shape)
        series = {"loss": loss + penalty, "penalty": penalty, "grad_norm": np.sqrt(stretch.square)}
        if stretch.epoch_loss:
            series["epoch_loss"] = np.array(stretch.epoch_loss) * self.known.whole.factor
        if stretch.validation_loss:
            series["validation_loss"] = np.array(stretch.validation_loss) * self.unseen.whole.factor
        return series
