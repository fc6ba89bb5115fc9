"""Runs noted with Weights & Biases: online for who has logged in, offline on this computer for everybody."""

import os

import numpy as np

from wbviz.engine import Logger
from wbviz.engine.histograms import edges

from ._extra import need

MODES = ("online", "offline")
KEYS = ("key", "api_key", "apikey", "token", "password")


class WandbLogger(Logger):
    """Notes a run in a project of Weights & Biases, with the same calls as everywhere (see Logger).

    project: its name there.  name: how the run is called; without one W&B finds a name.
    mode: "online" sends the run to the account that `wandb login` (typed once, in a terminal) has set up; "offline"
    keeps it in `folder`/wandb, from where `wandb sync` can send it later. None: as WANDB_MODE says, else online.
    No key is taken here, and nobody is asked for one: what stands in a notebook is soon seen by others. Without a
    login an online run raises ConnectionRefusedError when it starts.

    Metrics are logged by name, with `step` beside them as their axis: so nothing is dropped where steps go back.
    Histograms are called weights/W1, gradients/dW1, … Notes become the run's notes, its end stands in the summary.
    `.path` is the folder of the run's own files once it has started.
    """

    def __init__(self, project="wbviz", name=None, mode=None, folder=".", **others):
        for other in others:
            if other.lower() in KEYS:
                raise ValueError(
                    f"No key is taken here ({other}=…): a notebook is read by others. Log in once in a terminal with "
                    "`wandb login`, or work without an account: mode='offline'. If that key is real, revoke it."
                )
            raise TypeError(f"WandbLogger has no setting {other!r}. It has: project, name, mode, folder.")
        if mode is not None and mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, or None, got {mode!r}.")
        self._wandb = need("wandb")
        self._with = {"project": project, "name": name, "mode": mode, "dir": str(folder)}
        self._run = self.path = None

    def take(self, record):
        getattr(self, f"_take_{record['kind']}")(record)

    def _take_start(self, record):
        if (self._with["mode"] or os.environ.get("WANDB_MODE", "online")) == "online" and not self._logged_in():
            raise ConnectionRefusedError(
                "Nobody has logged in to Weights & Biases on this computer. Type `wandb login` once in a terminal, "
                "or work without an account: mode='offline'."
            )
        quiet = self._wandb.Settings(
            silent=True, console="off", disable_code=True, disable_git=True, x_disable_stats=True
        )
        known = {"seed": record["seed"], "steps": record["steps"], "versions": record["versions"]}
        self._run = self._wandb.init(config={**record["settings"], "wbviz": known}, settings=quiet, **self._with)
        self._run.define_metric("step")
        self._run.define_metric("*", step_metric="step")
        self.path, self._notes = self._run.dir, []

    def _take_step(self, record):
        self._run.log({**record["metrics"], "step": record["step"]})

    def _take_histograms(self, record):
        found = {_called(name): self._histogram(each) for name, each in record["layers"].items()}
        self._run.log({**found, "step": record["step"]})

    def _take_note(self, record):
        self._notes.append(record["text"])
        self._run.notes = "\n".join(self._notes)

    def _take_end(self, record):
        self._run.summary["status"], self._run.summary["reason"] = record["status"], record["reason"]
        self._run.finish(exit_code=int(record["status"] == "failed"))

    def _logged_in(self):
        return self._wandb.login(verify=False, prompt=False)

    def _histogram(self, found):
        return self._wandb.Histogram(np_histogram=(np.array(found["counts"]), edges(found)))


def _called(name):
    """How W&B and TensorBoard sort histograms into two sections: weights/W1, gradients/dW1."""
    return f"{'gradients' if name.startswith('d') else 'weights'}/{name}"
