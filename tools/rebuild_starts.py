"""Meta-train the starts that MetaLearning opens with, from random weights, and write wbviz/data/sine_starts.npz.

    python tools/rebuild_starts.py            some minutes; writes the file and prints its SHA-256 sum
    python tools/rebuild_starts.py --check    writes nothing, only says how far the stored starts are from these

Everything is drawn from seed 0. Another BLAS may round the last bits otherwise, and 12,000 iterations make that
visible: then the starts are others, as good as these.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
from rebuild_data import npz

from wbviz.engine import Adam, Network
from wbviz.engine.meta import MetaTraining

FILE = Path(__file__).resolve().parent.parent / "wbviz" / "data" / "sine_starts.npz"
SIZES, ITERATIONS, INNER_LR, POINTS, TASKS, RATE = (1, 20, 20, 1), 12_000, 0.01, 10, 25, 2e-3
#: Inner steps of each method. Reptile learns nothing from one; joint training takes none.
INNER_STEPS = {"MAML": 1, "first-order MAML": 1, "Reptile": 5, "joint training": 1}


def start(method):
    """The parameters after all iterations; the last 30 % of them at a fifth of the rate."""
    net, optimizer = Network(SIZES, hidden="tanh", seed=0), Adam(lr=RATE)
    settings = {"inner_steps": INNER_STEPS[method], "inner_lr": INNER_LR, "points": POINTS, "tasks": TASKS}
    training = MetaTraining(net, method, **settings, optimizer=optimizer, seed=0)
    for step in training:
        if step.number + 1 == int(0.7 * ITERATIONS):
            optimizer.lr = RATE / 5
        if step.number + 1 == ITERATIONS:
            return net.params
        if step.number % 2000 == 0:
            print(f"{method}: {step.number:,} of {ITERATIONS:,} iterations, loss after adapting {step.loss:.3f}")


def packed(params):
    """The bytes of the file: these starts (4, n_params), and how they were made."""
    recipe = {"iterations": ITERATIONS, "tasks": TASKS, "points": POINTS, "inner_lr": INNER_LR, "sizes": SIZES}
    known = {"methods": list(INNER_STEPS), "inner_steps": list(INNER_STEPS.values()), **recipe}
    return npz(params=params, **{name: np.array(value) for name, value in known.items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    made = np.array([start(method) for method in INNER_STEPS])
    if check:
        with np.load(FILE, allow_pickle=False) as stored:
            for method, apart in zip(INNER_STEPS, np.abs(stored["params"] - made).max(axis=1), strict=True):
                print(f"{method}: largest difference {apart:.1e}")
        return
    content = packed(made)
    FILE.write_bytes(content)
    print(f"{FILE.name}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
