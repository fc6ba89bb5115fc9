"""Searches: grid, random, successive halving; the same table whatever carries them; nested validation."""

import itertools
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.data import load_dataset
from wbviz.engine import STRATEGIES, Range, Recipe, Search, cross_validate, nested, search
from wbviz.engine.search import nesting
from wbviz.engine.strategies import Choices, Rung, cost, grid, halving_rungs
from wbviz.engine.validation import splits_of

BASE = Recipe(hidden=4, epochs=9)
SPACE = {"lr": Range(1e-3, 1, log=True), "hidden": [1, 2, 4]}


@pytest.fixture(scope="module")
def cancer():
    return load_dataset("breast_cancer", n=120)


def table(found):
    return [(t.number, t.rung, t.epochs, t.setting, *t.scores, *t.losses) for t in found.trials]


# -- where it searches -------------------------------------------------------------------------------------------


@given(st.floats(1e-6, 1e3), st.floats(1.01, 1e4), st.booleans(), st.booleans(), st.integers(1, 12))
def test_a_range_stays_within_its_ends(low, factor, log, whole, n):
    space = Range(low, low * factor, log=log, whole=whole)
    rng = np.random.default_rng(0)
    for value in [*space.values(n), *(space.draw(rng) for _ in range(5))]:
        slack = 0.5 if whole else 0.0
        assert space.low - slack <= value <= space.high + slack
        assert isinstance(value, int if whole else float)
    assert len(set(space.values(n))) == len(space.values(n)) <= n


def test_a_range_spreads_its_values_evenly():
    assert Range(0, 4).values(5) == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(Range(1e-3, 1, log=True).values(4), [1e-3, 1e-2, 1e-1, 1])
    assert Range(1, 8, log=True, whole=True).values(4) == [1, 2, 4, 8]
    draws = [Range(1e-3, 1, log=True).draw(rng) for rng in [np.random.default_rng(0)] for _ in range(4000)]
    shares = np.histogram(np.log10(draws), bins=3, range=(-3, 0))[0] / 4000
    np.testing.assert_allclose(shares, 1 / 3, atol=0.03)


def test_a_grid_holds_every_combination_and_no_more_than_the_trials_allow():
    points = grid({"lr": Range(0, 1), "l2": Range(0, 1), "hidden": Choices((1, 2))}, 20)
    assert len(points) == 18  # 3 × 3 × 2
    assert len({tuple(point.values()) for point in points}) == 18
    assert {point["lr"] for point in points} == {0, 0.5, 1}
    assert grid({"lr": Range(0, 1)}, 1) == [{"lr": 0.5}]


def test_more_draws_begin_with_the_same_ones(cancer):
    few, many = (Search(BASE, SPACE, cancer.X, cancer.y, trials=trials, k=3) for trials in (5, 9))
    assert many.settings[:5] == few.settings
    halving = Search(BASE, SPACE, cancer.X, cancer.y, strategy="halving", trials=5, k=3)
    assert halving.settings[:5] == few.settings


# -- the budget --------------------------------------------------------------------------------------------------


def test_halving_spends_as_much_on_each_rung():
    rungs = halving_rungs(64, 81, 3, 4)
    assert rungs == [Rung(580, 3), Rung(193, 9), Rung(64, 27), Rung(21, 81)]
    assert 0.98 * 64 * 81 < cost(rungs) <= 64 * 81


@given(st.integers(1, 100), st.integers(1, 200), st.integers(2, 5), st.integers(1, 6))
def test_halving_never_costs_more_than_the_others(trials, epochs, eta, levels):
    rungs = halving_rungs(trials, epochs, eta, levels)
    assert rungs[-1].epochs == epochs
    assert cost(rungs) <= max(trials, 1) * epochs
    assert all(a.trials >= b.trials >= 1 and a.epochs < b.epochs for a, b in itertools.pairwise(rungs))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_is_spent_is_what_was_planned(strategy, cancer):
    found = search(BASE, SPACE, cancer.X, cancer.y, strategy=strategy, trials=6, k=3)
    assert found.spent == found.budget <= 6 * 9 * 3
    assert len(found.trials) == len(found.settings) == found.plan[0].trials
    assert found.n_networks == 3 * len(found.trials)
    assert found.best.epochs == 9


