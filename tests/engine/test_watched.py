"""Training under watch: the same networks as cross-validation and training give, and what is seen of them."""

import numpy as np
import pytest

from wbviz.data import load_dataset
from wbviz.engine import Network, Recipe, cross_validate, train
from wbviz.engine.validation import splits_of
from wbviz.engine.watched import Watch, gradient_by_layer, silent_units

IRIS = load_dataset("iris")
RECIPE = Recipe(hidden=(5,), epochs=12, batch_size=16, lr=0.02, l2=0.01)


def through(watch):
    shares = list(watch)
    return watch, shares


def test_the_parts_held_out_are_judged_as_cross_validation_judges_them():
    splits = splits_of(len(IRIS), 4, 3, IRIS.y)
    watch, shares = through(Watch(RECIPE, IRIS.X, IRIS.y, splits, seed=3))
    known = cross_validate(RECIPE, IRIS.X, IRIS.y, splits=splits, seed=3)
    assert watch.held_scores() == pytest.approx(known.scores)
    assert watch.learned_score() == pytest.approx(known.train_scores.mean())
    sizes = np.array([len(held) for _, held in splits])
    assert watch.losses()[1][-1] == pytest.approx((known.losses * sizes).sum() / sizes.sum())
    assert shares[-1] == 1
    assert shares == sorted(set(shares))


def test_the_last_network_learns_from_all_rows():
    watch, _ = through(Watch(RECIPE, IRIS.X, IRIS.y, seed=2))
    fitted = RECIPE.fit(IRIS.X, IRIS.y, seed=2)
    assert watch.network().params == pytest.approx(fitted.params, abs=1e-9)
    assert watch.losses()[1].size == 0
    assert len(watch.losses()[0]) == RECIPE.epochs
    assert watch.held_answers()[0].size == 0
    assert watch.learned_score() == pytest.approx(fitted.score(IRIS.X, IRIS.y))


def test_it_can_be_left_and_gone_on_with():
    splits = splits_of(len(IRIS), 3, 0, IRIS.y)
    straight, _ = through(Watch(RECIPE, IRIS.X, IRIS.y, splits))
    halting = Watch(RECIPE, IRIS.X, IRIS.y, splits)
    for share in halting:
        if share > 0.4:
            break
    assert 0 < halting.epochs < RECIPE.epochs
    assert len(halting.losses()[0]) == halting.epochs
    list(halting)
    assert np.array_equal(halting.network(1).params, straight.network(1).params)
    assert np.array_equal(halting.gradients, straight.gradients)
    assert halting.looks == straight.looks == list(range(RECIPE.epochs + 1))


def test_numbers_are_standardised_by_the_rows_learned_from():
    X = np.random.default_rng(0).normal(size=(90, 3))
    y = 1000 + 50 * X @ [[1.0], [2.0], [0.0]]
    splits = splits_of(90, 3)
    watch, _ = through(Watch(Recipe(hidden=(), loss="mse", epochs=200, lr=0.05), X, y, splits))
    rows, answers = watch.held_answers()
    assert rows.tolist() == list(range(90))
    assert answers == pytest.approx(y, abs=2)
    assert watch.plain_answers()[splits[0][1]] == pytest.approx(np.tile(y[splits[0][0]].mean(axis=0), (30, 1)))
    assert watch.losses()[0][0] < 1.5
    assert watch.held_scores() == pytest.approx(np.ones(3), abs=1e-3)


def test_a_scale_taken_from_all_rows_is_seen():
    splits = splits_of(len(IRIS), 5, 0, IRIS.y, rounds=1)
    short = RECIPE.but(epochs=1)
    assert Watch(short, IRIS.X, IRIS.y, splits).leaked() == 0
    leaky = Watch(short, IRIS.X, IRIS.y, splits, leak="scaler").leaked()
    assert leaky == pytest.approx(np.max(np.abs(IRIS.X[splits[0][0]].mean(0) - IRIS.X.mean(0)) / IRIS.X.std(0)))


def test_a_run_that_diverges_ends_with_numbers_that_can_be_shown():
    wild = RECIPE.but(optimizer="SGD", lr=1e9, activation="relu", epochs=5, hidden=(4, 4))
    watch, shares = through(Watch(wild, IRIS.X * 1e6, IRIS.y, splits_of(len(IRIS), 2, 0, IRIS.y)))
    assert shares[-1] == 1
    assert watch.epochs == 5
    for numbers in (*watch.losses(), watch.gradients, watch.held_scores(), watch.silent()):
        assert np.isfinite(numbers).all()


def test_the_gradient_of_a_layer_is_the_root_mean_square_over_its_weights():
    net = Network([2, 3, 1], seed=1)
    X, y = np.random.default_rng(1).normal(size=(9, 2)), np.ones((9, 1))
    weights, _ = net.views(net.gradient(X, y))
    assert gradient_by_layer(net, X, y, "mse") == pytest.approx([np.sqrt((w**2).mean()) for w in weights])


def test_silent_units_are_flat_on_every_row():
    net = Network([1, 4, 1], hidden="relu", seed=0)
    net.weights[0][...], net.biases[0][...] = [[1.0, 1.0, -1.0, 0.0]], [0.0, -5.0, -5.0, 1.0]
    assert silent_units(net, np.array([[1.0], [2.0]])) == [0.5]
    assert silent_units(Network([1, 1]), np.ones((2, 1))) == []
    steep = Network([1, 2, 1], hidden="sigmoid", seed=0)
    steep.weights[0][...], steep.biases[0][...] = [[1.0, 1.0]], [0.0, 50.0]
    assert silent_units(steep, np.array([[1.0], [2.0]])) == [0.5]


def test_training_alone_takes_the_same_steps():
    X, y = IRIS.standardise().X, IRIS.y
    net = RECIPE.untrained(4, 3, 0)
    train(net, X, y, loss="cross_entropy", optimizer=RECIPE.rule(0.02), epochs=12, batch_size=16, l2=0.01)
    watch, _ = through(Watch(RECIPE, IRIS.X, y))
    assert watch.network().params == pytest.approx(net.params, abs=1e-9)
