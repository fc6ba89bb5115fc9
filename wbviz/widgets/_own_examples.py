"""The examples that a learner's own model is judged on: given as arrays or by name, checked, and thinned evenly."""

from typing import NamedTuple

import numpy as np

from wbviz.data import Dataset, load_dataset
from wbviz.engine import LOSSES, predicted_labels

#: Where nothing is given: number of inputs → name of a data set.
USUAL = {2: "moons", 4: "iris", 30: "breast_cancer", 64: "digits"}


class Given(NamedTuple):
    """X (n, n_in), y as the `loss` takes it, what the data are called, and how many rows there were."""

    X: np.ndarray | None
    y: np.ndarray | None
    loss: str | None
    name: str
    rows: int


def given(net, X, y, loss, held_out=False, needed=True):
    """The examples for a network, as `Opens.of` takes them. Raises ValueError or TypeError with a sentence."""
    name = "own data"
    if X is None and y is None:
        if not needed:
            return Given(None, None, None, "no data", 0)
        X = _usual(net)
    if isinstance(X, (str, Dataset)):
        if y is not None:
            raise ValueError("A data set brings its own y: give X and y as arrays, or the data set alone.")
        X, y, name = _named(X, held_out)
    X = _array(X, "X")
    if X.ndim != 2 or X.shape[1] != net.sizes[0] or not len(X):
        hint = f" X.reshape(len(X), -1) has {X[0].size}." if X.ndim > 2 and len(X) else ""
        raise ValueError(f"The model takes {net.sizes[0]} inputs: X must have shape (n, {net.sizes[0]}), "
                         f"but has {X.shape}.{hint}")  # fmt: skip
    if y is None:
        if not needed:
            return Given(X, None, None, name, len(X))
        raise ValueError("Give y too: the right answer for each row of X.")
    y = _array(y, "y")
    if len(y) != len(X) or not y.ndim:
        raise ValueError(f"X has {len(X)} rows, but y has the shape {y.shape}: one answer for each row is wanted.")
    y = _from_one_hot(y, net.sizes[-1], loss)
    loss = loss or usual_loss(y, net.sizes[-1])
    return Given(*checked(net, X, y, loss), loss, name, len(X))


def checked(net, X, y, loss):
    """X and y as arrays that fit a network and a loss; y: labels (n,) for cross_entropy, else (n, n_out)."""
    if X.shape != (len(X), net.sizes[0]) or not len(X):
        raise ValueError(f"X must have shape (n, {net.sizes[0]}), but has {X.shape}.")
    if y is None:
        return X, None
    if loss not in LOSSES:
        raise ValueError(f"loss must be one of {', '.join(LOSSES)}, but got {loss!r}.")
    targets = LOSSES[loss].targets(y, (len(X), net.sizes[-1]))
    return X, targets.argmax(axis=1) if loss == "cross_entropy" else targets


def usual_loss(y, outputs):
    """The loss that answers of this kind are mostly learned with."""
    flat = y.ndim == 1 or y.shape[1:] == (1,)
    if outputs > 1 and flat and (y == np.floor(y)).all():
        return "cross_entropy"
    return "binary_cross_entropy" if outputs == 1 and np.isin(y, (0, 1)).all() else "mse"


def labels(y, loss):
    """The classes that answers stand for, (n,) whole numbers, or None where they are numbers to predict."""
    if y is None or loss == "cross_entropy":
        return y
    if not np.isin(y, (0, 1)).all() or (y.shape[1] > 1 and (y.sum(axis=1) != 1).any()):
        return None
    return (y[:, 0] if y.shape[1] == 1 else y.argmax(axis=1)).astype(int)


def answers(y_hat, loss):
    """The classes that outputs (n, n_out) stand for: one output is a logit, or with the squared error 0 or 1."""
    return predicted_labels(y_hat, threshold=0.5 if loss == "mse" else 0.0)


def thinned(data, most):
    """At most so many of the rows, evenly spread from the first to the last."""
    if data.X is None or len(data.X) <= most:
        return data
    rows = np.linspace(0, len(data.X) - 1, most).round().astype(int)
    return data._replace(X=data.X[rows], y=None if data.y is None else data.y[rows])


def _usual(net):
    if net.sizes[0] not in USUAL:
        raise ValueError(
            f"The model takes {net.sizes[0]} inputs, and no data set of the book has so many: give X and y."
        )
    return USUAL[net.sizes[0]]


def _named(data, held_out):
    if isinstance(data, str):
        data = load_dataset(data)
        data = data.split(test=0.25, seed=0)[1] if held_out else data
    return data.X, data.y, data.name


def _array(values, name):
    """An array of finite numbers; tensors of other libraries are asked for theirs."""
    values = values.detach() if hasattr(values, "detach") else values
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be numbers in rows of equal length, but got {str(values)[:40]!r}.") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, but holds NaN or infinity. Remove or fill in these values first.")
    return array


def _from_one_hot(y, outputs, loss):
    """Labels where y holds a 1 for each row's class among 0s, as Keras' categorical_crossentropy takes it."""
    rows_of_one = y.ndim == 2 and y.shape[1] == outputs > 1 and np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all()
    return y.argmax(axis=1) if rows_of_one and loss in (None, "cross_entropy") else y