# -- what it finds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strategy", ["grid", "random"])
def test_every_trial_is_a_cross_validation(strategy, cancer):
    found = search(BASE, SPACE, cancer.X, cancer.y, strategy=strategy, trials=6, k=3, seed=2)
    for trial in found.trials:
        alone = cross_validate(trial.recipe, cancer.X, cancer.y, splits=found.splits, seed=2 + trial.number)
        np.testing.assert_array_equal(trial.scores, alone.scores)
        np.testing.assert_allclose(trial.losses, alone.losses, atol=1e-9)
        assert trial.recipe == BASE.but(**trial.setting)
    assert found.best.score == max(trial.score for trial in found.trials)


@pytest.mark.parametrize("base", [BASE, BASE.but(optimizer="SGD"), BASE.but(batch_size=20)])
def test_a_trial_that_went_on_is_what_it_would_be_trained_at_once(base, cancer):
    found = search(base, SPACE, cancer.X, cancer.y, strategy="halving", trials=4, k=3)
    assert [rung.epochs for rung in found.plan] == [1, 3, 9]
    last = [trial for trial in found.trials if trial.rung == 2]
    assert last
    for trial in last:
        whole = cross_validate(trial.recipe, cancer.X, cancer.y, splits=found.splits, seed=trial.number)
        np.testing.assert_array_equal(trial.scores, whole.scores)
        np.testing.assert_allclose(trial.losses, whole.losses, rtol=1e-8)


def test_those_that_go_on_are_the_best(cancer):
    seen = {}
    found = search(
        BASE, SPACE, cancer.X, cancer.y, strategy="halving", trials=6, k=3,
        on_result=lambda trial: seen.setdefault(trial.rung, []).append(trial),
    )  # fmt: skip
    for level, rung in enumerate(found.plan[1:]):
        ranked = sorted(seen[level], key=lambda trial: trial.rank, reverse=True)
        assert {t.number for t in seen[level + 1]} == {t.number for t in ranked[: rung.trials]}


def test_trials_that_diverge_are_never_the_best_and_do_not_go_on():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 2)), rng.normal(size=30)
    base = Recipe(hidden=(), loss="mse", optimizer="SGD", epochs=900)
    found = search(base, {"lr": [0.01, 90.0]}, X, y, strategy="halving", trials=6, k=3, levels=3)
    assert any(trial.diverged for trial in found.trials)
    assert not found.best.diverged
    assert not any(trial.diverged and trial.rung == 2 for trial in found.trials)
    assert np.isfinite([trial.score for trial in found.trials]).all()


def test_the_best_is_trained_again_on_all_rows(cancer):
    found = search(BASE, SPACE, cancer.X, cancer.y, trials=4, k=3)
    model = found.refit()
    again = found.best.recipe.fit(cancer.X, cancer.y, seed=found.best.number)
    np.testing.assert_array_equal(model.params, again.params)
    assert model.score(cancer.X, cancer.y) > 0.9


# -- as it goes --------------------------------------------------------------------------------------------------


def test_it_can_be_left_and_taken_up_again(cancer):
    whole = search(BASE, SPACE, cancer.X, cancer.y, strategy="halving", trials=4, k=3)
    broken = Search(BASE, SPACE, cancer.X, cancer.y, strategy="halving", trials=4, k=3)
    for k, trial in enumerate(broken):
        assert trial in broken.trials
        if k == 4:
            break
    assert len(broken.trials) == 5
    assert broken.best.score == max(trial.score for trial in broken.trials)
    assert 0 < broken.spent < broken.budget
    list(broken)
    assert table(broken) == table(whole)


def test_what_was_found_stays_after_it_is_called_off(cancer):
    found = Search(BASE, SPACE, cancer.X, cancer.y, trials=8, k=3)
    first = next(found)
    found.close()
    assert list(found) == []
    assert first in found.trials


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_the_same_seed_gives_the_same_table_whatever_carries_it(pool, strategy, cancer):
    arguments = {"strategy": strategy, "trials": 4, "k": 3, "seed": 1, "bundle": 4}
    here = search(BASE, SPACE, cancer.X, cancer.y, **arguments)
    with pool(2) as executor:
        there = search(BASE, SPACE, cancer.X, cancer.y, executor=executor, **arguments)
    assert table(here) == table(there)
    assert here.best.number == there.best.number
    assert table(here) != table(search(BASE, SPACE, cancer.X, cancer.y, **arguments | {"seed": 2}))


