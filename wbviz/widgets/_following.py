"""A picture that follows what is computed for its setting: beside the page while a browser looks, else at once."""

from wbviz.widgets._work import Work


class Following:
    """Keeps an explorer's picture supplied with the task of its present `_setting`; `work` shows how far that is.

    begin(setting) → a task with `setting`, `finished`, `progress` (as Work wants it) and `advance()`.
    at_once(setting) → such a task, finished; it may be remembered.
    While a browser looks, the latest finished task is shown until the one under way is ready. A setting that changed
    meanwhile comes next: so the picture moves along with a knob that is held, and nothing waits for it.
    """

    def __init__(self, explorer, begin, at_once, label):
        self._explorer, self._begin, self._at_once = explorer, begin, at_once
        self._done = self._under_way = None
        self.work = Work(self._steps, lambda: explorer.picture.changed(), label=label)

    def _steps(self):
        task = None
        while task is None or task.setting != self._explorer._setting:
            with self._explorer.picture.lock:
                self._under_way = task = self._begin(self._explorer._setting)
            while not task.finished:
                task.advance()
                yield task.progress
            self._done = task

    def shown(self):
        """The task to show. Begins it beside the page if need be."""
        explorer, task = self._explorer, self._under_way
        if not explorer.picture.pacing.views or self._is_present(self._done):
            return self.finished()
        running = self.work.stage == "running"
        stopped = self._is_present(task) and not running
        if not running and not stopped:
            self.work.restart()
        if stopped or self._done is None:
            return task or self._begin(explorer._setting)
        return self._done

    def finished(self):
        """The task of the present setting, computed to its end, here and now if need be."""
        if not self._is_present(self._done):
            self._done = self._at_once(self._explorer._setting)
        return self._done

    def _is_present(self, task):
        return task is not None and task.setting == self._explorer._setting

    def wait(self, timeout=None):
        """Wait for what is under way; what is paused goes on."""
        with self._explorer.picture.lock:
            self.shown()
        self.work.resume()
        self.work.wait(timeout)


class OnDemand:
    """What is measured at the press of a button, and stays as long as the setting that it is about.

    about() → that setting.  begin(setting) → what is to be `found`, with `setting` and a generator `measure()` that
    fills it step by step and yields how far it is.
    """

    def __init__(self, explorer, about, begin, label):
        self._explorer, self._about, self._begin, self.found = explorer, about, begin, None
        self.work = Work(self._steps, lambda: explorer.picture.changed(), label=label)
        self.work.layout.display = "none"

    def _steps(self):
        with self._explorer.picture.lock:
            self.found = self._begin(self._about())
        return self.found.measure()

    def start(self):
        """Begin anew, beside the page."""
        self.work.layout.display = None
        self.work.restart()

    def check(self):
        """Forget what is about another setting."""
        if self.found is not None and self.found.setting != self._about():
            self.drop()

    def drop(self):
        """Forget all of it."""
        self.work.stop()
        self.work.layout.display = "none"
        self.found = None

    def wait(self, timeout=None):
        """Wait for what is under way; what is paused goes on."""
        self.work.resume()
        self.work.wait(timeout)
