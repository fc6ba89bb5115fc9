"""A learning-rate schedule to take away: as source text that runs with NumPy alone, or with PyTorch."""

from wbviz.widgets._scheduling import DRAWN

#: The body of `schedule(step)` for each name in SCHEDULES; names in capitals are its arguments.
FORMULAS = {
    "constant": "return LR",
    "step": "return LR * GAMMA ** (step // STEP_SIZE)",
    "multistep": "return LR * GAMMA ** sum(step >= milestone for milestone in MILESTONES)",
    "exponential": "return LR * GAMMA**step",
    "polynomial": "return LR * (1 - min(step, TOTAL_ITERS) / TOTAL_ITERS) ** POWER",
    "cosine": "return ETA_MIN + (LR - ETA_MIN) * (1 + math.cos(math.pi * step / T_MAX)) / 2",
    "warm_restarts": """\
length = T_0
while step >= length:
    step, length = step - length, length * T_MULT
return ETA_MIN + (LR - ETA_MIN) * (1 + math.cos(math.pi * step / length)) / 2""",
    "linear_warmup": "return LR * (START_FACTOR + (1 - START_FACTOR) * min(step, TOTAL_ITERS) / TOTAL_ITERS)",
    "one_cycle": """\
top, end = PCT_START * TOTAL_STEPS - 1, TOTAL_STEPS - 1
low = LR / DIV_FACTOR
first, last, share = low, LR, step / top if top > 0 else 1
if top <= 0 or step > top:
    start = max(top, 0)
    first, last, share = LR, low / FINAL_DIV_FACTOR, (min(step, end) - start) / (end - start)
return last + (first - last) / 2 * (1 + math.cos(math.pi * share))""",
    DRAWN: "return LR * float(np.interp(step, np.linspace(0, STEPS, len(SHARES)), SHARES))",
}
#: Arguments that an engine's schedule takes as given, written out.
DEFAULTS = {"one_cycle": {"final_div_factor": 1e4}}
#: The class in torch.optim.lr_scheduler for each name in SCHEDULES.
CLASSES = {
    "constant": "ConstantLR", "step": "StepLR", "multistep": "MultiStepLR", "exponential": "ExponentialLR",
    "polynomial": "PolynomialLR", "cosine": "CosineAnnealingLR", "warm_restarts": "CosineAnnealingWarmRestarts",
    "linear_warmup": "LinearLR", "one_cycle": "OneCycleLR", DRAWN: "LambdaLR",
}  # fmt: skip


def numpy_schedule(plan):
    """Python source that defines `schedule(step)`, equal to `plan.schedule`; it needs NumPy only for a drawing."""
    body = FORMULAS[plan.kind]
    imports = [f"import {name}" for name, used in (("math", "math."), ("numpy as np", "np.")) if used in body]
    lines = [*imports, ""] if imports else []
    lines += [f"LR = {plan.lr!r}", *(f"{name.upper()} = {value!r}" for name, value in _arguments(plan).items())]
    lines += ["", "", "def schedule(step):", '    """The learning rate of a step; the first step is step 0."""']
    return "\n".join([*lines, *(f"    {line}" for line in body.splitlines()), ""])


def pytorch_schedule(plan):
    """Python source that defines `scheduler_for(optimizer)`, which gives a PyTorch optimiser the rates of `plan`."""
    name = CLASSES[plan.kind]
    lines = ["import numpy as np"] if plan.kind == DRAWN else []
    lines += [f"from torch.optim.lr_scheduler import {name}", "", f"LR = {plan.lr!r}  # make the optimizer with this"]
    arguments = {"constant": {"factor": 1.0}, "one_cycle": {"max_lr": plan.lr, "cycle_momentum": False}}
    arguments = arguments.get(plan.kind, {}) | _arguments(plan)
    call = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
    if plan.kind == DRAWN:
        lines += [f"{key.upper()} = {value!r}" for key, value in arguments.items()]
        call = "lambda step: float(np.interp(step, np.linspace(0, STEPS, len(SHARES)), SHARES))"
    lines += ["", "", "def scheduler_for(optimizer):", '    """Call .step() on it after each optimizer.step()."""']
    return "\n".join([*lines, f"    return {name}(optimizer, {call})", ""])


def _arguments(plan):
    given = {"steps": plan.steps} if plan.kind == DRAWN else {}
    given |= DEFAULTS.get(plan.kind, {})
    return given | {name: list(value) if isinstance(value, tuple) else value for name, value in plan.arguments}
