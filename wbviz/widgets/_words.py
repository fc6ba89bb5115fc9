"""Words and numbers as every explorer writes them, and the one place where text is made safe for HTML."""

import difflib
import html
import itertools

SUBSCRIPTS = str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋")
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def subscript(number):
    """A whole number as subscript digits: 12 → ₁₂."""
    return str(number).translate(SUBSCRIPTS)


def superscript(number):
    """A whole number as superscript digits: 12 → ¹²."""
    return str(number).translate(SUPERSCRIPTS)


def unit_names(sizes, inputs=None, outputs=None):
    """The names of all units, layer by layer: x₁ x₂, h₁ … h₄, ŷ. Of several hidden layers, h²₁ is the 2nd's unit 1."""
    hidden = len(sizes) - 2
    names = [list(inputs) if inputs else [f"x{subscript(i + 1)}" for i in range(sizes[0])]]
    for layer in range(1, hidden + 1):
        stem = "h" if hidden == 1 else f"h{superscript(layer)}"
        names.append([f"{stem}{subscript(j + 1)}" for j in range(sizes[layer])])
    single = ["ŷ"] if sizes[-1] == 1 else [f"ŷ{subscript(k + 1)}" for k in range(sizes[-1])]
    return [*names, list(outputs) if outputs else single]


def parameter_names(names):
    """All weights and biases in the order of `Network.params`: w x₁→h₁, …, b h₁, …. names: of `unit_names`."""
    found = []
    for sources, units in itertools.pairwise(names):
        found += [f"w {source}→{unit}" for source in sources for unit in units]
        found += [f"b {unit}" for unit in units]
    return found


def signed(value, digits=2):
    """A number with a true minus sign and without a negative zero: −0.50."""
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "−")


def term(value, digits=2):
    """A number as a later term of a sum: `+ 0.50` or `− 0.50`."""
    return as_term(signed(value, digits))


def as_term(text):
    """A written number as a later term of a sum: its sign stands apart, `+ 0.50` or `− 0.50`."""
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
