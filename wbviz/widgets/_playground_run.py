"""The run of Playground: training beside the page, by single steps, and back to its start."""

import time

from wbviz.widgets import _lab as lab
from wbviz.widgets import _lab_training as training
from wbviz.widgets._base import Explorer
from wbviz.widgets._work import Work

#: Pictures a second while it trains, at most, and the share of that time spent on training when it goes flat out.
PICTURES, BUSY = 60, 0.6
#: Between two pictures the kernel is left to everything else (a slider, say) for this share of the time they took.
REST = 0.3
#: The table of numbers follows so often a second: nobody reads faster.
TABLES = 8
#: What is trained between two pictures: (updates, epochs); None for as much as fits.
SPEEDS = {
    "1 update": (1, 1),
    "1 epoch": (None, 1),
    "5 epochs": (None, 5),
    "20 epochs": (None, 20),
    "as many as fit": None,
}


class Running(Explorer):
    """The part of Playground that trains. It reads the traits, computes on copies, and sets `params` and `run`.

    Each picture's share of training is computed from the traits as they are, and set as one change, no step of undo.
    If the learner has changed the weights or the run meanwhile, that share is dropped; every other setting that was
    changed counts from the next share on. So what is on the page is always one consistent state.
    """

    _bar = None

    def _make_work(self):
        self._work = Work(self._shares, self._on_stage, label="Training")

    @property
    def recipe(self):
        """The settings of the training as the engine wants them."""
        return training.Recipe(*(getattr(self, name) for name in training.Recipe._fields))

    @property
    def still(self):
        """The indices of all parameters that training leaves alone: the frozen ones, and biases that are off."""
        return sorted({*self.frozen, *([] if self.biases else lab.bias_indices(self.sizes))})

    @property
    def playing(self):
        """Is training under way beside the page?"""
        return self._work.stage == "running"

    def play(self):
        """Train beside the page until `pause`, or until a condition ends the run."""
        self._job()  # raises where there is nothing to learn from
        self._work.start()

    def pause(self):
        """Stop training after the share in hand; everything stays as it is then."""
        self._work.stop()
        self._work.wait(2)

    def toggle_play(self):
        """Play, or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def wait(self, timeout=None):
        """Wait for training under way, at most `timeout` seconds."""
        self._work.wait(timeout)

    def advance(self, updates=None):
        """Train here and now by so many updates (at most to the end of the epoch), or to the end of the epoch."""
        with self.picture.lock:
            before = self.params, self.run
            self._publish(before, *self._job()(*before, updates))

    def train(self, epochs):
        """Train here and now for so many epochs, or until a condition ends the run."""
        with self.picture.lock:
            before, step, goal = (self.params, self.run), self._job(), self.epoch + epochs
            params, run = step(*before, None)
            while run["epoch"] < goal and not run["ended"]:
                params, run = step(params, run, None)
            self._publish(before, params, run)

    def rewind(self):
        """Back to the weights and biases that the run started from; nothing else changes."""
        if not self.run:
            self.say("The run is at its start.")
        else:
            self.apply(self._rewound())

    def _rewound(self):
        """The settings at the start of the run."""
        return {"params": self.run["start"], "run": {}} if self.run else {}

    def redraw_weights(self):
        """Other starting weights: the next seed of the initialiser."""
        self.apply({"init_seed": (self.init_seed + 1) % 100})

    # --- inside -----------------------------------------------------------------------------------------------------

    def _job(self):
        """What trains one share, as a function (params, run, updates) → (params, run), from the settings of now."""
        lesson, features, recipe, still = self.lesson, tuple(self.features), self.recipe, self.still
        sizes, activation, loss, task = self.sizes, self.activation, self.loss, self.task
        if lesson.held_out.all():
            raise ValueError("There is no training point. Add points, or hold fewer of them out.")

        def step(params, run, updates):
            net = lab.network(sizes, activation, loss, task, params)
            run = training.advance(net, lesson, features, recipe, still, run, updates)
            return net.params.tolist(), run

        return step

    def _shares(self):
        """Train share by share, as Work wants it."""
        told = 0.0
        while True:
            begun = time.monotonic()
            tell = begun - told >= 1 / TABLES
            told = begun if tell else told
            with self.picture.lock:
                before, step, speed = (self.params, self.run), self._job(), SPEEDS[self.speed]
            self._publish(before, *_share(step, before, speed, begun + BUSY / PICTURES), tell)
            yield 0.0
            if self.run.get("ended"):
                return
            took = time.monotonic() - begun
            time.sleep(max(REST * took, 1 / PICTURES - took))

    def _publish(self, before, params, run, tell=True):
        """Set what was trained, unless the weights or the run were changed meanwhile; `tell` the table of it."""
        with self.picture.lock:
            if self._closed or self.params is not before[0] or self.run is not before[1]:
                return
            self._set_quietly({"params": params, "run": run})
            self._before = {**self._before, "params": self.params, "run": self.run}
            if self._panel is not None and tell:
                self._panel.show_tables()
            self.picture.changed()

    def _on_stage(self):
        if self._bar is not None:
            self._bar.show(self.playing)
        if self._panel is not None and not self.playing and not self._closed:
            with self.picture.lock:
                self._panel.show()
        if self._work.error is not None:
            self.say(str(self._work.error))

    def guarded(self, action):
        """Do what a button asks for; what goes wrong is said under the picture."""
        try:
            action()
        except Exception as error:  # ipywidgets drops what a button's callback raises: say it instead
            self.say(str(error) or type(error).__name__)

    def close(self):
        """Stop training and free everything. Safe to call twice."""
        if not getattr(self, "_closed", True):
            self.pause()
            self._work.close()
        super().close()


def _share(step, before, speed, until):
    """Train one picture's share: (params, run) after it."""
    updates, epochs = speed or (None, 10**9)
    params, run = before
    for _ in range(epochs):
        params, run = step(params, run, updates)
        if run["ended"] or (speed is None and time.monotonic() >= until):
            break
    return params, run
