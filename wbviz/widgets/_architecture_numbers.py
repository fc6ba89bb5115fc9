"""What ArchitectureSearch has found, for cells and checks: trials, the best of each way, what they promise and keep."""

from wbviz.widgets import _architectures as experiment
from wbviz.widgets._architectures import HAND, WAYS, Run


class Found:
    """The part of ArchitectureSearch that answers questions. Nothing here trains more than one network."""

    def _run_of(self, way):
        setting = self._setting._replace(way=way)
        if way == HAND:
            return experiment.by_hand(setting, self.tries[: self.trials])
        return self._runs.get(setting)

    def _shown(self):
        """The Run of the way shown; an empty one before it is begun."""
        return self._run_of(self.way) or Run(self._setting, experiment.bare(self.dataset, self.seed, self.trials))

    def _siblings(self):
        """The Runs of all ways at the same budget, of those that were begun."""
        found = {way: self._run_of(way) for way in WAYS}
        return {way: run for way, run in found.items() if run is not None}

    @property
    def attempts(self):
        """What was found so far in this way: Attempts with `.setting`, `.score`, `.scores`, `.stopped`, `.spent`, …."""
        return list(self._shown().attempts)

    @property
    def budget(self):
        """The epochs that each way may spend."""
        return self._setting.budget

    def best(self, way=None):
        """The best Attempt of a way (the one shown): `.setting`, `.score`, …; None before its first trial."""
        run = self._run_of(way or self.way)
        return None if run is None else run.best

    def test_score(self, way=None):
        """The accuracy, 0 to 1, of a way's best network on the test rows, which no search sees."""
        return experiment.look(self._setting, self._must(way)).sealed

    def optimism(self, way=None):
        """How much more the best of a way promises than it keeps on the test rows: a share of 1."""
        return self._must(way).score - self.test_score(way)

    def importance(self, judge=None):
        """{setting: share} of what each setting matters in the way shown; {} where it is not known."""
        return experiment.weighed(self._shown(), judge or self.judge)

    def winner(self, way=None):
        """The Network of a way's best trial, with its weights and biases."""
        return experiment.look(self._setting, self._must(way)).model.net

    def _must(self, way):
        best = self.best(way)
        if best is None:
            raise ValueError(f"Nothing is tried in the way {way or self.way!r} yet: press Start, or Try it.")
        return best

    @property
    def network(self):
        """The network drawn, which "copy as code" writes out; None before there is one."""
        _, told = self._told()
        return None if told is None else experiment.look(self._setting, told).model.net
