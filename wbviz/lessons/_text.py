"""Words for learners: numbers that read well, plain JSON values, and sentences as safe HTML."""

import math
import re

import numpy as np

from wbviz.widgets._words import escape


def prose(text):
    """Turn a sentence into safe HTML; a part between backticks is set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def tell(value, unit="", digits=4):
    """Say a value in few characters: a number with so many significant digits and a true minus sign, then its unit."""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (int, np.integer)):
        text = f"{int(value):,}"
    elif isinstance(value, (float, np.floating)):
        text = _decimal(float(value), digits)
    elif isinstance(value, np.ndarray) and value.ndim == 0:
        return tell(value.item(), unit, digits)
    else:
        return shorten(value)
    return text.replace("-", "−") + _attach(unit)


def _decimal(value, significant):
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("infinity" if value > 0 else "-infinity")
    if value and not 1e-3 <= abs(value) < 1e6:
        return f"{value:.{min(significant, 3)}g}"
    digits = max(0, significant - 1 - math.floor(math.log10(abs(value)))) if value else 0
    text = f"{value:,.{min(digits, 6)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _attach(unit):
    return unit if unit in ("", "%", "°") else f" {unit}"


def shorten(value, length=60):
    """A value's text on one line, cut at `length` characters."""
    text = " ".join((value if isinstance(value, str) else repr(value)).split())
    return text if len(text) <= length else text[: length - 1] + "…"


def read_number(text, unit=""):
    """Read a number as people write it: `-1.5`, `−1,5`, `3/4`, `75 %` (which is 75 where the unit is %), with its unit.

    Raises ValueError, with a sentence for the learner, when it is no finite number.
    """
    cleaned = str(text).strip().removesuffix(unit).replace("−", "-").replace(" ", "")
    if not cleaned:
        raise ValueError("Write a number first.")
    try:
        value = _parse(cleaned)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"“{shorten(text, 30)}” is not a number: write one such as 0.5, -2 or 3/4.") from None
    if not math.isfinite(value):
        raise ValueError(f"“{shorten(text, 30)}” is not a finite number: write one such as 0.5, -2 or 3/4.")
    return value


def _parse(text):
    if text.endswith("%"):
        return _parse(text[:-1]) / 100
    if text.count("/") == 1:
        above, below = text.split("/")
        return _parse(above) / _parse(below)
    if "," in text and "." not in text and text.count(",") == 1:
        text = text.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text, re.ASCII):
        raise ValueError(text)
    return float(text)


def plain(value):
    """The same value in what JSON can hold: NumPy becomes numbers and lists, NaN and infinity become None."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
