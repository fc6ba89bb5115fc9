"""Histograms of weights and gradients: few numbers that say how many were how large."""

import numpy as np

#: So many bins of equal width lie between the smallest number and the largest.
BINS = 24


def histogram(values):
    """How the numbers in an array are spread, as a plain dict.

    low, high: the ends of BINS equal bins: the smallest and the largest number, or 0.5 on either side where all are
    equal.  counts: how many lie in each.  mean, sd: of all finite numbers.  not_finite: how many are none.
    """
    values = np.asarray(values, dtype=float).ravel()
    (found,) = histograms(values[np.isfinite(values)][None]) or [_empty()]
    return found | {"not_finite": int(np.count_nonzero(~np.isfinite(values)))}


def histograms(moments):
    """A histogram of each row of `moments`, (m, n) finite numbers: a list of dicts as `histogram` returns them."""
    moments = np.asarray(moments, dtype=float)
    if not moments.size:
        return []
    low, high = moments.min(axis=1), moments.max(axis=1)
    alone = high == low
    low, high = low - 0.5 * alone, high + 0.5 * alone
    size = np.maximum(np.maximum(np.abs(low), np.abs(high)), 1.0)  # the largest floats must not overflow
    scaled, first, last = moments / size[:, None], (low / size)[:, None], (high / size)[:, None]
    width = np.where(last > first, last - first, 1.0)  # of numbers beside which 0.5 does not count
    place = np.clip((BINS * ((scaled - first) / width)).astype(int), 0, BINS - 1)
    rows = np.arange(len(moments))[:, None]
    counts = np.bincount((BINS * rows + place).ravel(), minlength=BINS * len(moments)).reshape(-1, BINS)
    columns = low, high, counts, size * scaled.mean(axis=1), size * scaled.std(axis=1)
    names = ("low", "high", "counts", "mean", "sd")
    return [
        dict(zip(names, numbers, strict=True)) | {"not_finite": 0}
        for numbers in zip(*(column.tolist() for column in columns), strict=True)
    ]


def edges(found):
    """The BINS + 1 edges between the bins of a histogram."""
    return np.linspace(found["low"], found["high"], len(found["counts"]) + 1)


def _empty():
    return {"low": -0.5, "high": 0.5, "counts": [0] * BINS, "mean": 0.0, "sd": 0.0, "not_finite": 0}
