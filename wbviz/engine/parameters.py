"""What every network is to an optimiser: all its weights and biases in one vector, with windows onto it.

One network, or a *population* of them: any leading axes of the vector are carried along.
"""

import copy

import numpy as np

from . import checks


class Parameters:
    """Weights and biases in one vector, `params`. A network says how many, which windows, and where they begin.

    For that it has `n_params`, `views(vector)` and `_fresh(seed)` → a vector to begin with.
    """

    def _begin(self, seed, population):
        seed = checks.whole(seed, "seed", least=0)
        if population is None:
            self._bind(self._fresh(seed))
        else:
            self._bind(np.stack([self._fresh(seed + k) for k in range(checks.whole(population, "population"))]))

    def _bind(self, params):
        self._params, self._windows = params, self.views(params)

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._bind(self._params)  # a copied or unpickled network looks at its own vector

    @property
    def population(self):
        """The leading axes of params: () for one network."""
        return self._params.shape[:-1]

    @property
    def params(self):
        """All weights and biases, float64 of shape (..., n_params), in the order of `views`.

        Assigning copies the numbers into the vector; NaN and infinity are refused.
        """
        return self._params

    @params.setter
    def params(self, values):
        values = checks.floats(values, "params")
        if values.shape not in (self._params.shape, self._params.shape[-1:]):
            raise ValueError(f"params must have shape {self._params.shape}, got {values.shape}.")
        self._params[...] = values

    def copy(self):
        """A network of its own with the same parameters."""
        return self.with_params(self._params)

    def with_params(self, params):
        """The same architecture with a copy of these parameters, shape (..., n_params); leading axes: a population."""
        params = checks.floats(params, "params")
        if params.ndim == 0 or params.shape[-1] != self.n_params:
            raise ValueError(f"params must have shape (..., {self.n_params}), got {params.shape}.")
        twin = copy.copy(self)
        twin._bind(params.copy())
        return twin
