"""The quick path of training: the same steps as training.py takes, by calls that were prepared once.

A small network's step is a few thousand multiplications and two dozen calls, and the calls are what takes the time.
So they work on flat vectors and lasting buffers (fast_pass.py), the optimiser's on all parameters at once
(fast_rules.py), and what the steps leave behind is checked and noted for a stretch of them together. A stretch that
ends in numbers which are not finite is undone; the readable path walks it again and says where it diverged.
"""

import numpy as np

from .activations import ACTIVATIONS
from .fast_kernels import LOSS_KERNELS, inner
from .fast_move import Move, member, memory_of
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
    """What a number of steps leave behind: a list for each series of the history, lr only if a schedule sets it."""

    def __init__(self, count):
        self.count = count
        self.lr, self.loss, self.penalty, self.epoch_loss, self.validation_loss = [], [], [], [], []


class Quick:
    """Takes steps on behalf of a Training: `take(count)`.

    p, g: parameters and gradient of all networks, (n_params,) or (networks, n_params). p is a window onto net.params.
    """

    def __init__(self, training):
        self.training, net = training, training.net
        lead = (int(np.prod(net.population)),) if net.population else ()
        self.p = net.params.reshape(*lead, net.n_params)
        self.pair = np.zeros((2, *self.p.shape))
        self.g = self.pair[0]
        self.square, self.squares = inner(self.g, self.g), []
        self.still, self.before, self.move = np.zeros(self.p.shape, bool), self.p.copy(), None
        sets = (training.X, training.y), training.validation
        self.known, self.unseen = (pair and Examples(training, lead, self.p, self.g, *pair) for pair in sets)

    def take(self, count):
        """Take `count` steps. False, and nothing has happened, where the readable path must take them."""
        training = self.training
        np.copyto(self.still, training.still.reshape(self.p.shape))
        if self.move is None or not self.move.suits(training, self.still):
            self.move = Move(training, self.p, self.pair, self.still, self.squares)
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

    def _walk(self, stretch):
        """Take the steps. False if the schedule cannot be followed: the readable path will meet the same."""
        training, move, rule, batch = self.training, self.move, self.move.rule, self.known.whole
        first, per_epoch, schedule = training.made, training.batches_per_epoch, training.schedule
        params, gradients = (self._room(name, stretch.count) for name in ("params", "gradient"))
        lr, t, last = member(training, training.optimizer.lr, "lr"), rule.t + 1, stretch.count - 1
        rule.tune(lr, t)
        self.squares.clear()
        for k in range(stretch.count):
            if schedule and (lr := self._rate(first + k, stretch)) is None:
                return False
            if schedule or rule.each_step:
                rule.tune(lr, t + k)
            if per_epoch > 1:
                batch = self.known.batch(training.rows(*divmod(first + k, per_epoch)))
            self._look(batch, stretch)
            if gradients is not None:
                np.copyto(gradients[k], self.g)
            if k == last:
                np.copyto(self.before, self.p)
            for call in move.calls:
                call()
            if params is not None:
                np.copyto(params[k], self.p)
            if (first + k + 1) % per_epoch == 0:
                self._close_epoch(stretch, per_epoch)
        if per_epoch == 1:  # what the loss is after an epoch, it is before the next
            stretch.epoch_loss = [*stretch.loss[1:], batch.measure()]
        return True

    def _room(self, name, count):
        """Rows for so many steps in a series of the history, (count, *p.shape), or None if it is not recorded."""
        rows = self.training.history.room(name, count)
        return rows if rows is None else rows.reshape(count, *self.p.shape)

    def _rate(self, number, stretch):
        """The learning rate of a step as the schedule has it, or None if there is something wrong with it."""
        optimizer = self.training.optimizer
        try:
            optimizer.lr = self.training.schedule(number)
            stretch.lr.append(optimizer.lr)
            return member(self.training, optimizer.lr, "lr")
        except Exception:
            return None

    def _look(self, batch, stretch):
        """The loss of these examples, and its gradient as the move wants it."""
        move = self.move
        stretch.loss.append(batch.measure())
        for call in batch.backward:
            call()
        for call in move.adjust:
            call()
        if move.penalty:
            stretch.penalty.append(move.penalty())
        self.squares.append(self.square())

    def _close_epoch(self, stretch, per_epoch):
        if per_epoch > 1:
            stretch.epoch_loss.append(self.known.whole.measure())
        if self.unseen:
            stretch.validation_loss.append(self.unseen.whole.measure())

    def _note(self, stretch):
        """Put down in the history what the steps left behind; False, and nothing put down, if it is not all finite."""
        history, running, population = self.training.history, self.training.running, self.training.net.population
        loss, penalty = np.array(stretch.loss), np.array(stretch.penalty) if stretch.penalty else 0.0
        series = {"loss": loss + penalty, "grad_norm": np.sqrt(self.squares)}
        series |= {"penalty": penalty} if stretch.penalty else {}
        series |= {name: np.array(getattr(stretch, name)) for name in ("epoch_loss", "validation_loss")}
        series = {name: values.reshape(-1, *population) for name, values in series.items() if len(values)}
        together = sum(values.sum(axis=0) for values in series.values()) + inner(self.p, self.p)().reshape(population)
        if not (np.isfinite(together) | ~running).all():
            return False
        self.training.last_good = self.before.reshape((*population, -1)).copy()
        if not running.all():
            series = {name: _held(values, history.series[name].array, running) for name, values in series.items()}
        rates = history.room("lr", stretch.count)
        rates[...] = self.training.optimizer.lr
        for k, lr in enumerate(stretch.lr):
            rates[k] = lr
        history.room("penalty", stretch.count)[...] = 0
        for name, values in series.items():
            history.room(name, len(values))[...] = values
            history.grow(name, len(values))
        for name in {"lr", "penalty", "params", "gradient"} - series.keys():
            history.grow(name, stretch.count)
        return True


def _held(values, past, running):
    """For a network that has stopped, its last numbers of before."""
    return np.where(running, values, past[-1] if len(past) else values[0])
