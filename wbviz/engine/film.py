"""A training run that can be looked at again at any of its steps, though only some of them are kept."""

import copy

import numpy as np

from . import checks
from .history import Diverged
from .training import Training

FEWEST = 3  # keyframes: start, end and one in between
LONG = 1000  # steps after which a history is dropped


class Film:
    """Records a Training as it runs: keyframes are kept, every moment between two of them is computed again.

    training: of one network, with the settings it keeps to the end. The film lets it run; its history is dropped now
    and then, so that nothing grows with the run.  memory: the most bytes that all keyframes take together.
    A keyframe holds the step, all weights and biases, and what the optimiser remembers: with these the training goes
    on as it did, to the last bit (see Training.resume). They are `stride` steps apart. Where a longer run would not
    fit, every other one is dropped and `stride` doubles.
    diverged: the step with which the run diverged, or None; the film then ends at the last moment with a finite loss.
    """

    def __init__(self, training, memory=64_000):
        self.training = checks.a(Training, training, "training")
        if training.net.population:
            raise ValueError(f"A film is of one network, got a population of shape {training.net.population}.")
        self.memory, form = checks.whole(memory, "memory"), self._form()
        if self.memory < FEWEST * form.itemsize:
            raise ValueError(
                f"A keyframe of this training takes {form.itemsize:,} bytes: in memory={self.memory:,} there is no "
                f"room for {FEWEST} of them. Give it {FEWEST * form.itemsize:,} or more."
            )
        self._frames, self._count, self._first = np.zeros(self.memory // form.itemsize, form), 0, training.made
        self.stride, self.diverged, self._fresh = 1, None, not training.optimizer.state
        while (training.n_steps - self._first) // self.stride >= len(self._frames):
            self.stride *= 2
        self._keep()

    @property
    def last(self):
        """The step at which the film ends so far. It begins at the training's first, as a rule 0."""
        return self.training.made if self.diverged is None else self._end

    def __repr__(self):
        return f"Film({self._count} keyframes, every {self.stride} steps, {self.nbytes:,} of {self.memory:,} bytes)"

    @property
    def nbytes(self):
        """How many bytes the keyframes take: never more than `memory`."""
        return self._count * self._frames.itemsize

    @property
    def steps(self):
        """The moments that are kept: (k,) whole numbers."""
        return self._frames["step"][: self._count]

    @property
    def params(self):
        """The weights and biases at these moments, (k, n_params)."""
        return self._frames["params"][: self._count]

    def run(self, steps=None):
        """Let the training run so many steps, or to its end, and keep keyframes. Divergence ends it quietly."""
        training = self.training
        last = training.n_steps if steps is None else min(training.made + steps, training.n_steps)
        try:
            while training.made < last and not training.done:
                training.run(min(self._until_next(), last - training.made))
                self._keep()
        except Diverged as error:
            self._break_off(error)
        return self

    def at(self, step):
        """The weights and biases after so many steps, (n_params,), exactly as they were."""
        return self.between(step, step)[0]

    def between(self, first, last):
        """Those after each of the steps `first` … `last`, (last − first + 1, n_params), computed from a keyframe on."""
        for step in (first, last):
            if not self._first <= checks.whole(step, "step", 0) <= self.last:
                raise ValueError(f"This film goes from step {self._first} to {self.last}, got step {step}.")
        frame = self._frames[int(np.searchsorted(self.steps, first, side="right")) - 1]
        again = self._from(frame)
        again.run(last - int(frame["step"]))
        return again.history.params[first - int(frame["step"]) :].copy()

    # -- inside -------------------------------------------------------------------------------------------------

    def _form(self):
        """What a keyframe is made of. What the optimiser will remember is seen in a step of no length."""
        net, probe = self.training.net, copy.deepcopy(self.training.optimizer)
        probe.step(net.params.copy(), np.zeros(net.n_params))
        memory = [(name, values.dtype, values.shape) for name, values in probe.state.items()]
        return np.dtype([("step", int), ("params", float, net.n_params), ("memory", memory)])

    def _until_next(self):
        """Steps from here to the next keyframe."""
        return self.stride - (self.training.made - self._first) % self.stride

    def _keep(self):
        """Keep this moment if it is one to be kept, and drop the history where the next steps do not need it."""
        training = self.training
        if self._until_next() == self.stride and self._count == len(self._frames):
            self._thin_out()
        if self._until_next() == self.stride:
            frame = self._frames[self._count]
            frame["step"], frame["params"] = training.made, training.net.params
            for name, values in training.optimizer.state.items():
                frame["memory"][name] = values
            self._count += 1
        if len(training.history) >= LONG and training.made % training.batches_per_epoch == 0:
            training.resume(training.made, training.optimizer.state)  # after an epoch the loss is known to be finite

    def _thin_out(self):
        kept = self._frames[: self._count : 2].copy()
        self._frames[: len(kept)], self._count = kept, len(kept)
        self.stride *= 2

    def _break_off(self, error):
        """The run has diverged: the last moment is that before, if its loss can be told; else an earlier one."""
        training, self.diverged = self.training, error.step
        self._end = max(training.made - 1, self._first)
        with np.errstate(all="ignore"):
            while self._end > self._first and not np.isfinite(self._loss(self.at(self._end))):
                self._end -= 1
        self._count = int(np.searchsorted(self.steps, self._end, side="right"))
        training.net.params = self.at(self._end)

    def _loss(self, params):
        training = self.training
        return training.loss.value(training.net.with_params(params)(training.X), training.y)

    def _from(self, frame):
        """A training of its own that goes on from a keyframe and records all parameters."""
        training = self.training
        again = copy.copy(training)
        again.net, again.optimizer = training.net.with_params(frame["params"]), copy.deepcopy(training.optimizer)
        again.record, again.validation = {"loss", "params"}, None
        begins = self._fresh and frame["step"] == self._first
        names = () if begins else frame["memory"].dtype.names or ()
        again.resume(int(frame["step"]), {name: frame["memory"][name] for name in names})
        return again
