"""HyperparameterSearch: honest searches, sealed rows, the same table whatever happens on the way."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import traitlets

from tests.widgets.hands import press
from tests.widgets.threads import threads, wait_until
from wbviz.engine import STRATEGIES, search
from wbviz.widgets import _searching as experiment
from wbviz.widgets._searching import DATA, Setting
from wbviz.widgets.hyperparameter_search import HyperparameterSearch

EXPLORER = HyperparameterSearch
SMALL = {"trials": 9, "epochs": 9, "examples": 60, "dataset": "moons"}


def setting(**changed):
    return Setting("moons", "random", 9, 9, 1, 60, False, 0)._replace(**changed)


def table(explorer):
    return [(trial.number, trial.rung, *trial.scores, *trial.losses) for trial in explorer.trials_so_far]


def point_at(explorer, axes, x, y):
    px, py = axes.transData.transform((x, y))
    pressed = explorer.picture.pointer.get("press", 0) + 1
    at = {"x": px, "y": py, "px": px, "py": py, "down": False, "inside": True}
    explorer.picture.pointer = at | {"press": pressed}


# --- the experiment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATA)
def test_no_sealed_row_is_searched_with_and_the_sealed_ones_stay_the_same(name):
    one, other = (experiment.rows(name, n, 3) for n in (60, 120))
    assert len(one.X) == 60
    assert not {row.tobytes() for row in other.X} & {row.tobytes() for row in other.sealed_X}
    assert np.array_equal(one.sealed_X, other.sealed_X)
    assert np.array_equal(one.X, other.X[:60])
    assert len(one.sealed_y) >= 284


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_finished_run_is_the_engines_search(strategy):
    run, known = experiment.finished(setting(strategy=strategy)), experiment.rows("moons", 60, 0)
    alone = search(X=known.X, y=known.y, **experiment.arguments(setting(strategy=strategy)))
    assert [trial.score for trial in alone.trials] == [run.trials[number].score for number in sorted(run.trials)]
    assert run.best.number == alone.best.number
    assert run.sealed == alone.refit().score(known.sealed_X, known.sealed_y)
    assert run.spent == experiment.plan(setting(strategy=strategy)).budget


def test_every_strategy_has_the_same_budget():
    budgets = [experiment.plan(setting(strategy=name, trials=64, epochs=27)).budget for name in STRATEGIES]
    assert max(budgets) == 64 * 27
    assert min(budgets) > 0.97 * max(budgets)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_is_there_before_start_is_the_beginning_of_the_same_search(strategy):
    first, whole = experiment.first(setting(strategy=strategy)), experiment.finished(setting(strategy=strategy))
    assert 0 < len(first.trials) < len(whole.trials)
    assert not first.over
    for number, trial in first.trials.items():
        assert trial.score == whole.trials[number].score or whole.trials[number].rung > trial.rung


def test_where_one_setting_takes_long_nothing_is_tried_before_start(make):
    explorer = make(dataset="digits", examples=400, epochs=81, folds=5)
    assert explorer.trials_so_far == []
    assert "None is tried yet: press Start." in explorer.describe()
    assert explorer.png().startswith(b"\x89PNG")


# --- what the learner is to see ---------------------------------------------------------------------------------------


def test_where_there_is_nothing_to_find_something_is_found_and_not_kept(make):
    promised, kept = [], []
    for seed in range(5):
        explorer = make(dataset="coin_flips", strategy="random", trials=25, epochs=9, seed=seed)
        promised.append(explorer.best().score)
        kept.append(explorer.held_out_score())
    assert np.mean(promised) > 0.58
    assert np.mean(kept) == pytest.approx(0.5, abs=0.03)


def test_more_folds_promise_less(make):
    single, all_five = (
        np.mean([make(**SMALL, strategy="random", folds=folds, seed=seed).best().score for seed in range(4)])
        for folds in (1, 5)
    )
    assert single > all_five


def test_the_nested_check_finds_the_optimism_of_coin_flips(make):
    explorer = make(dataset="coin_flips", strategy="random", trials=16, epochs=9, examples=100)
    outers = explorer.nested_check()
    assert len(outers) == 5
    assert explorer.optimism() == pytest.approx(np.mean([outer.inner - outer.outer for outer in outers]))
    assert explorer.optimism() > 0.05


# --- numbers, picture, words ------------------------------------------------------------------------------------------


def test_the_numbers_said_are_those_found(make):
    explorer = make(**SMALL)
    explorer.run()
    words, best = explorer.describe(), explorer.best()
    known = experiment.rows("moons", 60, 0)
    assert explorer.held_out_score() == best.recipe.fit(known.X, known.y, seed=best.number).score(*known[2:])
    for text in (
        f"setting {best.number + 1} ",
        f"{100 * best.score:.1f} % right on rows held out",
        f"it is right on {100 * explorer.held_out_score():.1f} %",
        "9 networks and a budget of 81 epochs",
    ):
        assert text in words
    explorer.png()
    assert explorer.scene.promised.get_xdata()[0] == best.score
    assert explorer.scene.kept.get_xdata()[0] == explorer.held_out_score()
    assert len(explorer.scene.marks[0].get_offsets()) == 9
    assert len(explorer.scene.planned.get_offsets()) == 0


def test_the_budget_is_said_with_its_folds(make):
    explorer = make(**SMALL, folds=5)
    assert (explorer.networks, explorer.budget) == (45, 5 * 81)
    assert "45 networks and a budget of 405 epochs" in explorer.describe()


def test_a_search_over_lambda_has_a_third_axis(make):
    explorer = make(**SMALL, strategy="random", penalty=True)
    assert all(set(each) == {"lr", "hidden", "l2"} for each in explorer.settings)
    explorer.run()
    explorer.png()
    along = explorer.scene.marks[1].get_offsets()[:, 0]
    assert sorted(along) == pytest.approx(sorted(each["l2"] for each in explorer.settings))
    assert "× λ" in explorer.describe()


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_extremes_can_be_drawn(make, name, strategy):
    for changed in ({"trials": 4, "epochs": 3, "examples": 40}, {"trials": 100, "epochs": 81, "folds": 5}):
        explorer = make(dataset=name, strategy=strategy, penalty=True, **changed)
        assert explorer.png().startswith(b"\x89PNG")
        assert "nan" not in explorer.describe()


# --- knobs and gestures -----------------------------------------------------------------------------------------------


def test_there_are_as_many_examples_as_the_data_has(make):
    explorer = make(examples=400)
    explorer.apply({"dataset": "breast_cancer"})
    assert explorer.examples == 284
    with pytest.raises(traitlets.TraitError, match="examples goes from 40 to 284, but got 285"):
        explorer.examples = 285


def test_a_setting_is_told_about_by_pressing_its_mark(make):
    explorer = make(**SMALL)
    explorer.png()
    place = explorer.settings[4]
    point_at(explorer, explorer.scene.map, place["lr"], place["hidden"])
    assert explorer.trial == 5
    assert "Told about is setting 5" in explorer.describe()
    trial = explorer.trials_so_far[2]
    explorer.png()
    point_at(explorer, explorer.scene.strip, trial.setting["lr"], max(trial.score, 0.6))
    chosen = explorer.trials_so_far[explorer.trial - 1]
    assert (chosen.setting["lr"], max(chosen.score, 0.6)) == (trial.setting["lr"], max(trial.score, 0.6))


def test_arrows_go_through_the_settings_and_home_to_the_best(make):
    explorer = make(**SMALL)
    for key, trial in (("ArrowRight", 1), ("ArrowRight", 2), ("Home", 0), ("ArrowLeft", 9), ("ArrowRight", 0)):
        press(explorer, key)
        assert explorer.trial == trial


def test_another_search_tells_about_its_best(make):
    explorer = make(**SMALL, trial=4)
    explorer.apply({"strategy": "random"})
    assert explorer.trial == 0
    explorer.undo()
    assert (explorer.strategy, explorer.trial) == ("grid", 4)
    with pytest.raises(traitlets.TraitError, match="tell about goes from 0 to 9, but got 10"):
        explorer.trial = 10


# --- beside the page --------------------------------------------------------------------------------------------------


def test_a_search_beside_the_page_finds_the_same_table(make):
    explorer, alone = make(**SMALL, strategy="halving"), make(**SMALL, strategy="halving")
    explorer.start()
    explorer.wait(30)
    alone.run()
    assert explorer._working.stage == "done"
    assert table(explorer) == table(alone)
    assert explorer.png() == alone.png()
    assert explorer.describe() == alone.describe()
    assert not threads()


def test_a_step_tries_one_more_setting(make):
    explorer = make(**SMALL | {"trials": 49})
    before = len(explorer.trials_so_far)
    explorer._working.step()
    wait_until(lambda: len(explorer.trials_so_far) == before + 1)
    explorer._working.step()
    wait_until(lambda: len(explorer.trials_so_far) == before + 2)
    explorer.stop()
    explorer.wait(10)
    assert len(explorer.trials_so_far) == before + 2


def test_what_was_found_stays_after_stop_and_is_gone_on_with(make):
    explorer = make(**SMALL | {"trials": 49})
    explorer._working.step()
    wait_until(lambda: explorer._setting in explorer._runs and explorer._runs[explorer._setting].curve)
    explorer.stop()
    explorer.wait(10)
    run, before = explorer._runs[explorer._setting], table(explorer)
    explorer.apply({"strategy": "random"})
    explorer.apply({"strategy": "grid"})
    assert table(explorer) == before
    explorer.start()
    explorer.wait(30)
    assert explorer._shown() is run
    assert run.over
    assert table(explorer)[: len(before)] == before
    assert len(table(explorer)) == 49


def test_a_turned_knob_stops_the_search_and_leaves_one_thread_at_most(make):
    explorer = make(**SMALL)
    for seed in range(1, 8):
        explorer.start()
        explorer.seed = seed
        assert len(threads()) <= 2
    explorer.wait(30)
    assert not threads()
    assert len(explorer._runs) <= 7


def test_strategies_of_one_budget_are_compared(make):
    explorer = make(**SMALL)
    for strategy in STRATEGIES:
        explorer.strategy = strategy
        explorer.run()
    words = explorer.describe()
    assert "With the same budget grid found" in words
    explorer.png()
    assert len(explorer.scene.promised.get_xdata()) == 3
    assert all(len(line.get_xdata()) for line in explorer.scene.lines)


def test_the_nested_check_beside_the_page_is_that_computed_at_once(make):
    explorer = make(**SMALL)
    explorer.check()
    explorer.wait(60)
    check = explorer._checks[explorer._setting]
    assert check.over
    assert [each[1:] for each in check.outers] == [each[1:] for each in experiment.checked(explorer._setting).outers]
    assert f"promise {100 * check.inner:.1f} % on average and keep {100 * check.outer:.1f} %" in explorer.describe()
    explorer.png()
    assert len(explorer.scene.parts.get_xdata()) == 5


def test_any_executor_may_carry_it(make):
    explorer, alone = make(**SMALL, strategy="halving"), make(**SMALL, strategy="halving")
    with ThreadPoolExecutor(2) as explorer.executor:
        explorer.run()
    alone.run()
    assert table(explorer) == table(alone)
    assert explorer.held_out_score() == alone.held_out_score()


def test_only_so_many_searches_are_remembered(make):
    explorer = make(**SMALL)
    for seed in range(9):
        explorer.seed = seed
        explorer.run()
    assert len(explorer._runs) == 6


def test_closing_ends_what_is_under_way(make):
    explorer = make(trials=100, folds=5, epochs=81)
    explorer.start()
    explorer.check()
    explorer.close()
    assert not threads()
