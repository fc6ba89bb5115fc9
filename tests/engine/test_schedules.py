import warnings

import numpy as np
import pytest

from wbviz.engine import SCHEDULES

CASES = [
    ("constant", "ConstantLR", {"factor": 0.5, "total_iters": 7}),
    ("constant", "ConstantLR", {"factor": 1.0}),
    ("step", "StepLR", {"step_size": 30}),
    ("step", "StepLR", {"step_size": 7, "gamma": 0.9}),
    ("multistep", "MultiStepLR", {"milestones": [5, 30, 31, 100], "gamma": 0.5}),
    ("multistep", "MultiStepLR", {"milestones": [10, 10, 50]}),
    ("exponential", "ExponentialLR", {"gamma": 0.97}),
    ("polynomial", "PolynomialLR", {"total_iters": 120, "power": 2.0}),
    ("polynomial", "PolynomialLR", {}),
    ("cosine", "CosineAnnealingLR", {"T_max": 50}),
    ("cosine", "CosineAnnealingLR", {"T_max": 33, "eta_min": 0.01}),
    ("warm_restarts", "CosineAnnealingWarmRestarts", {"T_0": 10}),
    ("warm_restarts", "CosineAnnealingWarmRestarts", {"T_0": 7, "T_mult": 2, "eta_min": 0.01}),
    ("warm_restarts", "CosineAnnealingWarmRestarts", {"T_0": 1, "T_mult": 3}),
    ("linear_warmup", "LinearLR", {}),
    ("linear_warmup", "LinearLR", {"start_factor": 0.01, "end_factor": 0.8, "total_iters": 77}),
]


@pytest.mark.parametrize(("name", "their_name", "arguments"), CASES, ids=str)
def test_equal_to_pytorch_over_400_steps(name, their_name, arguments, torch):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    oracle = getattr(torch.optim.lr_scheduler, their_name)(optimizer, **arguments)
    compare(SCHEDULES[name](0.3, **arguments), oracle, optimizer, 400)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"pct_start": 0.1, "div_factor": 10.0, "final_div_factor": 100.0},
        {"anneal_strategy": "linear"},
        {"three_phase": True},
        {"three_phase": True, "anneal_strategy": "linear", "pct_start": 0.4},
        {"pct_start": 0.001},
    ],
    ids=str,
)
@pytest.mark.parametrize("total_steps", [400, 37])
def test_one_cycle_is_pytorchs(arguments, total_steps, torch):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    oracle = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.3, total_steps, cycle_momentum=False, **arguments)
    schedule = SCHEDULES["one_cycle"](0.3, total_steps, **arguments)
    compare(schedule, oracle, optimizer, total_steps)
    assert schedule(total_steps + 50) == schedule(total_steps - 1)


def compare(schedule, oracle, optimizer, n_steps):
    for step in range(n_steps):
        theirs = optimizer.param_groups[0]["lr"]
        assert schedule(step) == pytest.approx(theirs, rel=1e-9, abs=1e-15), f"step {step}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyTorch wants a step of the optimiser before
            optimizer.step()
            oracle.step()


def test_constant_without_a_factor_is_constant():
    assert {SCHEDULES["constant"](0.2)(step) for step in range(50)} == {0.2}


def test_a_population_may_have_its_own_rates():
    lr = np.array([0.1, 0.2])
    np.testing.assert_allclose(SCHEDULES["cosine"](lr, 10)(5), lr / 2)
    np.testing.assert_allclose(SCHEDULES["one_cycle"](lr, 10)(3).shape, (2,))


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("constant", (-0.1,), "lr must be"),
        ("step", (0.1, 0), "step_size must be at least 1, got 0"),
        ("step", (0.1, 2.5), "step_size must be a whole number"),
        ("exponential", (0.1, -1), "gamma must be"),
        ("cosine", (0.1, 0), "T_max must be at least 1"),
        ("warm_restarts", (0.1, 5, 0), "T_mult must be at least 1"),
        ("multistep", (0.1, [3, -1]), "each milestone must be at least 0, got -1"),
        ("linear_warmup", (0.1, 0.0), "start_factor must be .* above 0"),
        ("one_cycle", (0.1, 1), "total_steps must be at least 2"),
        ("one_cycle", (0.1, 10, 1.5), "pct_start must be .* below 1"),
        ("one_cycle", (0.1, 10, 0.3, "cosine"), "There is no anneal_strategy 'cosine'. Did you mean 'cos'"),
    ],
)
def test_bad_arguments_are_explained(name, arguments, message):
    with pytest.raises((ValueError, TypeError), match=message):
        SCHEDULES[name](*arguments)
