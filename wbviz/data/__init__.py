"""Data to learn from: sets drawn from a rule, real ones inside the package, and the learner's own tables."""

import difflib
import inspect

from wbviz.data.bundled import BUNDLED, bundled_table
from wbviz.data.cohorts import two_groups
from wbviz.data.dataset import Dataset
from wbviz.data.generators import GENERATORS
from wbviz.data.reading import Problem, TableError
from wbviz.data.table import Table

__all__ = ["DATASETS", "Dataset", "Problem", "Table", "TableError", "bundled_table", "load_dataset"]

#: Every data set by name: a function whose signature shows what it takes and its defaults.
DATASETS = {**GENERATORS, two_groups.__name__: two_groups, **BUNDLED}


def load_dataset(name, n=None, noise=None, seed=0, **options):
    """The data set of this name, as a Dataset.

    n        rows; left out: a generator's default, or all of a real set. Of a real set n rows are drawn at random,
             each class in proportion
    noise    generators only: the standard deviation of the noise, 0 or more
    seed     the same seed gives the same data, to the last bit
    options  blobs and spiral take `classes`, 2 … 10; two_groups takes what makes its groups unequal
    Raises ValueError for an unknown name or a value out of range, TypeError for an argument this set does not take.
    """
    if name not in DATASETS:
        raise ValueError(f"There is no data set {name!r}.{_near(name, DATASETS)} There are: {', '.join(DATASETS)}.")
    given = {"n": n, "noise": noise, "seed": seed, **options}
    given = {key: value for key, value in given.items() if value is not None}
    takes = inspect.signature(DATASETS[name]).parameters
    for key in given:
        if key not in takes:
            why = " It is real data and comes as it is." if key == "noise" else _near(key, takes)
            raise TypeError(f"{name!r} takes no {key!r}.{why} It takes: {', '.join(takes)}.")
    return DATASETS[name](**given)


def _near(word, known):
    """A sentence naming the known word nearest to this one, or nothing."""
    near = difflib.get_close_matches(str(word), known, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
