"""Races: the paths are those of torch.optim, the memory makes the steps, and arrivals are counted honestly."""

import numpy as np
import pytest

from wbviz.engine import SURFACES
from wbviz.widgets import _racing as racing
from wbviz.widgets._racing import RATES, RUNNERS, objective, race, steps_to_tolerance

STEPS = 60
ALL = tuple(RATES)


def run(surface, name, lr=None, momentum=0.9, steps=STEPS, start=None):
    lr = RATES[surface][list(RUNNERS).index(name)] if lr is None else lr
    return race(surface, tuple(start or objective(surface).start), steps, ((name, lr, momentum),))[0]


@pytest.mark.parametrize("name", RUNNERS)
@pytest.mark.parametrize("surface", SURFACES)
def test_paths_are_those_of_torch_optim(surface, name):
    torch = pytest.importorskip("torch")
    path, lr = run(surface, name), RATES[surface][list(RUNNERS).index(name)]
    make = {
        "sgd": lambda p: torch.optim.SGD(p, lr=lr),
        "momentum": lambda p: torch.optim.SGD(p, lr=lr, momentum=0.9),
        "nesterov": lambda p: torch.optim.SGD(p, lr=lr, momentum=0.9, nesterov=True),
        "adagrad": lambda p: torch.optim.Adagrad(p, lr=lr),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=lr),
        "adam": lambda p: torch.optim.Adam(p, lr=lr),
        "adamw": lambda p: torch.optim.AdamW(p, lr=lr),
    }[name]
    place = torch.tensor(SURFACES[surface].start, dtype=torch.float64, requires_grad=True)
    optimizer, theirs = make([place]), [place.detach().numpy().copy()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        SURFACES[surface].f(place).backward()
        optimizer.step()
        theirs.append(place.detach().numpy().copy())
    np.testing.assert_allclose(path.points[: STEPS + 1], theirs, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("name", RUNNERS)
@pytest.mark.parametrize("surface", ALL)
def test_what_is_seen_at_each_step_is_the_surfaces(surface, name):
    path, ground = run(surface, name), objective(surface)
    assert path.points.shape == (STEPS + 2, 2)
    assert path.points[0] == pytest.approx(ground.start)
    np.testing.assert_allclose(path.gradients, ground.gradient(path.points[:-1]), rtol=1e-10)
    np.testing.assert_allclose(path.loss, ground.f(path.points) - ground.lowest)
    nearest = min(np.linalg.norm(path.points[5] - minimum) for minimum in ground.minima)
    assert path.distance[5] == pytest.approx(nearest, rel=1e-12)
    assert all(values.shape == (STEPS + 1, 2) for values in path.memory.values())


def test_the_memory_that_is_shown_makes_the_step_that_is_taken():
    lr, beta, eps = 0.05, 0.8, 1e-8
    paths = {name: run("ravine", name, lr, beta) for name in RUNNERS}
    steps = {name: np.diff(path.points, axis=0) for name, path in paths.items()}
    memory = {name: path.memory for name, path in paths.items()}
    g = {name: path.gradients for name, path in paths.items()}
    expected = {
        "sgd": -lr * g["sgd"],
        "momentum": -lr * memory["momentum"]["velocity v"],
        "nesterov": -lr * memory["nesterov"]["g + βv"],
        "adagrad": -lr * g["adagrad"] / memory["adagrad"]["√s + ε"],
        "rmsprop": -lr * g["rmsprop"] / memory["rmsprop"]["√s + ε"],
        "adam": -lr * memory["adam"]["corrected: m̂"] / (np.sqrt(memory["adam"]["corrected: v̂"]) + eps),
        "adamw": -lr * memory["adamw"]["corrected: m̂"] / (np.sqrt(memory["adamw"]["corrected: v̂"]) + eps)
        - memory["adamw"]["decay lr · λ · x"],
    }
    for name in RUNNERS:
        np.testing.assert_allclose(steps[name], expected[name], rtol=1e-6, atol=1e-12, err_msg=name)


def test_side_by_side_equals_each_alone_and_is_kept():
    entries = tuple((name, rate, 0.9) for name, rate in zip(RUNNERS, RATES["beale"], strict=True))
    together = race("beale", (1.0, 1.2), 30, entries)
    racing._paths.clear()
    race.cache_clear()
    alone = [race("beale", (1.0, 1.2), 30, (entry,))[0] for entry in entries]
    for one, other in zip(together, alone, strict=True):
        assert np.array_equal(one.points, other.points)
    assert race("beale", (1.0, 1.2), 30, entries[:3]) == alone[:3]
    for k in range(100):
        race("bowl", (1.0, k / 100), 10, entries)
    assert len(racing._paths) <= racing.KEPT


def test_a_path_that_diverges_ends_with_its_last_finite_place():
    path = run("ravine", "sgd", lr=0.1, steps=200)
    assert path.diverged == len(path.points)
    assert np.abs(path.points).max() <= racing.FAR
    assert all(np.isfinite(values).all() for values in (path.points, path.loss, path.distance, path.gradients))
    assert path.arrived(200) is None
    assert path.at(500) == len(path.points) - 1
    assert (np.abs(path.points[path.leaves(3.0) :]).max(axis=1) > 3).all()
    assert np.abs(path.points[path.leaves(3.0) - 1]).max() <= 3
    one = run("himmelblau", "sgd", lr=10.0, start=(4.0, 4.0))
    assert (one.diverged, len(one.points), one.memory) == (1, 1, {})


def test_it_has_arrived_who_stays():
    path = run("bowl", "sgd", lr=0.5, start=(1.0, 0.0))
    assert path.arrived(STEPS) == 7  # 0.5**7 < 0.01 < 0.5**6
    assert path.arrived(6) is None
    through = run("bowl", "momentum", lr=0.2, start=(1.0, 0.0), steps=300)
    inside = np.flatnonzero(through.distance[:301] <= 0.01)
    assert inside[0] < through.arrived(300)
    assert (through.distance[through.arrived(300) : 301] <= 0.01).all()


@pytest.mark.parametrize("name", RUNNERS)
@pytest.mark.parametrize("surface", ["ravine", "himmelblau"])
def test_steps_to_tolerance_are_the_arrivals_of_the_paths(surface, name):
    rates, starts = (0.003, 0.03, 0.3), [(-2.0, 0.5), (1.0, 2.0)]
    found = steps_to_tolerance(surface, name, rates, starts, steps=120)
    assert found.shape == (2, 3)
    for i, start in enumerate(starts):
        for j, rate in enumerate(rates):
            arrived = run(surface, name, rate, steps=120, start=start).arrived(120)
            assert found[i, j] == (np.inf if arrived is None else arrived)
    assert steps_to_tolerance(surface, name, 0.03, starts[0], steps=120) == found[0, 1]


def test_gradient_descent_on_quadratics_is_stable_up_to_two_over_the_curvature():
    for surface, curvature in (("bowl", 1.0), ("ravine", 25.0)):
        for name in ("sgd", "momentum", "nesterov"):
            limit = RUNNERS[name].stable(0.5) / curvature
            assert np.isfinite(steps_to_tolerance(surface, name, 0.98 * limit, momentum=0.5, steps=5000))
            path = run(surface, name, 1.05 * limit, 0.5, steps=1000)
            assert path.diverged
            product, least = racing.steepness(surface, path, name, 1.05 * limit, 0.5)
            assert product == pytest.approx(1.05 * least, rel=1e-6)


def test_the_networks_surface_has_two_minima_of_different_depth():
    ground = objective("network")
    assert len(ground.minima) == 2
    assert np.ptp(ground.f(ground.minima)) > 0.01
    assert ground.f(ground.minima).min() == ground.lowest
