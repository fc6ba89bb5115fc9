"""Which setting mattered in a search? How much of the spread of the scores goes with the values of each."""

import numpy as np


def importances(settings, scores, bins=4):
    """{name of a setting: share 0 … 1 of the variance of the scores that goes with it alone}.

    settings: a list of dicts of one kind.  scores: as many numbers.
    The values of each setting are dealt into groups: by name, or, for numbers, into at most `bins` of equal count.
    The share is ω², the variance between groups over the whole, less what luck alone would give (Hays 1963); it is 0
    where luck could explain all. What the shares leave of 1 is interplay of settings, and luck.
    """
    scores = np.asarray(scores, float)
    return {name: _share([setting[name] for setting in settings], scores, bins) for name in (settings or [{}])[0]}


def _share(values, scores, bins):
    groups = _groups(values, bins)
    count, total = groups.max(initial=-1) + 1, ((scores - scores.mean()) ** 2).sum() if len(scores) else 0.0
    if count < 2 or len(scores) <= count or total <= 1e-15 * len(scores):
        return 0.0
    sizes = np.bincount(groups, minlength=count)
    means = np.bincount(groups, scores, minlength=count) / sizes
    between = (sizes * (means - scores.mean()) ** 2).sum()
    noise = (total - between) / (len(scores) - count)
    return float(np.clip((between - (count - 1) * noise) / (total + noise), 0.0, 1.0))


def _groups(values, bins):
    """The number of its group for each value."""
    distinct, places = np.unique(values, return_inverse=True)
    if len(distinct) <= bins or distinct.dtype.kind not in "iuf":
        return places
    edges = np.quantile(places, np.arange(1, bins) / bins, method="nearest")
    return np.unique(np.searchsorted(np.unique(edges), places, side="left"), return_inverse=True)[1]