def test_a_dask_cluster_carries_it_too(cancer):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: its executor is left out")
    with distributed.Client(processes=False, n_workers=1, dashboard_address=None) as client:
        there = search(BASE, SPACE, cancer.X, cancer.y, trials=4, k=3, executor=client.get_executor())
    assert table(there) == table(search(BASE, SPACE, cancer.X, cancer.y, trials=4, k=3))


# -- how far it can be trusted -----------------------------------------------------------------------------------


def test_the_best_of_many_on_pure_noise_promises_what_it_does_not_keep():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(100, 20)), np.arange(100) % 2
    space = {"lr": Range(1e-3, 0.3, log=True), "hidden": [1, 4]}
    outer = list(nested(BASE, space, X, y, outer=4, trials=20, k=3))
    assert len(outer) == 4
    assert np.mean([each.inner for each in outer]) > 0.58
    assert np.mean([each.outer for each in outer]) < 0.58
    assert np.mean([each.optimism for each in outer]) > 0.05


def test_nested_validation_is_a_loop_of_searches(cancer):
    steps = list(nesting(BASE, SPACE, cancer.X, cancer.y, outer=3, trials=4, k=3, seed=1))
    outer = list(nested(BASE, SPACE, cancer.X, cancer.y, outer=3, trials=4, k=3, seed=1))
    assert [part for part, *_ in steps] == [0] * 5 + [1] * 5 + [2] * 5
    for each, (rows, held), (_, found, same) in zip(outer, splits_of(120, 3, 1, cancer.y), steps[4::5], strict=True):
        alone = search(BASE, SPACE, cancer.X[rows], cancer.y[rows], trials=4, k=3, seed=1)
        assert table(found) == table(alone)
        assert each.inner == same.inner == each.best.score == alone.best.score
        assert each.outer == same.outer == alone.refit().score(cancer.X[held], cancer.y[held])


# -- bad input ---------------------------------------------------------------------------------------------------

X, Y = np.ones((6, 2)), np.array([0, 1] * 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: search("Adam", SPACE, X, Y), "recipe must be a Recipe"),
        (lambda: search(BASE, {}, X, Y), "A space is a dict such as"),
        (lambda: search(BASE, {"rate": [1]}, X, Y), "A recipe has no 'rate'"),
        (lambda: search(BASE, {"epochs": [1, 2]}, X, Y), "epochs are what a search spends"),
        (lambda: search(BASE, {"lr": 0.1}, X, Y), "The space of 'lr' must be a Range or a list of values, got 0.1"),
        (lambda: search(BASE, {"lr": []}, X, Y), "must be a Range or a list of values"),
        (lambda: search(BASE, {"activation": "tanh"}, X, Y), "must be a Range or a list of values, got 'tanh'"),
        (lambda: search(BASE, {"activation": ["tanh", "rellu"]}, X, Y), "Did you mean 'relu'"),
        (lambda: search(BASE, {"lr": Range(-1, 1)}, X, Y), "lr must be a finite number, 0 or more; got -1"),
        (lambda: search(BASE, SPACE, X, Y, strategy="rand"), "There is no strategy 'rand'. Did you mean 'random'"),
        (lambda: search(BASE, SPACE, X, Y, trials=0), "trials must be at least 1"),
        (lambda: search(BASE, SPACE, X, Y, eta=1), "eta must be at least 2"),
        (lambda: search(BASE, SPACE, X, Y, strategy="grid", trials=2), "The grid of these lists has 3 points"),
        (lambda: search(BASE, SPACE, X, Y, k=7), "6 rows cannot be dealt into k=7"),
        (lambda: search(BASE, SPACE, X, Y, k=2, leak="test"), "There is no leak 'test'"),
        (lambda: Search(BASE, SPACE, X, Y, k=2).refit(), "Nothing was tried yet"),
        (lambda: Range(1, 1), "a range must go from a smaller to a larger number"),
        (lambda: Range(0, 1, log=True), "A logarithmic range must begin above 0, got 0"),
        (lambda: Range("a", 1), "a range must be real numbers"),
    ],
)
def test_refusals_are_sentences(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
