"""What the engine asks of its input. Every refusal names the value, what was expected and what to do."""

import difflib

import numpy as np


def pick(registry, choice, kind):
    """The entry of `registry` called `choice`; an entry itself is passed through.

    `kind` is the word for the error ("activation"). An unknown name raises ValueError with the near miss named.
    """
    if isinstance(choice, str):
        if choice in registry:
            return registry[choice]
        raise ValueError(
            f"There is no {kind} {choice!r}.{near_miss(choice, registry)} Choose from {', '.join(registry)}."
        )
    if isinstance(choice, type(next(iter(registry.values())))) and not isinstance(choice, type):
        return choice
    raise TypeError(f"The {kind} must be a name, got {choice!r}. Choose from {', '.join(registry)}.")


def near_miss(name, known):
    """A question, "Did you mean 'relu'?", if one of the `known` names is close to `name`; else an empty text."""
    known = {each.lower(): each for each in known}
    close = difflib.get_close_matches(str(name).lower(), known, n=1)
    return f" Did you mean {known[close[0]]!r}?" if close else ""


def whole(value, name, least=1):
    """`value` as an int of at least `least`; booleans and fractions are refused."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number of at least {least}, got {value!r}.")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}.")
    return int(value)


def sizes(values):
    """The numbers of neurons of at least two layers, as a tuple."""
    values = list(values) if np.iterable(values) else [values]
    if len(values) < 2:
        raise ValueError(f"sizes must name at least the inputs and the outputs, such as [2, 1]; got {values}.")
    return tuple(whole(size, f"sizes[{i}]") for i, size in enumerate(values))


def rate(value, name, below=np.inf, above_zero=False):
    """`value`, a finite number of at least 0 (above 0 if `above_zero`) and less than `below`.

    An array, one number for each member of a population, passes if every number in it does.
    """
    if type(value) is float and 0 < value < below:  # what comes at each step of a schedule
        return value
    try:
        numbers = np.asarray(value if value is not None else "None", dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number, got {value!r}.") from None
    fine = np.isfinite(numbers) & (numbers > 0 if above_zero else numbers >= 0) & (numbers < below)
    if not fine.all():
        bound = "above 0" if above_zero else "0 or more"
        bound += f" and below {below:g}" if np.isfinite(below) else ""
        raise ValueError(f"{name} must be a finite number, {bound}; got {_first(numbers, ~fine)}.")
    return value


def rates(**values):
    """Each of the named values through `rate`."""
    for name, value in values.items():
        rate(value, name)


def per_member(value, name, population):
    """`value`, one number or one for each member of the `population`, ready to stand beside their parameters."""
    if np.ndim(value) == 0:
        return value
    if not _fits(np.shape(value), population):
        raise ValueError(
            f"{name} must be one number, or one for each member of the population {population}; got {np.shape(value)}."
        )
    return np.asarray(value)[..., None]


def floats(values, name):
    """`values` as an array of floats (float32 stays float32) in which every number is finite."""
    try:
        array = np.asarray(values)
        if array.dtype not in (np.float32, np.float64):
            array = array.astype(float, casting="same_kind" if array.dtype.kind == "c" else "unsafe")
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be real numbers in rows of equal length, got {_short(values)}.") from None
    if not np.isfinite(array).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(
            f"{name} must be finite, but {name}{list(where)} is {array[where]}. Remove or fill in that value first."
        )
    return array


def inputs(X, n_in, population=()):
    """X as floats of shape (n, n_in), or (..., n, n_in) where the leading axes fit the `population`."""
    X = floats(X, "X")
    if X.ndim < 2 or X.shape[-1] != n_in:
        hint = " One example is a row too: write [[...]]." if X.ndim < 2 else ""
        raise ValueError(f"X must have shape (n, {n_in}): {n_in} inputs a row; got {X.shape}.{hint}")
    if X.shape[-2] == 0:
        raise ValueError(f"X is empty: its shape is {X.shape}. Give at least one example.")
    if not _fits(X.shape[:-2], population):
        raise ValueError(f"The leading axes of X, {X.shape[:-2]}, do not fit the population {population}.")
    return X


def sequences(X, n_in, population=()):
    """X as floats of shape (n, T, n_in), n sequences of T steps; leading axes as for `inputs`."""
    X = floats(X, "X")
    if X.ndim < 3 or X.shape[-1] != n_in:
        hint = " One sequence is a row of steps in a list of its own: write [[[...], [...]]]." if X.ndim < 3 else ""
        raise ValueError(f"X must have shape (n, T, {n_in}): n sequences of T steps; got {X.shape}.{hint}")
    if 0 in X.shape[-3:-1]:
        raise ValueError(f"X is empty: its shape is {X.shape}. Give at least one sequence of at least one step.")
    if not _fits(X.shape[:-3], population):
        raise ValueError(f"The leading axes of X, {X.shape[:-3]}, do not fit the population {population}.")
    return X


def real_targets(y, shape):
    """y as floats of shape `shape` (..., n, n_out); a flat y of length n is taken as one column."""
    y = floats(y, "y")
    if y.shape[-2:] != shape[-2:] and shape[-1] == 1 and y.ndim and y.shape[-1] == shape[-2]:
        y = y[..., None]
    if y.shape[-2:] != shape[-2:] or not _fits(y.shape, shape):
        raise ValueError(f"y must have shape {shape[-2:]}, one row for each row of X; got {y.shape}.")
    return y


def probabilities(y, shape):
    """Targets between 0 and 1, as `real_targets`."""
    y = real_targets(y, shape)
    outside = (y < 0) | (y > 1)
    if outside.any():
        raise ValueError(f"y must lie between 0 and 1 for binary_cross_entropy, got {_first(y, outside)}.")
    return y


def labels(y, shape):
    """y as whole numbers 0 … n_out - 1, one for each of the n rows of `shape` (..., n, n_out)."""
    n, n_out = shape[-2:]
    if n_out == 1:
        raise ValueError("cross_entropy needs one output for each class, got 1. Take binary_cross_entropy instead.")
    y = floats(y, "y")
    if y.ndim and y.shape[-1] == 1 and y.shape[-2:-1] == (n,):
        y = y[..., 0]
    if y.ndim == 0 or y.shape[-1] != n or not _fits(y.shape, shape[:-1]):
        raise ValueError(f"y must have shape ({n},), one label for each row of X; got {y.shape}.")
    wrong = (y < 0) | (y >= n_out) | (y != np.floor(y))
    if wrong.any():
        raise ValueError(
            f"Labels must be whole numbers from 0 to {n_out - 1}, as the network has {n_out} outputs; "
            f"got {_first(y, wrong)}."
        )
    return y.astype(np.intp)


def mask(values, length):
    """A boolean array of shape (length,)."""
    array = np.asarray(values)
    if array.dtype != bool or array.shape != (length,):
        raise ValueError(
            f"frozen must be a boolean mask of shape ({length},), one entry for each parameter; "
            f"got {array.dtype} of shape {array.shape}."
        )
    return array.copy()


def pair(values, name, meaning):
    """Two things in a tuple, a list or an array; `meaning` is the word for them in the error."""
    if not isinstance(values, tuple | list | np.ndarray) or len(values) != 2:
        raise TypeError(f"{name} must be {meaning}, got {_short(values)}.")
    return values


def interval(limits, name):
    """Two finite numbers, the first below the second."""
    low, high = floats(pair(limits, name, "two numbers"), name)
    if not low < high:
        raise ValueError(f"{name} must go from a smaller to a larger number, got {_short(limits)}.")
    return low, high


def a(kind, value, name):
    """`value`, which must be of the class `kind`."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be a {kind.__name__}, got {_short(value)}.")
    return value


def function(value, name):
    """A function, or None."""
    if value is not None and not callable(value):
        raise TypeError(f"{name} must be a function such as SCHEDULES['cosine'](0.1, T_max=100), got {value!r}.")
    return value


def _fits(shape, whole_shape):
    """Whether `shape` broadcasts to exactly `whole_shape`."""
    try:
        return np.broadcast_shapes(shape, whole_shape) == tuple(whole_shape)
    except ValueError:
        return False


def _first(array, mask):
    return np.asarray(array)[mask].flat[0]


def _short(value, width=60):
    text = repr(value)
    return text if len(text) <= width else text[: width - 1] + "…"
