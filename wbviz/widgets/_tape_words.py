"""What AutodiffTape shows at a step: the graph's numbers, the tape as a list, and all words."""

from functools import cached_property

from wbviz.scenes.autodiff_tape import ROWS
from wbviz.widgets._chain_words import bracketed, in_column, in_unit, short, shorter, summed, tiny
from wbviz.widgets._taping import Step, walk
from wbviz.widgets._words import plural

UNKNOWN = "·"
HINT = "Keys: ← → one step, Home and End the first and last. Click a node or a line to go to it."
_BINARY, _SQUARE = ("+", "−", "·"), "²"


class View:
    """The present state of an explorer, an AutodiffTape, as its scene wants it and as words say it."""

    def __init__(self, explorer):
        self.explorer, self.taped, self.now = explorer, explorer.taped, explorer.now()
        self.lines, self.last = self.taped.lines, len(self.taped.lines) - 1
        steps = walk(explorer.expression)
        self.returned = explorer.step >= steps.index(Step("seed"))
        forward = explorer.step + self.taped.leaves  # how many lines are written
        self.written = self.last + 1 if self.returned else forward
        compare = self.now.kind == "compare"
        self.visited = self.taped.leaves if compare else self.now.line if self.now.kind == "back" else self.last + 1

    # --- what is known at this step ---------------------------------------------------------------------------------

    @cached_property
    def gradients(self):
        """For each line what has arrived so far: a number, or None before anything has."""
        found = [None] * self.last + [1.0 if self.returned else None]
        for k, i, to in self._crossed:
            found[to] = (found[to] or 0.0) + self.taped.flow(k, i)
        return found

    @cached_property
    def _crossed(self):
        """The edges that the way back has crossed."""
        return [edge for edge in self.taped.edges if edge[0] >= self.visited]

    def name(self, line):
        """A leaf by its name, another line by its number: w₁, [7]."""
        return self.lines[line].name or f"[{line}]"

    def how(self, line):
        """How a line was made: w₁ · x₁, tanh [9], [11]²."""
        operation, inputs = self.lines[line].operation, [self.name(k) for k in self.lines[line].inputs]
        return _written(operation, inputs) or self.lines[line].name

    # --- for the scene ----------------------------------------------------------------------------------------------

    def shown(self):
        """The arguments of the graph's update."""
        values = [in_unit(line.value) if k < self.written else "" for k, line in enumerate(self.lines)]
        gradients = ["" if found is None else f"∇{in_unit(found)}" for found in self.gradients]
        slopes, flows, crossed = [], [], set(self._crossed)
        for edge in self.taped.edges:
            k, i, _ = edge
            slopes.append(f"×{in_unit(self.lines[k].slopes[i])}" if k < self.written else "")
            amount = self.taped.flow(k, i)
            flows.append((amount, in_unit(amount)) if edge in crossed else None)
        lit = {n for n, (k, _, _) in enumerate(self.taped.edges) if k == self.now.line}
        marked = {self.last} if self.now.kind == "seed" else {self.now.line} - {None}
        return {"values": values, "gradients": gradients, "slopes": slopes, "flows": flows, "marked": marked,
                "lit": lit}  # fmt: skip

    @cached_property
    def first(self):
        """The first line that the list shows: of a long tape it shows what is around the line in hand."""
        around = 0 if self.now.line is None else self.now.line - ROWS // 2
        return min(max(around, 0), max(self.last + 1 - ROWS, 0))

    def table(self):
        """The list: a row for each line."""
        seen = range(self.first, min(self.first + ROWS, self.last + 1))
        compare = self.now.kind == "compare"
        heads = ["line", "made of", "value", "gradient", "engine" if compare else ""]
        hand = {self.now.line, *(self.lines[self.now.line].inputs if self.now.line is not None else ())}
        return {"heads": heads, "rows": [self._row(k) for k in seen], "marked": [k - self.first for k in seen
                if k in hand]}  # fmt: skip

    def _row(self, k):
        if k >= self.written:
            return (str(k), "", "", "", "")
        found, explicit = self.gradients[k], self.taped.explicit.get(self.lines[k].name)
        gradient = shorter(found) if found is not None else UNKNOWN if self.returned else ""
        beside = "" if self.now.kind != "compare" or explicit is None else shorter(explicit)
        return (str(k), self.how(k), in_column(self.lines[k].value), gradient, beside)

    # --- words ------------------------------------------------------------------------------------------------------

    def words(self):
        """All texts beside the numbers."""
        lines = [*self._lines(), ""][:2]
        return {"heading": self._heading(), "lines": lines, "sentence": self._sentence(), "foot": self._foot(),
                "hint": HINT}  # fmt: skip

    def _heading(self):
        k = self.now.line
        return {
            "leaves": "The leaves: numbers to begin with",
            "forward": f"Forward: line {k} is written",
            "seed": "The way back begins at the loss",
            "back": f"Back over line {k}, {self.how(k) if k is not None else ''}",
            "compare": "Every gradient, beside that of the engine's backpropagation",
        }[self.now.kind]

    def _lines(self):
        kind, k = self.now
        if kind == "leaves":
            return ["Nothing is calculated yet. Each operation will write one line of the tape."]
        if kind == "forward":
            return [self._calculation(k), self._kept(k)]
        if kind == "seed":
            return ["dL/dL = 1: if the loss grows by a little, the loss grows by as much."]
        if kind == "back":
            return [self._arrival(k, i, to) for i, to in enumerate(self.lines[k].inputs)]
        gaps = [abs(self.taped.gradient[self.taped.at[name]] - each) for name, each in self.taped.explicit.items()]
        equal = f"They differ by {tiny(max(gaps))} at most" if max(gaps) else "They are equal to the last bit"
        return [
            f"{equal}. For the target y backpropagation gives nothing.",
            f"Each of the {len(self.taped.edges)} edges was crossed once, for all {self.taped.leaves} leaves together.",
        ]

    def _calculation(self, k):
        numbers = [short(self.lines[to].value) for to in self.lines[k].inputs]
        written = _written(self.lines[k].operation, [numbers[0], *map(bracketed, numbers[1:])])
        return f"[{k}] = {self.how(k)} = {written} = {short(self.lines[k].value)}"

    def _kept(self, k):
        slopes = zip(self.lines[k].inputs, self.lines[k].slopes, strict=True)
        kept = [f"d[{k}]/d{self.name(to)} = {short(slope)}" for to, slope in slopes]
        return f"Kept for the way back: {', '.join(kept)}"

    def _arrival(self, k, i, to):
        gradient, slope = short(self.taped.gradient[k]), bracketed(short(self.lines[k].slopes[i]))
        amount, name = self.taped.flow(k, i), self.name(to)
        text = f"To {name}: ∇[{k}] · slope = {gradient} · {slope} = {short(amount)}"
        before = [flow for source, flow in self.taped.arrivals(to) if source > k]
        if not before:
            return text
        return f"{text}, added to {short(sum(before))}: {short(sum(before) + amount)}"

    def _sentence(self):
        many = [k for k in range(self.last) if len(self.taped.arrivals(k)) > 1]
        if self.now.kind in ("leaves", "forward"):
            return "× on an edge: the slope of the new value in this input, kept for the way back."
        if self.now.kind == "seed":
            return "This 1 is where loss.backward() in PyTorch and GradientTape in TensorFlow begin."
        meeting = [self._meeting(k) for k in many if self._counts(k)]
        if len(meeting) > 1 and len(" ".join(meeting)) > 100:
            meeting = [f"Used several times, so that several gradients add up: {', '.join(map(self.name, many))}."]
        return " ".join(meeting) or "Nothing adds up here: each line above was used once."

    def _counts(self, k):
        """Is the adding up at this line to be told at this step?"""
        return self.now.kind == "compare" or k in self.lines[self.now.line].inputs

    def _meeting(self, k):
        arrived = [amount for source, amount in self.taped.arrivals(k) if source >= self.visited]
        used = len(self.taped.arrivals(k))
        times = f"{self.name(k)} was used {'twice' if used == 2 else f'{used} times'}"
        if len(arrived) == 1:
            return f"{times}: {short(arrived[0])} has arrived, more is to come."
        end = "" if len(arrived) == used else " so far"
        return f"{times}: {summed([*map(short, arrived)])} = {short(sum(arrived))}{end}."

    def _foot(self):
        paths = sum(self.taped.paths(k) for k in range(self.taped.leaves))
        crossed, edges = len(self._crossed), len(self.taped.edges)
        return f"Edges crossed: {crossed} of {edges}", f"Ways from the leaves to the loss: {paths}"

    def described(self):
        """What is on screen, as sentences."""
        explorer = self.explorer
        leaves = ", ".join(f"{line.name} = {short(line.value)}" for line in self.lines[: self.taped.leaves])
        count = len(walk(explorer.expression)) - 1
        loss = f"The loss is {short(explorer.loss())}." if self.written > self.last else ""
        known = [
            f"{line.name} {short(found)}"
            for line, found in zip(self.lines[: self.taped.leaves], self.gradients, strict=False)
            if found is not None
        ]
        gradients = f"Gradients that have arrived: {', '.join(known)}." if known else ""
        parts = [
            f"{explorer.expression.capitalize()} with {explorer.activation.replace('_', ' ')}, as a tape of",
            f"{plural(self.last + 1, 'line')}: {leaves}.", f"Step {explorer.step} of {count}. {self._heading()}.",
            " ".join(f"{line.removesuffix('.')}." for line in self._lines()), self._sentence(), loss, gradients,
            f"{'. '.join(self._foot())}.",
        ]  # fmt: skip
        return " ".join(part for part in parts if part)


def _written(operation, inputs):
    """An operation with its inputs written in."""
    if operation in _BINARY:
        return f" {operation} ".join(inputs)
    if operation == _SQUARE:
        return f"{bracketed(inputs[0]) if inputs[0].startswith('−') else inputs[0]}²"
    return f"{operation.replace('_', ' ')} {bracketed(inputs[0])}" if operation else ""
