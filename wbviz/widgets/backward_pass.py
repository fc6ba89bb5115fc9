"""The backward pass: every derivative of the loss as the product of its factors."""

from traitlets import TraitError, default

from wbviz.engine import ACTIVATIONS, FAULTS, Network, faulty, stands_out
from wbviz.scenes.backward_pass import SIZE, BackwardPassScene
from wbviz.widgets._backward_view import View
from wbviz.widgets._base import Explorer
from wbviz.widgets._chain_rule import Step, checked_fault, passed, possible, walk
from wbviz.widgets._panel import button
from wbviz.widgets._parameters import checked_index, small_network
from wbviz.widgets._play import player
from wbviz.widgets._traits import choice, count_params, data, number, numbers, parameters, toggle, whole
from wbviz.widgets._words import unit_names

SHAPES = {"2-4-1": (2, 4, 1), "2-2-2": (2, 2, 2)}
#: The weights each network begins with: those of the whole book, and those of Mazur's worked example (2015).
STARTS = {
    "2-4-1": Network([2, 4, 1], seed=0).params.tolist(),
    "2-2-2": [0.15, 0.25, 0.20, 0.30, 0.35, 0.35, 0.40, 0.50, 0.45, 0.55, 0.60, 0.60],
}


class BackwardPass(Explorer):
    """Backpropagation by hand: forward, the loss, then back unit by unit; each dL/dw and dL/db with all its factors.

    Predict the sign of a derivative, or which parameter has the largest; step on and see. Each factor has a number,
    and its badge stands in the network where it is read. The central difference beside each derivative needs no
    calculus: it is the loss, computed twice. In the end: a derivative is what came in times what comes back, a bias's
    is the same with an input of 1, and where two ways lead to the loss, they add up.

    A `fault` makes one derivative wrong on purpose. Set it as {"index": of the parameter, "kind": a name of FAULTS};
    it is kept as a number, so that a shared text gives nothing away. While it is set and `checks` is off, they cannot
    be switched on: nudge a parameter, and compare what the loss does with what the derivative says.
    """

    title = "The backward pass, step by step"
    kept_knobs = ("nudge",)
    size = SIZE
    interactive = True

    shape = choice("2-4-1", SHAPES, label="network", tip="How many inputs, hidden units and outputs")
    hidden = choice("tanh", ACTIVATIONS, label="hidden units", tip="The activation of the hidden units")
    output = choice("identity", ("identity", "sigmoid"), label="output", tip="The activation of the outputs")
    x = numbers([1.0, 0.5], min=-3, max=3, step=0.05, label="x{i}", length=(2, 2), tip="An input of the network")
    y = numbers([0.5], min=-3, max=3, step=0.05, label="y{i}", length=(1, 2), tip="The target of an output")
    step = whole(29, min=0, max=29, label="step", tip="Forward, the loss, back unit by unit, and the update at the end")
    checks = toggle(True, label="central differences", tip="(L(p + h) − L(p − h)) / 2h beside each derivative")
    nudge = number(0.1, min=-1, max=1, step=0.01, label="nudge", random=False, tip="Added to the parameter in hand")
    lr = number(0.05, min=0.001, max=10, step=0.01, label="lr", log=True, tip="The learning rate of the step")
    params = parameters(STARTS["2-4-1"], tip="Every weight and bias of the network")
    chosen = data(0, check=checked_index)
    fault = data(None, check=checked_fault)

    @property
    def sizes(self):
        """Units layer by layer."""
        return SHAPES[self.shape]

    def range_of(self, name):
        """There are as many steps as the network has units and parameters."""
        meta = super().range_of(name)
        return meta | {"max": len(walk(self.sizes)) - 1} if name == "step" else meta

    def settle(self, changed):
        """Another network begins with its own weights. A step to a derivative takes its parameter in hand; on the way
        back, a parameter taken in hand leads to the step of its derivative."""
        if len(self.params) != count_params(self.sizes):
            self.params = self._own_params()
        self.y = [*self.y, 0.99][: self.sizes[-1]]
        steps = walk(self.sizes)
        self.step = len(steps) - 1 if "shape" in changed and "step" not in changed else min(self.step, len(steps) - 1)
        self.chosen = min(self.chosen, len(self.params) - 1)
        if "chosen" in changed and "step" not in changed and self.now().kind in ("delta", "derivative"):
            self.step = self._step_of(self.chosen)
        if self.now().kind == "derivative":
            self.chosen = self.now().index
        if self.fault is not None and not possible(self.sizes, self.fault):
            self._drop_fault("fault" in changed)

    def _drop_fault(self, wanted):
        """No error any more: it does not fit this network. Raises TraitError if it was `wanted`."""
        self.fault = None
        if wanted:
            raise TraitError(f"fault: this error cannot be made in a {self.shape} network. Choose one of faults().")

    @default("params")
    def _own_params(self):
        return STARTS[self.shape]

    def idle(self):
        """Who looks for the wrong derivative does so without the central differences."""
        return ("checks",) if self.fault is not None and not self.checks else ()

    def prepare(self):
        self.under = (player(self, lambda: self.range_of("step")["max"], per_second=1),)

    def setup(self):
        self.scene = BackwardPassScene(self.figure, {shape: unit_names(sizes) for shape, sizes in SHAPES.items()})

    # --- the numbers ------------------------------------------------------------------------------------------------

    @property
    def network(self):
        """The network that is differentiated."""
        return small_network(self.sizes, self.params, self.hidden, self.output)

    @property
    def passed(self):
        """The pass forward and back at the one example: factors, derivatives, central differences (see Passed)."""
        values = (tuple(self.params), self.hidden, self.output, tuple(self.x), tuple(self.y))
        return passed(self.sizes, *values, self.fault)

    def now(self):
        """The step in hand."""
        return walk(self.sizes)[self.step]

    def _step_of(self, index):
        return next(k for k, step in enumerate(walk(self.sizes)) if step.index == index)

    def known(self, index):
        """Has the way back come to this parameter's derivative?"""
        return self._step_of(index) <= self.step

    def faults(self):
        """The errors that stand out with the present numbers, as `fault` takes them: [{"index", "kind"}, …]."""
        rule, right = self.passed.rule, self.passed.right
        wrong = {(k, kind): faulty(rule, k, kind) for k in range(len(right)) for kind in FAULTS}
        clear = (key for key, found in wrong.items() if found and stands_out(found.value, right[key[0]].value))
        return [{"index": index, "kind": kind} for index, kind in clear]

    def loss(self):
        """The loss: the squared error, mean over the outputs."""
        return self.passed.rule.loss

    def gradient(self):
        """All derivatives as shown, in the order of params, shape (n_params,)."""
        return self.passed.gradient

    def stepped(self):
        """The parameters after the step: params − lr · gradient, shape (n_params,)."""
        return self.passed.rule.net.params - self.lr * self.gradient()

    def predicted(self):
        """The change of the loss that the derivatives predict for the step: −lr · Σ (dL/dp)²."""
        return float(-self.lr * self.gradient() @ self.gradient())

    def _loss_with(self, params):
        return float(self.passed.rule.net.with_params(params).loss([self.x], [self.y]))

    def actual(self):
        """The true change of the loss by the step."""
        return self._loss_with(self.stepped()) - self.loss()

    def nudged(self):
        """The true change of the loss when the nudge is added to the parameter in hand."""
        params = self.passed.rule.net.params.copy()
        params[self.chosen] += self.nudge
        return self._loss_with(params) - self.loss()

    @button("Take the step", "Each weight and bias: minus lr times its derivative")
    def take_step(self):
        """params ← params − lr · gradient."""
        self.apply({"params": [round(float(value), 10) for value in self.stepped()]})

    # --- picture and words ------------------------------------------------------------------------------------------

    def redraw(self):
        view = View(self)
        self.scene.update(self.shape, view.net, view.shown(), view.tables(), view.product(), view.words())

    def describe(self):
        return View(self).described()

    # --- gestures ---------------------------------------------------------------------------------------------------

    def on_press(self, point):
        """A weight or bias, in the diagram or the list, is taken in hand; a unit leads to its step."""
        kind, *where = self.scene.at(*point.pixel) or (None,)
        row = self.scene.row_at(*point.pixel)
        if kind in ("W", "b"):
            self.chosen = self.network.index(kind, *where)
        elif kind == "a" and where[0] > 0:
            back = walk(self.sizes).index(Step("loss")) < self.step
            self.step = walk(self.sizes).index(Step("delta" if back else "forward", where[0] - 1, where[1]))
        elif row is not None:
            self.chosen = row

    def on_key(self, key, shift=False):
        last = len(walk(self.sizes)) - 1
        step = {"ArrowLeft": self.step - 1, "ArrowRight": self.step + 1, "Home": 0, "End": last}.get(key)
        down = {"ArrowUp": -1, "ArrowDown": 1}.get(key)
        if step is not None:
            self.step = min(max(step, 0), last)
        elif down is not None:
            self.chosen = min(max(self.chosen + down, 0), len(self.params) - 1)
        elif key in "+-":
            self._turn((1 if key == "+" else -1) * (1.0 if shift else 0.1))

    def _turn(self, amount):
        """Change the parameter in hand, within its range."""
        params, span = list(self.params), self.range_of("params")
        params[self.chosen] = round(min(max(params[self.chosen] + amount, span["min"]), span["max"]), 10)
        self.apply({"params": params}, gesture=f"params {self.chosen}")
