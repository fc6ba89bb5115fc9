"""What Playground keeps in tabs under its picture: examples with commentary, runs, the learner's own data, a file."""

import ipywidgets as w

from wbviz.widgets._download import WeightsFile
from wbviz.widgets._lab import BESIDE_THE_RUN, FEATURES, LIMITS, MOST_LAYERS, MOST_POINTS, MOST_UNITS
from wbviz.widgets._own_data import OwnData
from wbviz.widgets._presets import Presets
from wbviz.widgets._runs import Runs
from wbviz.widgets._sweep import Sweep, sweepable


def panels(explorer):
    """The tabs. All that they do is to set traits of the explorer."""
    plane = (-float(LIMITS[0]), float(LIMITS[0]))
    own = OwnData(explorer.take_points, lambda: (explorer.shown_points(), explorer.task), plane, MOST_POINTS)
    tabs = {
        "Examples": Presets(explorer),
        "Compare runs": Runs(explorer),
        "Sweep": Sweep(explorer, sweepable(explorer, BESIDE_THE_RUN | {"max_epochs"}), drawn=("init", "init_seed")),
        "Own data": own,
        "Weights as a file": WeightsFile(lambda: explorer.network, explorer.take_network, "playground.npz"),
    }
    made = w.Tab(list(tabs.values()), titles=list(tabs))
    made.add_class("wbviz-panels")
    return made


def settings_of(net, features):
    """The settings that make this Network the one of a Playground whose features are on. Raises ValueError."""
    n_in, *layers, n_out = net.sizes
    if n_out != 1 or n_in > len(FEATURES) or len(layers) > MOST_LAYERS or max(layers, default=1) > MOST_UNITS:
        raise ValueError(
            f"This network has sizes {list(net.sizes)}. Here there are up to {len(FEATURES)} inputs, up to "
            f"{MOST_LAYERS} hidden layers of up to {MOST_UNITS} units, and one output."
        )
    if net.activations[-1].name not in ("identity", "sigmoid"):
        raise ValueError(f"The output's activation is {net.activations[-1].name}; here it is the identity or sigmoid.")
    kept = list(features) if len(features) == n_in else list(FEATURES)[:n_in]
    hidden = {"activation": net.activations[0].name} if layers else {}
    return {"features": kept, "layers": layers, **hidden, "params": net.params.tolist(), "run": {}, "frozen": []}
