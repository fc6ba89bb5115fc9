"""Guided searches: the engine's own training, a budget that is kept, the same table whoever carries it."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from wbviz.data import load_dataset
from wbviz.engine import Range, Recipe
from wbviz.engine.guided import Adviser, Attempt, Guided, Listed, below_median
from wbviz.engine.validation import splits_of, strata

SPACE = {
    "depth": Range(1, 3, whole=True),
    "width": Range(2, 8, log=True, whole=True),
    "activation": ["tanh", "relu"],
    "lr": Range(1e-3, 1, log=True),
}
MOONS = load_dataset("moons", n=60, noise=0.3)


def guided(adviser=None, recipe=None, **settings):
    settings = {"trials": 6, "k": 3, "seed": 4} | settings
    return Guided(recipe or Recipe(epochs=9), adviser or Adviser(SPACE, 4), MOONS.X, MOONS.y, **settings)


def table(search):
    return [(one.number, one.setting, one.scores, one.loss, one.stopped, one.spent) for one in search]


def test_depth_and_width_are_another_way_to_say_hidden():
    assert Recipe().but(depth=3, width=5) == Recipe(hidden=(5, 5, 5))
    assert Recipe(hidden=(4, 4)).but(width=6).hidden == (6, 6)
    assert Recipe(hidden=(4, 4)).but(depth=1).hidden == (4,)
    assert Recipe().but(depth=0).hidden == ()
    with pytest.raises(TypeError, match="give one or the other"):
        Recipe().but(depth=2, hidden=(3,))
    with pytest.raises(ValueError, match="depth"):
        Recipe().but(depth=-1)


def test_a_trial_is_the_engines_training_of_its_recipe():
    search = guided(trials=3)
    rows, held = splits_of(60, 3, 4, strata(MOONS.y), 1)[0]
    for attempt in search:
        recipe = Recipe(epochs=9).but(**attempt.setting)
        alone = recipe.fit(MOONS.X[rows], MOONS.y[rows], seed=4 + attempt.number)
        assert attempt.score == alone.score(MOONS.X[held], MOONS.y[held])
        assert np.array_equal(search.model(attempt).params, alone.params)
        assert len(attempt.scores) == 3


def test_draws_follow_from_seed_and_number_alone():
    one, other = Adviser(SPACE, 7), Adviser(SPACE, 7)
    assert [one.ask(n) for n in range(5)] == [other.ask(n) for n in (0, 1, 2, 3, 4)]
    assert one.ask(3) == other.ask(3) != Adviser(SPACE, 8).ask(3)


def test_without_pruning_the_budget_is_so_many_full_trainings():
    search = guided()
    assert (len(list(search)), search.spent, search.budget, search.over) == (6, 54, 54, True)
    assert search.best.rank == max(one.rank for one in search.attempts)


def test_pruning_leaves_epochs_to_others_and_never_exceeds_the_budget():
    search = guided(Adviser(SPACE, 4, prune=True), trials=20)
    attempts = list(search)
    assert len(attempts) > 20
    assert 180 - 9 < search.spent <= 180
    assert search.spent == sum(one.epochs for one in attempts) == attempts[-1].spent
    assert any(one.stopped and one.epochs < 9 for one in attempts)
    assert not search.best.stopped


def test_the_median_rule_waits_for_five_and_counts_those_that_went_to_their_end():
    def ended(score, stopped=False):
        return Attempt(0, {}, 9, (score, score), 0.0, 0.0, stopped, False, 9)

    five = [ended(score) for score in (0.1, 0.2, 0.5, 0.8, 0.9)]
    assert not below_median((0.0,), five[:4])
    assert below_median((0.4,), five)
    assert not below_median((0.5,), five)
    assert not below_median((0.6, 0.4), five)  # it was better before
    assert not below_median((0.0,), [*five[:4], ended(0.9, stopped=True)])


def test_it_goes_on_where_it_was_left():
    whole, broken = guided(), guided()
    first = [next(broken), next(broken)]
    broken.close()
    adviser = Adviser(SPACE, 4)
    adviser.past = first
    assert table(first) + table(guided(adviser)) == table(whole)


def test_a_smaller_budget_shows_what_it_would_have_paid_for():
    adviser, whole = Adviser(SPACE, 4), table(guided())
    adviser.past = guided_past = list(guided())
    search = guided(adviser, trials=2)
    assert search.over
    assert list(search) == []
    assert search.attempts == guided_past[:2]
    assert len(whole) == 6


@pytest.mark.parametrize("at_once", [1, 3])
def test_an_executor_changes_nothing(at_once):
    alone = table(guided(at_once=at_once, rounds=2))
    with ThreadPoolExecutor(2) as executor:
        assert table(guided(at_once=at_once, rounds=2, executor=executor)) == alone


def test_a_setting_is_tried_outside_the_table():
    search = guided(trials=2)
    first = next(search)
    again = search.tried(0, first.setting)
    assert (again.scores, again.loss) == (first.scores, first.loss)
    assert (search.spent, len(search.attempts)) == (9, 1)


def test_a_list_is_tried_in_its_order():
    settings = [Adviser(SPACE, 1).ask(n) for n in (5, 2)]
    search = guided(Listed(SPACE, settings), most=2)
    assert [one.setting for one in search] == settings
    assert search.over


def test_what_diverges_ends_at_the_next_look_and_is_no_best():
    recipe = Recipe(epochs=9, activation="relu", optimizer="SGD", loss="mse", hidden=(8, 8))
    line = load_dataset("line", n=40)
    search = Guided(recipe, Listed({"lr": [1e3, 1e-2]}, [{"lr": 1e3}, {"lr": 1e-2}]), 100 * line.X, line.y, trials=2)
    wild, tame = list(search)
    assert wild.diverged
    assert wild.stopped
    assert np.isfinite([*wild.scores, wild.loss]).all()
    assert search.best is tame


def test_bad_input_is_refused_with_a_sentence():
    with pytest.raises(TypeError, match="adviser must be"):
        Guided(Recipe(), None, MOONS.X, MOONS.y)
    with pytest.raises(ValueError, match="at_once"):
        guided(at_once=0)
    with pytest.raises(TypeError, match="A recipe has no 'depht'"):
        Adviser({"depht": [1]})
