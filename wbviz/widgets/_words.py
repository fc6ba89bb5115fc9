"""Words and numbers as every explorer writes them, and the one place where text is made safe for HTML."""

import difflib
import html

SUBSCRIPTS = str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋")


def subscript(number):
    """A whole number as subscript digits: 12 → ₁₂."""
    return str(number).translate(SUBSCRIPTS)


def signed(value, digits=2):
    """A number with a true minus sign and without a negative zero: −0.50."""
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "−")


def term(value, digits=2):
    """A number as a later term of a sum: `+ 0.50` or `− 0.50`."""
    text = signed(value, digits)
    return f"− {text[1:]}" if text.startswith("−") else f"+ {text}"


def percent(share, digits=1):
    """A share of 1 in per cent: 0.969 → 96.9 %."""
    return f"{100 * share:.{digits}f} %"


def plural(count, noun):
    """A count with its noun: 1 point, 2 points."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def nearest(name, names):
    """` Did you mean 'relu'?` when a known name is close to what was written, else an empty text."""
    close = difflib.get_close_matches(str(name), [str(n) for n in names], n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def escape(text):
    """Text made safe for HTML. Everything that reaches an HTML widget passes here."""
    return html.escape(str(text))
