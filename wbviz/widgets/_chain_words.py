"""How BackwardPass writes what it shows: the names of the factors, the formulas with their numbers."""

import math

import numpy as np

from wbviz.scenes._product import Card
from wbviz.widgets._words import parameter_names, signed, unit_names

PLAIN = {"loss": "dL/d{}", "slope": "f′(z) {}", "input": "{}", "one": "bias input"}
SPOKEN = PLAIN | {"slope": "f′(z) of {}"}


class Formulas:
    """Names and formulas of one network: `passed` is what BackwardPass computed, `target` the y of its example."""

    def __init__(self, passed, target):
        self.passed, self.rule, self.y = passed, passed.rule, target
        self.net = passed.rule.net
        self.units = unit_names(self.net.sizes)
        self.parameters = parameter_names(self.units)
        self.targets = [name.replace("ŷ", "y") for name in self.units[-1]]

    # --- names ------------------------------------------------------------------------------------------------------

    def symbol(self, place, forms=PLAIN):
        """The name of a factor's place: dL/dŷ₁, f′(z) h₁, w h₁→ŷ₁, x₁ or bias input."""
        kind, *where = place
        if kind == "weight":
            return self.parameters[self.net.index("W", *where)]
        layer = {"loss": self.net.n_layers, "input": where[0]}.get(kind, where[0] + 1)
        return forms[kind].format(self.units[layer][where[-1]])

    def unit(self, derivative):
        """The unit that a derivative's parameter belongs to."""
        return self.units[derivative.parameter[1] + 1][derivative.parameter[-1]]

    def slope(self, index):
        """dL/dw or dL/db, with the name of the parameter: dL/dw x₁→h₁."""
        return f"dL/d{self.parameters[index]}"

    # --- the product ------------------------------------------------------------------------------------------------

    def product(self, derivative, whole=True):
        """The arguments of the scene's Product: of dL/dp, or of the unit's δ without the last factor."""
        unit = self.unit(derivative)
        paths = [[self._card(factor) for factor in path] for path in derivative.paths]
        own = [self._card(factor) for factor in (derivative.own if whole else derivative.own[:1])]
        sums = [shorter(float(np.prod([factor.value for factor in path]))) for path in derivative.paths]
        result = f"dL/d{'w' if derivative.parameter[0] == 'W' else 'b'}" if whole else f"δ {unit}"
        return {
            "paths": paths,
            "own": own,
            "sums": [*sums, (f"dL/d{unit}", short(derivative.arrived))],
            "result": (result, short(derivative.value if whole else derivative.delta)),
        }

    def _card(self, factor):
        text = "1" if (factor.place[0], factor.value) == ("one", 1) else short(factor.value)
        return Card(self.symbol(factor.place), text, factor.place, factor.value)

    def spoken(self, derivative, whole=True):
        """The product in a line of words and numbers."""
        own = derivative.own if whole else derivative.own[:1]
        paths = [self._chain(path) for path in derivative.paths]
        head = paths[0] if len(paths) == 1 else f"[{' + '.join(paths)}]"
        return f"{head} · {self._chain(own)} = {short(derivative.value if whole else derivative.delta)}"

    def _chain(self, factors):
        return " · ".join(f"{self.symbol(factor.place, SPOKEN)} ({short(factor.value)})" for factor in factors)

    # --- the way forward --------------------------------------------------------------------------------------------

    def sum_of(self, layer, unit):
        """z of a unit as a sum with its numbers: z = 0.15·0.05 + 0.2·0.1 + 0.35 = 0.3775."""
        record, weights = self.rule.forward, self.net.weights[layer][:, unit].tolist()
        inputs = record.a[layer][0].tolist()
        products = [f"{brief(w)}·{bracketed(brief(x))}" for w, x in zip(weights, inputs, strict=True)]
        numbers = summed([*products, brief(float(self.net.biases[layer][unit]))])
        return f"z = {numbers} = {short(float(record.z[layer][0, unit]))}"

    def forward(self, layer, unit, activation):
        """What happens in a unit on the way forward, in three lines."""
        z, a = (
            float(values[layer + k][0, unit]) for k, values in enumerate((self.rule.forward.z, self.rule.forward.a))
        )
        slope = short(self.rule.slope(layer, unit).value)
        return (
            self.sum_of(layer, unit),
            f"a = f(z) = {activation.replace('_', ' ')}({short(z)}) = {short(a)}",
            f"Kept for the way back: the slope f′(z) = {slope}",
        )

    def loss(self):
        """The loss and its first derivatives, in lines."""
        y_hat, names = self.rule.forward.y_hat[0].tolist(), zip(self.units[-1], self.targets, strict=True)
        symbols = " + ".join(f"({a} − {b})²" for a, b in names)
        numbers = " + ".join(f"({short(a)} − {bracketed(brief(b))})²" for a, b in zip(y_hat, self.y, strict=True))
        mean, slope = ("{}", "2 · ({} − {})") if len(y_hat) == 1 else ("½[{}]", "{} − {}")
        slopes = [
            f"dL/d{name} = {slope.format(name, target)} = {short(self.rule.loss_slope(k).value)}"
            for k, (name, target) in enumerate(zip(self.units[-1], self.targets, strict=True))
        ]
        return (
            f"L = {mean.format(symbols)} = {mean.format(numbers)} = {short(self.rule.loss)}",
            ",   ".join(slopes),
            "The way back starts here: how the loss answers to each output",
        )


