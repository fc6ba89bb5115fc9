"""The experiments behind the claims of chapter 09 on PyTorch and TensorFlow; what they gave once, where they lack."""

from functools import cache

import numpy as np

from wbviz.bridges import gradient_by, present, side_by_side
from wbviz.data import load_dataset
from wbviz.engine import ACTIVATIONS, Adam, Network
from wbviz.lessons._recorded_09 import RECORDED, WHEN
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict

SEEDS, FEW = 20, 5
BINARY, POINTS, STEPS = "binary_cross_entropy", 60, 100
CLOSE = 1e-9
LIBRARIES = ("PyTorch", "TensorFlow")
#: Precision and settings of each comparison, and with how many networks TensorFlow is asked: each takes it a second.
WAYS = {
    "64 bits, same formula": ("float64", "aligned", FEW),
    "64 bits, as they come": ("float64", "as they come", SEEDS),
    "32 bits, same formula": ("float32", "aligned", FEW),
}


def _installed():
    return all(map(present, ("torch", "tensorflow", "keras")))


def _points():
    data = load_dataset("moons", n=POINTS, noise=0.2, seed=0)
    return data.X, data.y[:, None].astype(float)


def _told(name, verdict, text):
    """The verdict on the numbers that were recorded, where the libraries are not installed."""
    return Verdict(verdict, RECORDED[name], f"PyTorch or TensorFlow is not installed: recorded on {WHEN}. {text}")


def _tenths(value):
    """The power of ten of a difference, rounded up to a half; −18 for none at all."""
    return -18.0 if value < 1e-18 else float(np.ceil(2 * np.log10(value)) / 2)


# --- automatic differentiation ----------------------------------------------------------------------------------------


def autodiff_is_exact():
    """Gradients of 20 networks by PyTorch's and TensorFlow's tapes, beside those of explicit backpropagation."""
    held = "holds"
    text = (
        "Neither library was told any derivative of these networks, and both find the numbers of backpropagation but "
        "for the last digits, in which sums in another order differ. All they know is the slope of each operation."
    )
    if not _installed():
        return _told("autodiff", held, text)
    numbers, close = {"networks": SEEDS}, True
    for k, library in enumerate(LIBRARIES):
        gaps = []
        for seed in range(SEEDS):
            net = _network(seed)
            gaps.append(np.abs(gradient_by(library, net, *_points(), BINARY) - net.gradient(*_points(), BINARY)).max())
            yield (k + (seed + 1) / SEEDS) / len(LIBRARIES), library
        close &= max(gaps) < CLOSE
        numbers[f"{library}: gradients within 1e-9 of the explicit ones"] = int(np.sum(np.array(gaps) < CLOSE))
        numbers[f"{library}: largest difference, power of ten"] = _tenths(max(gaps))
    return Verdict(held if close else "misleading", numbers, text)


def _network(seed):
    """A network 2-6-4-1 with random weights and biases; the seeds go through all activations that have slopes."""
    names = [name for name in ACTIVATIONS if name != "step"]
    net = Network([2, 6, 4, 1], hidden=names[seed % len(names)], seed=seed)
    return net.with_params(np.random.default_rng(seed).normal(size=net.n_params))


# --- the same result --------------------------------------------------------------------------------------------------


def libraries_agree():
    """20 networks trained with Adam by three libraries: how far apart are their losses within 100 steps?"""
    held = "holds if precision and formula are the same"
    text = (
        "In 64 bits and with the same formula all three take the same way. As they come, Keras keeps the constants of "
        "Adam in 32 bits, and its ε stands in another place: its losses part in the fifth digit. In 32 bits all part "
        "in the sixth or seventh. None of this makes a model better or worse; but a number to be compared needs its "
        "library, its settings and its precision beside it."
    )
    if not _installed():
        return _told("agree", held, text)
    numbers, done = {"networks": SEEDS, "steps": STEPS}, 0
    whole = sum(SEEDS + asked for _, _, asked in WAYS.values())
    for name, (precision, settings, asked) in WAYS.items():
        for library, count in zip(LIBRARIES, (SEEDS, asked), strict=True):
            gaps = []
            for seed in range(count):
                gaps.append(_gap(library, seed, precision, settings))
                done += 1
                yield done / whole, f"{library}, {name}"
            numbers[f"{name}, {library}: networks"] = count
            numbers[f"{name}, {library}: within 1e-9"] = int(np.sum(np.array(gaps) < CLOSE))
            numbers |= spread(f"{name}, {library}: power of ten of the difference", [*map(_tenths, gaps)])
    same = all(numbers[f"64 bits, same formula, {each}: within 1e-9"] >= FEW for each in LIBRARIES)
    return Verdict(held if same else "misleading", numbers, text)


@cache
def _gap(library, seed, precision, settings):
    """The largest difference between the losses of a library and of the engine, over all steps."""
    net = Network([2, 4, 1], seed=seed)
    libraries = ("wbviz", library)
    found = side_by_side(net, *_points(), STEPS, BINARY, Adam(lr=0.05), precision, settings, libraries)
    return found.difference(library)
