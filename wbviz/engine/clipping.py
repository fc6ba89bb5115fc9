"""Clipping: a gradient that is too large is made smaller before the step, in one of two ways."""

import numpy as np


def clip_by_norm(gradient, limit):
    """The gradient (..., n_params), made as short as `limit` where it is longer; its direction stays.

    limit: above 0; one number, or one for each member of a population.
    Pascanu, Mikolov and Bengio (2013); the numbers are those of torch.nn.utils.clip_grad_norm_.
    """
    return gradient * np.minimum(limit / (np.linalg.norm(gradient, axis=-1) + 1e-6), 1)[..., None]


def clip_by_value(gradient, limit):
    """The gradient with each of its entries held between −limit and limit; its direction may change.

    Mikolov (2012); the numbers are those of torch.nn.utils.clip_grad_value_.
    """
    return np.clip(gradient, -limit, limit)