def short(value):
    """A number in at most nine characters, with three digits that count or more: 0.0822, −12.35, 0.000439, 4.39e−5."""
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e-4 or size >= 99_999.5:
        return _scientific(value, 2 if size < 1e-4 else 3)
    small = 6 if size < 9.995e-4 else 5 if size < 9.995e-3 else 4
    return signed(value, small if size < 1 else max(0, 4 - int(math.log10(size))))


def shorter(value):
    """A number in at most seven characters: 0.0554, −0.0190, −4.4e−4."""
    text = short(value)
    return text if len(text) <= 7 else _scientific(value, 1)


def in_unit(value):
    """A number in at most five characters, as much as a unit of the diagram holds: −0.52, −12.3, −2800, 3e5."""
    size = abs(value)
    if size >= 9999.5:
        return _scientific(value, 0)
    return signed(value, 2 if size < 9.995 else 1 if size < 99.95 else 0)


def in_column(value):
    """A number in at most six characters: −0.134, −12.3, −2800, 3e5."""
    return signed(value, 3) if abs(value) < 9.9995 else in_unit(value)


def tiny(value):
    """The size of a rounding error: 3e−12, or 0."""
    return _scientific(value, 0) if value else "0"


def brief(value):
    """A number with at most three digits that count, of whole ones all: 0.15, −12.3, 1235, 1.2e5."""
    size = abs(value)
    if 999.5 <= size < 99_999.5 or value == 0:
        return signed(value, 0)
    text = f"{value:.3g}"
    return _scientific(value, 2) if "e" in text else text.replace("-", "−")


def _scientific(value, digits):
    mantissa, power = f"{value:.{digits}e}".split("e")
    return f"{mantissa}e{int(power)}".replace("-", "−")


def bracketed(text):
    """A number as a later factor: a negative one in brackets."""
    return f"({text})" if text.startswith("−") else text


def summed(parts):
    """Numbers and products as one sum: `0.15·0.05 − 0.2·0.1 + 0.35`."""
    first, *others = parts
    return "".join([first, *(f" − {part[1:]}" if part.startswith("−") else f" + {part}" for part in others)])


def changed(value):
    """A change with its sign: +0.0044, −0.0123, 0."""
    text = short(value)
    return text if text.startswith("−") or value == 0 else f"+{text}"
