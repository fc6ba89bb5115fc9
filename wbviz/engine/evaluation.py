"""How good are the answers? Labels from outputs, accuracy, confusion matrix."""

import numpy as np

from . import checks


def predicted_labels(y_hat, threshold=0.0):
    """The class each row of outputs stands for.

    y_hat: (..., n, n_out) with several outputs: the index of the largest. With one output: 1 above `threshold`,
    else 0; 0 is right for logits, 0.5 for probabilities. Whole numbers are labels already and pass through.
    """
    array = np.asarray(y_hat)
    if array.dtype.kind in "iub":
        return array.astype(np.intp)
    array = checks.floats(array, "y_hat")
    if array.ndim < 2:
        raise ValueError(f"y_hat must be outputs of shape (n, n_out), or whole-number labels; got shape {array.shape}.")
    return array.argmax(axis=-1) if array.shape[-1] > 1 else (array[..., 0] > threshold).astype(np.intp)


def accuracy(y, y_hat, threshold=0.0):
    """The share of rows whose predicted label is right: a number, or one for each member of a population.

    y: labels (n,).  y_hat: outputs or labels, as for `predicted_labels`.
    """
    y, predicted = _compare(y, y_hat, threshold)
    return (predicted == y).mean(axis=-1)


def confusion_matrix(y, y_hat, threshold=0.0, n_classes=None):
    """Counts: row = the true label, column = the predicted one; shape (n_classes, n_classes).

    n_classes: if not given, as many as there are outputs, or as the labels need. A population gives one matrix each.
    """
    outputs = np.shape(y_hat)[-1] if np.asarray(y_hat).dtype.kind == "f" else 0
    y, predicted = _compare(y, y_hat, threshold)
    needed = max(2, outputs, int(y.max()) + 1, int(predicted.max()) + 1)
    n_classes = needed if n_classes is None else checks.whole(n_classes, "n_classes", needed)
    cells = (y * n_classes + predicted).reshape(-1, y.shape[-1])
    counts = [np.bincount(row, minlength=n_classes**2) for row in cells]
    return np.reshape(counts, (*predicted.shape[:-1], n_classes, n_classes))


def _compare(y, y_hat, threshold):
    """True and predicted labels, both (..., n)."""
    predicted = predicted_labels(y_hat, threshold)
    y = checks.floats(y, "y")
    if y.ndim == 2 and y.shape == (*predicted.shape[-1:], 1):
        y = y[:, 0]
    if y.size == 0 or y.shape[-1:] != predicted.shape[-1:]:
        raise ValueError(f"y and y_hat must have as many rows, at least one; got {y.shape} and {np.shape(y_hat)}.")
    for labels in (y, predicted):
        wrong = (labels < 0) | (labels != np.floor(labels))
        if wrong.any():
            raise ValueError(f"Labels must be whole numbers from 0 on, got {labels[wrong].flat[0]}.")
    return np.broadcast_arrays(y.astype(np.intp), predicted)
