"""Folds, cross-validation and what leaks into it, against scikit-learn and against loops made by hand."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wbviz.data import load_dataset
from wbviz.engine import SGD, Network, Recipe, accuracy, cross_validate, folds, train
from wbviz.engine.preparing import telling
from wbviz.engine.recipe import r_squared
from wbviz.engine.validation import perform, splits_of

QUICK = Recipe(hidden=4, epochs=15, lr=0.05)


@pytest.fixture(scope="module")
def cancer():
    return load_dataset("breast_cancer", n=150)


# -- folds -------------------------------------------------------------------------------------------------------


@given(st.integers(2, 60), st.integers(2, 12), st.integers(0, 5))
def test_every_row_is_in_one_fold_and_the_folds_are_of_one_size(n, k, seed):
    if k > n:
        with pytest.raises(ValueError, match=rf"{n} rows cannot be dealt into k={k} folds.*at most {n}\."):
            folds(n, k, seed)
        return
    parts = folds(n, k, seed)
    assert len(parts) == k
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(n))
    assert np.ptp([len(part) for part in parts]) <= 1
    assert all(np.all(np.diff(part) > 0) for part in parts)


@given(st.lists(st.integers(0, 3), min_size=8, max_size=60), st.integers(2, 8), st.integers(0, 3))
def test_each_fold_has_its_share_of_each_label(labels, k, seed):
    labels = np.array(labels)
    parts = folds(len(labels), k, seed, labels)
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(len(labels)))
    assert np.ptp([len(part) for part in parts]) <= 1
    for label in np.unique(labels):
        assert np.ptp([np.count_nonzero(labels[part] == label) for part in parts]) <= 1


def test_sizes_and_shares_are_scikit_learns():
    selection = pytest.importorskip("sklearn.model_selection", reason="scikit-learn is the oracle of this test")
    labels = np.repeat([0, 1, 2], [37, 21, 5])
    for k in (2, 3, 5):
        ours, theirs = folds(63, k), selection.KFold(k).split(labels)
        assert sorted(map(len, ours)) == sorted(len(held) for _, held in theirs)
        theirs = selection.StratifiedKFold(k).split(labels, labels)
        counts = [
            sorted(tuple(np.bincount(labels[p], minlength=3)) for p in parts)
            for parts in (folds(63, k, labels=labels), [held for _, held in theirs])
        ]
        assert np.abs(np.subtract(*counts)).max() <= 1


def test_the_same_seed_gives_the_same_folds_and_labels_may_be_words():
    labels = np.array(["yes", "no"] * 10)
    one, again, other = (folds(20, 4, seed, labels) for seed in (3, 3, 4))
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert all(np.count_nonzero(labels[part] == "yes") in (2, 3) for part in one)


# -- cross-validation --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipe", [QUICK, QUICK.but(batch_size=16, epochs=4), QUICK.but(optimizer="SGD", l1=0.01)])
def test_scores_are_those_of_a_loop_made_by_hand(recipe, cancer):
    found = cross_validate(recipe, cancer.X, cancer.y, k=4, seed=2)
    for (rows, held), score, loss, known in zip(
        found.splits, found.scores, found.losses, found.train_scores, strict=True
    ):
        mean, sd = cancer.X[rows].mean(axis=0), cancer.X[rows].std(axis=0)
        net = Network([30, 4, 2], seed=2)
        train(
            net, (cancer.X[rows] - mean) / sd, cancer.y[rows], loss="cross_entropy", optimizer=recipe.rule(recipe.lr),
            epochs=recipe.epochs, batch_size=recipe.batch_size, l1=recipe.l1, seed=2,
        )  # fmt: skip
        X, y = (cancer.X[held] - mean) / sd, cancer.y[held]
        assert score == accuracy(y, net(X))
        assert loss == pytest.approx(net.loss(X, y, "cross_entropy"), abs=1e-9)
        assert known == accuracy(cancer.y[rows], net((cancer.X[rows] - mean) / sd))
    assert found.mean == pytest.approx(found.scores.mean())
    assert found.sd == pytest.approx(np.std(found.scores, ddof=1))


def test_scikit_learns_cross_validation_of_the_same_networks_gives_the_same_scores(cancer):
    selection = pytest.importorskip("sklearn.model_selection", reason="scikit-learn is the oracle of this test")
    base = pytest.importorskip("sklearn.base")

    class Estimator(base.ClassifierMixin, base.BaseEstimator):
        def fit(self, X, y):
            self.classes_, self.fitted_ = np.unique(y), QUICK.fit(X, y, seed=1)
            return self

        def predict(self, X):
            return self.fitted_(X).argmax(axis=1)

    ours = cross_validate(QUICK, cancer.X, cancer.y, k=3, seed=1)
    theirs = selection.cross_validate(Estimator(), cancer.X, cancer.y, cv=ours.splits, return_train_score=True)
    np.testing.assert_allclose(ours.scores, theirs["test_score"], atol=1e-12)
    np.testing.assert_allclose(ours.train_scores, theirs["train_score"], atol=1e-12)


@pytest.mark.parametrize("loss", ["mse", "binary_cross_entropy"])
def test_numbers_and_yes_or_no_are_judged_too(loss):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    y = X @ [1.0, -2.0, 0.5] if loss == "mse" else (X[:, 0] > 0).astype(float)
    found = cross_validate(Recipe(hidden=(), loss=loss, lr=0.1, epochs=150), X, y, k=5)
    assert found.mean > 0.9
    assert np.isfinite(found.losses).all()
    if loss == "binary_cross_entropy":  # one column of 0 and 1 is stratified as labels are
        assert np.ptp([y[held].sum() for _, held in found.splits]) <= 1


def test_r_squared_is_scikit_learns():
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is the oracle of this test")
    rng = np.random.default_rng(0)
    y, y_hat = rng.normal(size=(2, 20, 3))
    y[:, 2] = 1.0
    assert r_squared(y, y_hat) == pytest.approx(metrics.r2_score(y, y_hat))
    y_hat[:, 2] = 1.0
    assert r_squared(y, y_hat) == pytest.approx(metrics.r2_score(y, y_hat))


def test_what_tells_most_is_what_scikit_learn_selects(cancer):
    selection = pytest.importorskip("sklearn.feature_selection", reason="scikit-learn is the oracle of this test")
    np.testing.assert_allclose(telling(cancer.X, cancer.y), selection.f_classif(cancer.X, cancer.y)[0], rtol=1e-7)
    y = cancer.X[:, :1] + np.random.default_rng(0).normal(size=(150, 1))
    r = selection.r_regression(cancer.X, y[:, 0])
    np.testing.assert_allclose(telling(cancer.X, y), r**2, atol=1e-12)
    assert telling(np.ones((4, 2)), np.array([0, 1, 0, 1])).tolist() == [0, 0]


def test_rounds_hold_out_the_first_folds_and_own_splits_are_taken(cancer):
    whole = cross_validate(QUICK, cancer.X, cancer.y, k=5)
    single = cross_validate(QUICK, cancer.X, cancer.y, k=5, rounds=1)
    assert (len(single.scores), single.sd) == (1, 0.0)
    assert single.scores[0] == whole.scores[0]
    own = cross_validate(QUICK, cancer.X, cancer.y, splits=whole.splits[1:3])
    np.testing.assert_array_equal(own.scores, whole.scores[1:3])


def test_a_class_that_a_fold_has_never_seen_is_no_error(cancer):
    rows = np.flatnonzero(cancer.y == 0)[:20]
    held = np.flatnonzero(cancer.y == 1)[:20]
    found = cross_validate(QUICK, cancer.X, cancer.y, splits=[(rows, held)])
    assert found.scores[0] < 0.5 < found.train_scores[0]


def test_divergence_is_told_and_leaves_numbers_that_can_be_shown():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 2)), rng.normal(size=40)
    found = cross_validate(Recipe(hidden=(), loss="mse", optimizer="SGD", lr=50.0, epochs=400), X, y, k=4)
    assert found.diverged.all()
    assert np.isfinite([found.scores, found.losses, found.train_scores, found.train_losses]).all()


# -- leaks -------------------------------------------------------------------------------------------------------


def test_features_chosen_by_all_rows_find_something_in_pure_noise():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 1000)), np.arange(50) % 2
    recipe = Recipe(hidden=(), features=15, epochs=40)
    honest, leaky = (cross_validate(recipe, X, y, leak=leak) for leak in (None, "selection"))
    assert honest.mean < 0.65 < 0.8 < leaky.mean
    assert all(len(model.preparation.columns) == 15 for model in honest.models)


def test_a_scaler_fitted_on_all_rows_knows_those_held_out(cancer):
    honest, leaky = (cross_validate(QUICK, cancer.X, cancer.y, leak=leak) for leak in (None, "scaler"))
    for (rows, _), own, wrong in zip(honest.splits, honest.models, leaky.models, strict=True):
        np.testing.assert_allclose(own.preparation.mean, cancer.X[rows].mean(axis=0))
        np.testing.assert_allclose(wrong.preparation.mean, cancer.X.mean(axis=0))


# -- executors ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_an_executor_changes_no_digit(pool, cancer):
    here = cross_validate(QUICK, cancer.X, cancer.y, bundle=2)
    with pool(2) as executor:
        there = cross_validate(QUICK, cancer.X, cancer.y, bundle=2, executor=executor)
    np.testing.assert_array_equal(here.scores, there.scores)
    np.testing.assert_array_equal(here.losses, there.losses)
    np.testing.assert_array_equal(here.models[-1].params, there.models[-1].params)


def test_what_has_not_begun_is_called_off_with_the_generator(cancer):
    from wbviz.engine.recipe import Start
    from wbviz.engine.validation import Job

    jobs = [Job(Start(QUICK, rows), held) for rows, held in splits_of(150, 10)]
    gate, handed_in = Event(), []

    class OneThenWaits(ThreadPoolExecutor):
        def submit(self, work, *arguments):
            first = not handed_in
            handed_in.append(super().submit(lambda: (first or gate.wait(60)) and work(*arguments)))
            return handed_in[-1]

    with OneThenWaits(1) as executor:
        going = perform(jobs, cancer.X, cancer.y, 2, executor, bundle=1)
        number, judged = next(going)
        going.close()
        gate.set()
    assert 0 <= judged.score <= 1
    assert number == 0
    assert not handed_in[0].cancelled()
    assert all(future.cancelled() for future in handed_in[2:])
    assert len(handed_in) == 10


def test_a_network_of_ten_classes_can_be_judged_on_fewer_rows_than_classes():
    """As the parts of a nested check of few digits are."""
    digits = load_dataset("digits", n=60)
    fitted = QUICK.fit(digits.X, digits.y)
    few = np.flatnonzero(digits.y > 5)[:9]
    assert digits.y[few].max() == 9
    assert fitted.score(digits.X[few], digits.y[few]) == accuracy(digits.y[few], fitted(digits.X[few]))


# -- bad input ---------------------------------------------------------------------------------------------------

X, Y = np.ones((6, 2)), np.array([0, 1] * 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: folds(1), "n must be at least 2, got 1"),
        (lambda: folds(10, 1), "k must be at least 2, got 1"),
        (lambda: folds(10, 2.5), "k must be a whole number"),
        (lambda: folds(10, labels=[0, 1]), r"labels must have shape \(10,\)"),
        (lambda: splits_of(10, 3, rounds=4), "Of k=3 folds at most 3"),
        (lambda: cross_validate("adam", X, Y), "recipe must be a Recipe"),
        (lambda: cross_validate(QUICK, X, Y[:3], k=2), r"y must have shape \(6,\)"),
        (lambda: cross_validate(QUICK, X, Y * 9, k=2), "y names class 9, but has 6 rows: number the classes 0, 1, 2"),
        (lambda: cross_validate(QUICK, X[0], Y, k=2), r"X must have shape \(n, 2\).*One example is a row too"),
        (lambda: cross_validate(QUICK, X, Y, k=7), "6 rows cannot be dealt into k=7"),
        (lambda: cross_validate(QUICK, X, Y, k=2, leak="scalar"), "There is no leak 'scalar'. Did you mean 'scaler'"),
        (lambda: cross_validate(QUICK, X, Y, splits=[([0, 1], [1, 2])]), "must share none"),
        (lambda: cross_validate(QUICK, X, Y, splits=[([0, 1], [9])]), "rows from 0 to 5; got 9"),
        (lambda: cross_validate(QUICK, X, Y, splits=[([0, 1], [])]), "at least one row number"),
        (lambda: cross_validate(QUICK, X, Y, k=2, executor=2), "executor must be a Executor"),
        (lambda: Recipe(hidden=0), r"hidden\[0\] must be at least 1"),
        (lambda: Recipe(activation="rellu"), "Did you mean 'relu'"),
        (lambda: Recipe(optimizer="Adm"), "There is no optimizer 'Adm'. Did you mean 'Adam'"),
        (lambda: Recipe(lr=[0.1]), "lr of a recipe must be one number"),
        (lambda: Recipe(lr=-1), "lr must be a finite number"),
        (lambda: Recipe(epochs=1.5), "epochs must be a whole number"),
        (lambda: QUICK.but(learning_rate=1), "A recipe has no 'learning_rate'.*It has: hidden, activation"),
    ],
)
def test_refusals_are_sentences(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2), min_size=4, max_size=12),
    st.integers(2, 5),
    st.sampled_from([None, 1, 2, 5]),
    st.booleans(),
)
def test_odd_rows_give_finite_scores_or_a_sentence(rows, k, features, standardise):
    recipe = Recipe(hidden=2, epochs=3, features=features, standardise=standardise)
    labels = np.arange(len(rows)) % 3
    found, problem = None, ""
    try:
        found = cross_validate(recipe, rows, labels, k=k)
    except ValueError as error:
        problem = str(error)
    assert problem.endswith(".") if problem else np.isfinite([found.scores, found.losses]).all()


def test_an_optimizer_of_ones_own_is_taken_with_its_settings(cancer):
    rule = SGD(lr=1.0, momentum=0.9)
    found = cross_validate(QUICK.but(optimizer=rule, lr=0.05), cancer.X, cancer.y, k=3)
    assert found.mean > 0.9
    assert (rule.lr, rule.state) == (1.0, {})
