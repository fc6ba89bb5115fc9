"""What a training run leaves behind: its numbers by step and by epoch, and how it ended if it diverged."""

from dataclasses import dataclass
from typing import Any

import numpy as np


class Series:
    """Numbers, or arrays of one shape, in the order they came, in a buffer that doubles when it is full."""

    def __init__(self, shape):
        self._buffer = np.empty((16, *shape))
        self._length = 0

    def __len__(self):
        return self._length

    def append(self, value):
        self.room(1)[0] = value
        self.grow(1)

    def room(self, count):
        """The places of the next `count`, to be written to; they count once `grow` has been told."""
        end = self._length + count
        if end > len(self._buffer):
            more = max(end, 2 * len(self._buffer)) - len(self._buffer)
            self._buffer = np.concatenate([self._buffer, np.empty((more, *self._buffer.shape[1:]))])
        return self._buffer[self._length : end]

    def grow(self, count):
        """The next `count` are in their places now."""
        self._length += count

    @property
    def array(self):
        """All of them so far: an array whose first axis counts them. It may be read, not written."""
        array = self._buffer[: self._length]
        array.flags.writeable = False
        return array


class Recorded:
    """An attribute of History whose value is the array of a Series."""

    def __init__(self, meaning):
        self.__doc__ = meaning

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, history, owner=None):
        if history is None:
            return self
        if self.name not in history.series:
            raise AttributeError(f"{self.name} was not recorded. Train with {HOW_TO_RECORD[self.name]}.")
        return history.series[self.name].array


HOW_TO_RECORD = {
    "params": 'record=("loss", "params")',
    "gradient": 'record=("loss", "gradient")',
    "validation_loss": "validation=(X, y)",
}


class History:
    """A training run so far. By step, shape (n_steps, *population); by epoch, (n_epochs, *population).

    diverged: for each network the step at which it diverged and stopped, -1 if it did not.
    """

    loss = Recorded("The loss of each step's mini-batch, penalty included, before the step.")
    penalty = Recorded("The part of that loss which is the L1 and L2 penalty.")
    lr = Recorded("The learning rate of each step.")
    grad_norm = Recorded("The length of the gradient at each step, before clipping.")
    params = Recorded("The parameters before the first step and after each: (n_steps + 1, *population, n_params).")
    gradient = Recorded("The gradient at each step, before clipping: (n_steps, *population, n_params).")
    epoch_loss = Recorded("The data loss on the whole training set after each epoch, without the penalty.")
    validation_loss = Recorded("The data loss on the validation set after each epoch.")

    def __init__(self, population, n_params, record):
        shapes = dict.fromkeys(("loss", "penalty", "lr", "grad_norm", "epoch_loss"), population)
        shapes |= {"validation_loss": population} if "validation_loss" in record else {}
        shapes |= {name: (*population, n_params) for name in ("params", "gradient") if name in record}
        self.series = {name: Series(shape) for name, shape in shapes.items()}
        self.diverged = np.full(population, -1)

    def __len__(self):
        return len(self.series["loss"])

    def append(self, **values):
        """Add one value to each series named; series that are not recorded are passed over."""
        for name, value in values.items():
            if name in self.series:
                self.series[name].append(value)

    def room(self, name, count):
        """The places of the next `count` values of a series, or None where it is not recorded."""
        return self.series[name].room(count) if name in self.series else None

    def grow(self, name, count):
        """The next `count` values of a series, if it is recorded, are in their places."""
        if name in self.series:
            self.series[name].grow(count)

    def __repr__(self):
        return f"History({len(self)} steps, {len(self.epoch_loss)} epochs)"


@dataclass(frozen=True)
class Step:
    """One optimiser step: `number` and `epoch` count from 0; loss, lr and grad_norm as in History."""

    number: int
    epoch: int
    loss: Any
    lr: Any
    grad_norm: Any


GREW = {"loss": "the loss is", "gradient": "the length of the gradient is", "parameters": "the parameters are"}


class Diverged(ArithmeticError):
    """Training grew beyond what a float64 can hold. The network is back at its last parameters with a finite loss.

    step: the number of the step.  what: "loss", "gradient" or "parameters".  history: the run up to then.
    """

    def __init__(self, step, what, history, detail=""):
        self.step, self.what, self.history = step, what, history
        super().__init__(
            f"Training diverged at step {step}: {GREW[what]} no longer finite.{detail} "
            "Take a smaller learning rate, or clip the gradient (clip_norm)."
        )


def story(history, net):
    """What grew until a run diverged, in a sentence."""
    losses = history.loss
    rose = f" The loss went from {np.max(losses[0]):.3g} to {np.max(losses[-1]):.3g}." if len(losses) else ""
    largest = int(np.abs(net.params).argmax()) % net.n_params
    kind, layer, *place = net.name_of(largest)
    return f"{rose} The largest parameter is {kind}[{layer}]{place}, at ±{np.abs(net.params).max():.3g}."
