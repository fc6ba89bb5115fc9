"""What BackwardPass shows at a step: the diagram's marks, the two tables, the product, and all words."""

from functools import cached_property

from wbviz.widgets._chain_rule import Step, walk
from wbviz.widgets._chain_words import Formulas, bracketed, brief, changed, in_column, in_unit, short, tiny
from wbviz.widgets._words import signed

UNKNOWN = "·"
HINT = "Keys: ← → one step, Home and End the first and last; ↑ ↓ choose a weight or bias, + − change it."


class View:
    """The present state of an explorer, a BackwardPass, as its scene wants it and as words say it."""

    def __init__(self, explorer):
        self.explorer, self.passed = explorer, explorer.passed
        self.sizes, self.net, self.now = explorer.sizes, explorer.passed.rule.net, explorer.now()
        self.formulas = Formulas(explorer.passed, explorer.y)
        self.done = set(walk(self.sizes)[: explorer.step + 1])
        self.known = {step.index for step in self.done if step.kind == "derivative"}
        self.at_end = self.now.kind == "update"
        self.gradient, self.new = self.passed.gradient.tolist(), explorer.stepped().tolist()

    # --- what is known at this step ---------------------------------------------------------------------------------

    def _forward(self, layer, unit):
        """Has the way forward come to this unit?"""
        return Step("forward", layer, unit) in self.done

    def _back(self, layer, unit):
        """Has the way back come to this unit's δ?"""
        return Step("delta", layer, unit) in self.done

    def _is_output(self, layer):
        return layer == self.net.n_layers - 1

    @cached_property
    def _written(self):
        """The Derivative whose product is written out, and whether all of it is, not only the unit's δ; or None."""
        if self.now.kind == "delta":
            return self.passed.of_unit(self.now.layer, self.now.unit), False
        if self.now.kind in ("derivative", "update"):
            return self.passed.shown[self.explorer.chosen], True
        return None

    # --- for the scene ----------------------------------------------------------------------------------------------

    def shown(self):
        """What the diagram shows: what is not computed yet is dim, what is in hand marked, the way back green."""
        record, values, dimmed = self.passed.rule.forward, [], set()
        for layer, a in enumerate(record.a):
            numbers = map(in_unit, a[0].tolist())
            known = [layer == 0 or self._forward(layer - 1, j) for j in range(self.sizes[layer])]
            values.append([text if fine else "" for text, fine in zip(numbers, known, strict=True)])
            for j in (j for j, fine in enumerate(known) if not fine):
                weights = {("W", layer - 1, i, j) for i in range(self.sizes[layer - 1])}
                dimmed |= {("a", layer, j), ("b", layer - 1, j), *weights}
        marked = {self.net.name_of(self.explorer.chosen)}
        if self.now.kind in ("forward", "delta"):
            marked.add(("a", self.now.layer + 1, self.now.unit))
        targets = [(name, in_unit(y)) for name, y in zip(self.formulas.targets, self.explorer.y, strict=True)]
        return {"values": values, "marked": marked, "dimmed": dimmed, "targets": targets, "way": self._way()}

    def _way(self):
        """The weights through which the derivative written out has come back."""
        factors = self._written[0].factors if self._written else ()
        return [("W", *factor.place[1:]) for factor in factors if factor.place[0] == "weight"]

    def product(self):
        """The arguments of the scene's Product."""
        return self.formulas.product(*self._written) if self._written else {"paths": (), "own": ()}

    def tables(self):
        """The tables of the units and of the parameters."""
        return {"units": self._units(), "parameters": self._parameters()}

    def _units(self):
        units = [(layer, j) for layer, n in enumerate(self.sizes[1:]) for j in range(n)]
        row = units.index((self.now.layer, self.now.unit)) if self.now.layer is not None else None
        return {"columns": _columns([self._unit(layer, j) for layer, j in units]), "row": row}

    def _unit(self, layer, j):
        record, unit = self.passed.rule.forward, self.passed.of_unit(layer, j)
        values = [record.z[layer][0, j], record.a[layer + 1][0, j], unit.own[0].value, unit.arrived, unit.delta]
        forward, back = self._forward(layer, j), self._back(layer, j)
        arrived = back or (self._is_output(layer) and Step("loss") in self.done)
        known = [forward, forward, forward, arrived, back]
        texts = [short(float(value)) if fine else UNKNOWN for value, fine in zip(values, known, strict=True)]
        return [self.formulas.units[layer + 1][j], *texts]

    def _parameters(self):
        rows = [self._row(k, name) for k, name in enumerate(self.formulas.parameters)]
        checks = self.explorer.checks
        last = "new\nvalue" if self.at_end else "they\ndiffer by" if checks else ""
        heads = ["parameter", "dL/dp", "central\ndifference" if checks else "", "", last]
        return {"heads": heads, "columns": _columns(rows), "row": self.explorer.chosen}

    def _row(self, k, name):
        known, checks = k in self.known, self.explorer.checks
        central = short(float(self.passed.central[k])) if checks else ""
        mark = ("✓" if self.passed.agree[k] else "✗") if known and checks else ""
        last = in_column(self.new[k]) if self.at_end else tiny(float(self.passed.gaps[k])) if mark else ""
        return [name, short(self.gradient[k]) if known else UNKNOWN, central, mark, last]

    # --- words beside the numbers -----------------------------------------------------------------------------------

    def words(self):
        """All texts of the scene."""
        loss = short(self.explorer.loss()) if Step("loss") in self.done else "?"
        return {
            "loss": f"L = {loss}", "notice": self._notice(), "heading": self._heading(),
            "lines": self._lines(), "sentence": self._sentence(), "foot": self._foot,
        }  # fmt: skip

    def _notice(self):
        if self.explorer.fault is None:
            kink = self.explorer.checks and not all(self.passed.agree[k] for k in self.known)
            return "✗: a sum z is at its activation's kink." if kink else ""
        return "One derivative is wrong on purpose." if self.passed.spoiled else "The hidden error changes nothing now."

    def _heading(self):
        now, chosen = self.now, self.explorer.chosen
        if now.kind in ("forward", "delta"):
            unit = self.formulas.units[now.layer + 1][now.unit]
            return (
                f"Forward: {unit}"
                if now.kind == "forward"
                else f"Back to {unit}: δ = dL/dz, how the loss answers to its sum"
            )
        if now.kind in ("inputs", "loss"):
            return {"inputs": "The inputs and the target", "loss": "The loss"}[now.kind]
        end = ", and the step against it" if self.at_end else ""
        return f"{self.formulas.slope(chosen)} = {short(self.gradient[chosen])}{end}"

    def _lines(self):
        if self.now.kind == "forward":
            layer, unit = self.now.layer, self.now.unit
            return self.formulas.forward(layer, unit, self.net.activations[layer].name)
        if self.now.kind == "loss":
            return self.formulas.loss()
        if self.now.kind == "inputs":
            return (
                "Forward: each unit's sum z and its output a. Then the loss L.",
                "Then back: how L answers to each.",
                "",
            )
        return "", "", ""

    def _sentence(self):
        if self.now.kind == "delta":
            return self._about_delta()
        if self.now.kind == "derivative":
            return self._about_derivative()
        return self._about_update() if self.at_end else HINT if self.now.kind == "inputs" else ""

    def _about_delta(self):
        unit, outputs = self.formulas.units[self.now.layer + 1][self.now.unit], self.sizes[-1]
        if self._is_output(self.now.layer):
            return f"How the loss answers to {unit}, times how {unit} answers to its sum z."
        if outputs > 1:
            return f"From {unit}, {outputs} ways lead to the loss, one through each output: their products add up."
        return f"Back along the weight from {unit}, then through the slope of its own activation."

    def _about_derivative(self):
        kind, layer, *place = self.net.name_of(self.now.index)
        unit = self.formulas.units[layer + 1][place[-1]]
        if kind == "b":
            return f"δ of {unit}, times 1: a bias is a weight whose input is always 1."
        return f"δ of {unit}, times what comes in along this weight: {self.formulas.units[layer][place[0]]}."

    def _about_update(self):
        k, lr = self.explorer.chosen, self.explorer.lr
        old, slope, new = map(short, (self.explorer.params[k], self.gradient[k], self.new[k]))
        return f"New {self.formulas.parameters[k]} = old − lr · dL/dp = {old} − {lr:g} · {bracketed(slope)} = {new}"

    @cached_property
    def _foot(self):
        """Under the list: a nudge, and the step, each in three lines."""
        explorer = self.explorer
        name, slope = self.formulas.parameters[explorer.chosen], self.gradient[explorer.chosen]
        says = changed(slope * explorer.nudge) if explorer.chosen in self.known else "not known yet"
        both = explorer.predicted(), explorer.actual()
        predicted, actual = map(changed, both) if self.at_end else ("at the end",) * 2
        return (
            f"Nudge {name} by {signed(explorer.nudge)}:",
            f"    change of L, measured: {changed(explorer.nudged())}",
            f"    nudge · dL/dp says: {says}",
            f"The step p − lr · dL/dp with lr = {explorer.lr:g}:",
            f"    change of L, predicted: {predicted}",
            f"    change of L, measured: {actual}",
        )

    # --- the description --------------------------------------------------------------------------------------------

    def described(self):
        """All of it in sentences."""
        explorer = self.explorer
        outputs = zip(self.formulas.units[-1], self.passed.rule.forward.y_hat[0].tolist(), strict=True)
        answers = ", ".join(f"{name} = {short(value)}" for name, value in outputs)
        functions = f"{explorer.hidden}, {explorer.output}".replace("_", " ")
        known = Step("loss") in self.done
        parts = [
            f"A {explorer.shape} network ({functions}), x = ({_listed(explorer.x)}), target ({_listed(explorer.y)}).",
            f"Step {explorer.step} of {len(walk(self.sizes)) - 1}. {self._heading()}.",
            " ".join(f"{line.strip()}." for line in self._lines() if line),
            f"{self.formulas.spoken(*self._written)}." if self._written else "",
            f"{self._sentence().removesuffix('.')}." if self._written else "",
            f"{answers}; the loss is {short(explorer.loss())}." if known else "",
            self._notice(), self._progress(), self._nudge(), self._step(),
        ]  # fmt: skip
        return " ".join(part for part in parts if part)

    def _progress(self):
        found = f"{len(self.known)} of {self.net.n_params} derivatives are known"
        if not self.explorer.checks:
            return f"{found}; central differences are not shown."
        k = self.explorer.chosen
        central = f"the central difference of {self.formulas.parameters[k]} is {short(float(self.passed.central[k]))}"
        agree = sum(self.passed.agree[list(self.known)])
        return f"{found}, {agree} of them agree with their central differences; {central}."

    def _nudge(self):
        nudge, measured, says = (line.strip() for line in self._foot[:3])
        return f"{nudge} {measured}; {says}."

    def _step(self):
        step, predicted, measured = (line.strip() for line in self._foot[3:])
        return f"{step} {predicted}; {measured}." if self.at_end else f"{step[:-1]} comes {predicted.split(': ')[1]}."


def _columns(rows):
    return list(zip(*rows, strict=True))


def _listed(values):
    return ", ".join(map(brief, values))
