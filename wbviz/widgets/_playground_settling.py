"""Which settings of Playground go together, and which changes begin the run anew."""

from wbviz.scenes._axes import stepped_limit
from wbviz.widgets import _lab as lab
from wbviz.widgets._base import Explorer
from wbviz.widgets._lab_training import Recipe

#: The slider of a weight reaches at least to ±10, and as far as the largest weight needs.
SPANS = (10, 20, 50, 100, 1000, 10_000, 100_000, 1_000_000)
#: The settings that each optimiser uses beside its learning rate.
USED = {
    "SGD": {"momentum", "nesterov", "weight_decay"}, "RMSprop": {"alpha"}, "Adam": {"beta1", "beta2"},
    "AdamW": {"beta1", "beta2", "weight_decay"}, "Adagrad": set(),
}  # fmt: skip
#: The task of each data set; the learner's own points have either.
HOME = {**dict.fromkeys(lab.CLASSES, "classification"), **dict.fromkeys(lab.NUMBERS, "regression")}


class Settling(Explorer):
    """The part of Playground that keeps its settings consistent."""

    def range_of(self, name):
        """The slider of a parameter reaches as far as the largest needs."""
        meta = super().range_of(name)
        if name != "params":
            return meta
        end = float(stepped_limit(max(map(abs, self.params)), SPANS))
        return meta | {"min": -end, "max": end}

    def idle(self):
        """Settings that another one makes useless."""
        names = set().union(*USED.values()) - USED[self.optimizer]
        names |= {"value"} if self.task == "classification" else {"paint", "loss"}
        names |= {"noise", "examples"} if self.dataset == "own" else set()
        names |= (set() if self.momentum else {"nesterov"}) | (set() if self.layers else {"activation"})
        return names | ({"schedule_epochs"} if self.schedule == "constant" else set())

    def settle(self, changed):
        """Keep data, task and loss together; see which changes begin the run anew."""
        changed = self._settle_data(set(changed))
        if changed & {"features", "layers", "init", "init_seed"} and "params" not in changed:
            self.params, self.run = lab.fresh(self.sizes, self.init, self.init_seed), {}
            self.frozen = self.frozen if changed.isdisjoint({"features", "layers"}) or "frozen" in changed else []
        elif self.run and "run" not in changed:
            self._settle_run(changed)
        if not self.biases:
            off = set(lab.bias_indices(self.sizes))
            self.params = [0.0 if i in off else value for i, value in enumerate(self.params)]
        limit = float(self.lesson.limit)
        self.cursor = [min(max(value, -limit), limit) for value in self.cursor]
        self.chosen = min(self.chosen, len(self.params) - 1)
        self.frozen = [i for i in self.frozen if i < len(self.params)]

    def _settle_data(self, changed):
        """A set belongs to a task, a task to its losses, and a newly chosen set has its own noise."""
        if "task" in changed and "dataset" not in changed and HOME.get(self.dataset, self.task) != self.task:
            self.dataset = "moons" if self.task == "classification" else "sine"
            changed.add("dataset")
        if HOME.get(self.dataset, self.task) != self.task:
            self.task = HOME[self.dataset]
            changed.add("task")
        if "dataset" in changed and "noise" not in changed:
            self.noise = lab.NOISE.get(self.dataset, self.noise)
        if self.loss not in lab.LOSSES_OF[self.task] or ("task" in changed and "loss" not in changed):
            self.loss = lab.LOSSES_OF[self.task][0]
        return changed

    def _settle_run(self, changed):
        """Some changes lead a run back to its start; others drop the optimiser's memory or the reason it ended for."""
        new_data = "dataset" in changed and "points" not in changed
        if new_data or changed & {"task", "seed", "loss"}:
            self.params, self.run = self.params if "params" in changed else self.run["start"], {}
        elif changed & set(Recipe._fields):
            memory = {} if "optimizer" in changed else self.run["memory"]
            self.run = {**self.run, "memory": memory, "ended": ""}
