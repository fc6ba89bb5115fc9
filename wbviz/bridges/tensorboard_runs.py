"""Runs noted as TensorBoard event files, which `tensorboard --logdir FOLDER` shows."""

import json
from pathlib import Path

import numpy as np

from wbviz.engine import Logger
from wbviz.engine.histograms import edges
from wbviz.engine.run_writer import checked_name

from ._extra import need


class TensorBoardLogger(Logger):
    """Notes a run as an event file in `folder`/`name`, with the same calls as everywhere (see Logger).

    Scalars are kept by TensorBoard in single precision, about 7 digits. Histograms are called weights/W1,
    gradients/dW1, …; settings, notes and the end are texts. A folder that holds a run already raises ValueError.
    """

    def __init__(self, folder, name="run"):
        need("tensorboardX")
        self.path = Path(folder) / checked_name(name)
        if self.path.exists():
            raise ValueError(f"There is a run in {str(self.path)!r} already. Take another name.")
        self._last_step, self._notes = 0, 0

    def take(self, record):
        getattr(self, f"_take_{record['kind']}")(record)

    def _take_start(self, record):
        self._writer = need("tensorboardX").SummaryWriter(str(self.path))
        known = {name: record[name] for name in ("settings", "seed", "steps", "versions", "started")}
        self._text("settings", json.dumps(known, indent=4))

    def _take_step(self, record):
        self._last_step = record["step"]
        for name, value in record["metrics"].items():
            self._writer.add_scalar(name, value, record["step"])

    def _take_histograms(self, record):
        for name, found in record["layers"].items():
            number, mean = sum(found["counts"]), found["mean"]
            ends, section = edges(found), "gradients" if name.startswith("d") else "weights"
            with np.errstate(all="ignore"):  # the squares of very large numbers
                squares = number * (np.square(found["sd"]) + np.square(mean))
            self._writer.add_histogram_raw(
                f"{section}/{name}", min=ends[0], max=ends[-1], num=number, sum=number * mean, sum_squares=squares,
                bucket_limits=ends[1:].tolist(), bucket_counts=found["counts"], global_step=record["step"],
            )  # fmt: skip

    def _take_note(self, record):
        self._notes += 1
        self._text(f"note {self._notes}", record["text"])

    def _take_end(self, record):
        self._text("end", f"{record['status']} {record['reason']}".strip())
        self._writer.close()

    def _text(self, tag, text):
        """Texts are shown as Markdown: an indented block is shown as it stands, and nothing in it is carried out."""
        self._writer.add_text(tag, "\n".join(f"    {line}" for line in text.splitlines()), self._last_step)
