"""What may be noted of a run: names, numbers, settings and notes, made plain and checked."""

import math
import re
import sys

import numpy as np

LONGEST_NOTE, LONGEST_NAME = 2000, 80
#: A setting whose name ends so may hold a secret, and a run is made to be shown.
SECRETS = ("key", "apikey", "token", "password", "secret", "credential")
LIBRARIES = ("wbviz", "numpy", "torch", "keras", "tensorflow")


def layered(views, prefix):
    """Name → array of each layer's weights and biases: W1, b1, W2, …; `views` is a Network or a pair of lists."""
    weights, biases = (views.weights, views.biases) if hasattr(views, "weights") else views
    pairs = enumerate(zip(weights, biases, strict=True), start=1)
    return {f"{prefix}{kind}{k}": each for k, pair in pairs for kind, each in zip("Wb", pair, strict=True)}


def one_number(value, name):
    """A number, also of NumPy or a tensor that holds a single one, as a plain int or float. Raises TypeError."""
    if not isinstance(value, str | bytes) and not getattr(value, "ndim", 0):
        try:
            return int(value) if isinstance(value, int | np.integer) and abs(value) < 2**53 else float(value)
        except (TypeError, ValueError, OverflowError):
            pass
    raise TypeError(f"The metric {name!r} must be one number, got {_short(value)}. Log one run of a population alone.")


def plain_settings(settings):
    """Settings as JSON can hold them: texts, numbers, booleans, None, and lists and dicts of them.

    A function or an object of the engine stands there by its name, NaN and infinity as words. Anything else raises
    TypeError; a name that sounds like a secret raises ValueError.
    """
    if not isinstance(settings, dict):
        raise TypeError(f"settings must be named values such as {{'lr': 0.1}}, got {_short(settings)}.")
    return {checked_name_of(name, "setting"): _plain(value, name) for name, value in settings.items()}


def checked_note(text):
    """A note: a text of 1 to 2,000 characters, without spaces around it. Raises ValueError."""
    text = text.strip() if isinstance(text, str) else ""
    if not 1 <= len(text) <= LONGEST_NOTE:
        raise ValueError(f"A note is a text of 1 to {LONGEST_NOTE:,} characters, got {len(text):,}.")
    return text


def _plain(value, name, depth=0):
    if isinstance(value, np.ndarray | np.generic) and value.size <= 1000:
        value = value.tolist()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if depth < 4 and isinstance(value, list | tuple):
        return [_plain(item, name, depth + 1) for item in value]
    if depth < 4 and isinstance(value, dict):
        return {checked_name_of(key, "setting"): _plain(item, name, depth + 1) for key, item in value.items()}
    label = getattr(value, "name", None) or getattr(value, "__name__", None)
    if isinstance(label, str):
        return label
    raise TypeError(f"The setting {name!r} must be a plain value (text, number, list), got {_short(value)}.")


def checked_name_of(name, kind):
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise TypeError(f"The name of a {kind} must be a text of 1 to {LONGEST_NAME} characters, got {_short(name)}.")
    if kind == "setting" and re.split(r"[\W_]", name.lower())[-1] in SECRETS:
        raise ValueError(f"The setting {name!r} sounds like a secret. A run is made to be shown: leave it out.")
    return name


def versions():
    found = {name: getattr(sys.modules.get(name), "__version__", None) for name in LIBRARIES}
    numbers = {name: str(version) for name, version in found.items() if version}
    return {"python": ".".join(map(str, sys.version_info[:3]))} | numbers


def _short(value):
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
