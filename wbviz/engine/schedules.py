"""Learning-rate schedules: each makes a function schedule(step) → lr, where step 0 is the first.

Arguments and values are those of the class of torch.optim.lr_scheduler that each docstring names. `step` counts
whatever the schedule is asked for: in `train`, optimiser steps. An lr may be an array, one for each network.
"""

import math

from . import checks


def constant(lr, factor=1.0, total_iters=5):
    """lr for ever; times `factor` during the first `total_iters` steps (ConstantLR)."""
    checks.rates(lr=lr, factor=factor)
    checks.whole(total_iters, "total_iters", 0)
    return lambda step: lr * (factor if step < total_iters else 1)


def step(lr, step_size, gamma=0.1):
    """lr, multiplied by `gamma` every `step_size` steps (StepLR)."""
    checks.rates(lr=lr, gamma=gamma)
    checks.whole(step_size, "step_size")
    return lambda step: lr * gamma ** (step // step_size)


def multistep(lr, milestones, gamma=0.1):
    """lr, multiplied by `gamma` at each step listed in `milestones` (MultiStepLR)."""
    checks.rates(lr=lr, gamma=gamma)
    milestones = [checks.whole(m, "each milestone", 0) for m in milestones]
    return lambda step: lr * gamma ** sum(step >= m for m in milestones)


def exponential(lr, gamma):
    """lr · gamma^step (ExponentialLR)."""
    checks.rates(lr=lr, gamma=gamma)
    return lambda step: lr * gamma**step


def polynomial(lr, total_iters=5, power=1.0):
    """lr · (1 - step / total_iters)^power, 0 from `total_iters` on (PolynomialLR)."""
    checks.rates(lr=lr, power=power)
    checks.whole(total_iters, "total_iters")
    return lambda step: lr * (1 - min(step, total_iters) / total_iters) ** power


def cosine(lr, T_max, eta_min=0.0):
    """Half a cosine from lr down to `eta_min` at step `T_max`, then up again (CosineAnnealingLR)."""
    checks.rates(lr=lr, eta_min=eta_min)
    checks.whole(T_max, "T_max")
    return lambda step: eta_min + (lr - eta_min) * (1 + math.cos(math.pi * step / T_max)) / 2


def warm_restarts(lr, T_0, T_mult=1, eta_min=0.0):
    """The cosine of `T_0` steps again and again, each `T_mult` times longer (CosineAnnealingWarmRestarts).

    Loshchilov and Hutter (2017).
    """
    checks.rates(lr=lr, eta_min=eta_min)
    checks.whole(T_0, "T_0")
    checks.whole(T_mult, "T_mult")

    def schedule(step):
        length = T_0
        while step >= length:
            if T_mult == 1:
                step %= length
            else:
                step, length = step - length, length * T_mult
        return eta_min + (lr - eta_min) * (1 + math.cos(math.pi * step / length)) / 2

    return schedule


def linear_warmup(lr, start_factor=1 / 3, end_factor=1.0, total_iters=5):
    """lr times a factor that goes straight from `start_factor` to `end_factor` in `total_iters` steps (LinearLR)."""
    checks.rates(lr=lr, end_factor=end_factor)
    checks.whole(total_iters, "total_iters")
    checks.rate(start_factor, "start_factor", above_zero=True)
    return lambda step: lr * (start_factor + (end_factor - start_factor) * min(step, total_iters) / total_iters)


def one_cycle(
    max_lr, total_steps, pct_start=0.3, anneal_strategy="cos", div_factor=25.0, final_div_factor=1e4, three_phase=False
):
    """From max_lr / div_factor up to `max_lr` and down to a `final_div_factor`-th of the start (OneCycleLR).

    The share `pct_start` of the steps goes up; with `three_phase` as many go down to the start again, and the rest
    from there to the end. After `total_steps` the rate stays at its last value. Smith and Topin (2019). Momentum is
    not changed (cycle_momentum=False).
    """
    checks.rates(max_lr=max_lr)
    checks.whole(total_steps, "total_steps", 2)
    checks.rate(pct_start, "pct_start", below=1)
    checks.rate(div_factor, "div_factor", above_zero=True)
    checks.rate(final_div_factor, "final_div_factor", above_zero=True)
    between = checks.pick(ANNEALING, anneal_strategy, "anneal_strategy")
    low, top, end = max_lr / div_factor, max_lr, total_steps - 1
    rise = pct_start * total_steps
    phases = [(rise - 1, low, top), (end, top, low / final_div_factor)]
    if three_phase:
        phases = [(rise - 1, low, top), (2 * rise - 2, top, low), (end, low, low / final_div_factor)]

    def schedule(step):
        step, start = min(step, end), 0.0
        for stop, first, last in phases:
            if stop == end or start < stop >= step:
                return between(first, last, (step - start) / (stop - start))
            start = stop

    return schedule


def _cos(first, last, share):
    return last + (first - last) / 2 * (1 + math.cos(math.pi * share))


def _linear(first, last, share):
    return first + (last - first) * share


ANNEALING = {"cos": _cos, "linear": _linear}

SCHEDULES = {
    f.__name__: f
    for f in (constant, step, multistep, exponential, polynomial, cosine, warm_restarts, linear_warmup, one_cycle)
}
