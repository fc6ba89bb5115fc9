"""Long work beside the page: a generator run in a thread, with a bar, Pause, Step and Stop."""

import threading
import time

import ipywidgets as w
from IPython.display import display

from wbviz.picture.background import in_background
from wbviz.widgets._rows import error_line, put
from wbviz.widgets._tree import close_tree, forget_in_cell, replace_in_cell

#: The bar and its words move at most this often, in seconds: the work should not wait for the page.
REFRESH = 0.05


class Work(w.VBox):
    """A generator run in a thread. It yields how far it is: a fraction from 0 to 1, or (fraction, words).

    `steps` is called for a fresh generator at each start. `on_change()` is called after a step, at most every
    `REFRESH` seconds, and at every change of `.stage`: "idle", "running", "paused", "done", "stopped" or "failed".
    What was computed before a stop stays. An exception ends the work, is kept in `.error` and said beside the bar.
    """

    def __init__(self, steps, on_change=lambda: None, label="Work"):
        self._steps, self._on_change, self._label = steps, on_change, label
        self._go, self._single, self._halt, self._anew = threading.Event(), False, False, False
        self._lock, self._thread, self._drawn = threading.RLock(), None, 0.0
        self.stage, self.error, self.fraction, self.words = "idle", None, 0.0, ""
        self._bar = w.FloatProgress(value=0.0, min=0.0, max=1.0, description=label, layout=w.Layout(width="300px"))
        self._bar.style.description_width = "initial"
        self._said, self._error_line = w.Label(), error_line()
        self._play = self._button("Start", self._toggle)
        self._stepper, self._stopper = self._button("Step", self.step), self._button("Stop", self.stop)
        row = w.HBox([self._bar, self._play, self._stepper, self._stopper, self._said])
        row.layout.flex_flow = "row wrap"
        super().__init__([row, self._error_line])
        self.add_class("wbviz-work")
        self._show()

    def _button(self, label, action):
        made = w.Button(description=label, tooltip=f"{label}: {self._label}", layout=w.Layout(width="auto"))
        made.on_click(lambda _: action())
        return made

    # --- what can be asked of it ------------------------------------------------------------------------------------
    # The lock is never held while anything outside is called: whoever asks may hold another one (a picture's).

    @property
    def busy(self):
        """True while running or paused."""
        return self.stage in ("running", "paused")

    def start(self):
        """Begin anew, from a fresh generator. While busy this does nothing."""
        with self._lock:
            self._begin("running")
        self._draw()

    def restart(self):
        """Begin anew, whatever is under way: after the step in hand the rest is dropped. Ends a pause."""
        with self._lock:
            if self.busy:
                self._prepare("running")
            self._begin("running")
        self._draw()

    def pause(self):
        """Wait after the step in hand."""
        with self._lock:
            if self.stage == "running":
                self.stage = "paused"
                self._go.clear()
        self._draw()

    def resume(self):
        """Go on after a pause."""
        with self._lock:
            if self.stage == "paused":
                self.stage, self._single = "running", False
                self._go.set()
        self._draw()

    def step(self):
        """Take one step and wait; begins the work when it is not under way."""
        with self._lock:
            self._begin("paused")
            self.stage, self._single = "paused", True
            self._go.set()
        self._draw()

    def stop(self):
        """End the work after the step in hand; what was computed stays."""
        with self._lock:
            if self.busy:
                self._halt = True
                self._go.set()

    def wait(self, timeout=None):
        """Block until the work is done, stopped or failed, or `timeout` seconds passed. Returns the stage."""
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)
        return self.stage

    def run_here(self):
        """Run the whole work in this thread, so that a notebook cell waits for it. Raises what the work raises."""
        with self._lock:
            if self.busy:
                raise RuntimeError("This work is under way already: stop it first.")
            self._prepare("running")
        self._draw()
        try:
            self._run()
        except KeyboardInterrupt:  # the cell was interrupted: what was computed stays
            self._end("stopped")
            self._draw()
            raise
        if self.error is not None:
            raise self.error
        return self

    # --- the thread -------------------------------------------------------------------------------------------------

    def _begin(self, stage):
        if not self.busy:
            self._prepare(stage)
            self._thread = in_background(self._run, name=f"wbviz {self._label}")

    def _prepare(self, stage):
        self._anew, self._halt, self._single, self.error, self.stage = True, False, False, None, stage
        self.fraction, self.words = 0.0, ""
        self._go.set() if stage == "running" else self._go.clear()

    def _run(self):
        steps, over = None, False
        while not over:
            self._go.wait()
            with self._lock:
                anew, self._anew = self._anew, False
            try:
                steps = iter(self._steps()) if anew else steps
                if self._halt:
                    over = self._end("stopped")
                else:
                    self._turn(next(steps))
            except StopIteration:
                over = self._end("stopped" if self._halt else "done")
            except Exception as error:  # the thread has nobody to raise to: keep it and say it
                over = self._end("failed", error)
        self._draw()

    def _turn(self, progress):
        """Note a step that was taken, and wait after it if no more than that one was asked for."""
        self._note(progress)
        with self._lock:
            single = self._single and not self._halt
            if single:
                self._single = False
                self._go.clear()
        if single:
            self._draw()

    def _end(self, stage, error=None):
        """The work is over, unless it was begun anew meanwhile. Returns whether it is."""
        with self._lock:
            if not self._anew:
                self.stage, self.error = stage, error
                self.fraction = 1.0 if stage == "done" else self.fraction
            return not self._anew

    def _note(self, progress):
        with self._lock:
            if self._anew:
                return
            self.fraction, self.words = progress if isinstance(progress, tuple) else (progress, self.words)
        if time.monotonic() - self._drawn >= REFRESH:
            self._draw()

    def _draw(self):
        self._drawn = time.monotonic()
        self._show()
        self._on_change()

    # --- the page ---------------------------------------------------------------------------------------------------

    def _toggle(self):
        {"running": self.pause, "paused": self.resume}.get(self.stage, self.start)()

    def _show(self):
        self._bar.value = min(max(float(self.fraction), 0.0), 1.0)
        self._bar.bar_style = {"failed": "danger", "done": "success", "stopped": "warning"}.get(self.stage, "")
        self._play.description = {"running": "Pause", "paused": "Resume", "idle": "Start"}.get(self.stage, "Again")
        self._stopper.disabled = not self.busy
        self._said.value = f"{self.stage}{': ' if self.words else ''}{self.words}"
        put(self._error_line, str(self.error) if self.error is not None else "")

    def close(self):
        """Stop the work, wait until it is over (2 s at most), and free its controls."""
        self.stop()
        self.wait(2)
        forget_in_cell(self)
        close_tree(self)

    def __repr__(self):
        return f"Work: {self._label}"


def with_progress(training, label="Training"):
    """Run a Training in this cell, with a bar that can be paused and stopped. Returns its history.

    "Again" takes it back to its start and repeats it step by step, with the same numbers.
    """

    def steps():
        if training.done:
            training.rewind()
        for step in training:
            yield step.number / training.n_steps, f"epoch {step.epoch + 1}, loss {step.loss:.3f}"

    work = Work(steps, label=label)
    replace_in_cell(work)
    display(work)
    work.run_here()
    return training.history
