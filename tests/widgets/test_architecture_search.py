"""ArchitectureSearch: one budget for all ways, sealed test rows, searches that survive, and words without Optuna."""

import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import pytest
import traitlets

from tests.widgets.test_hyperparameter_search import point_at, press, threads, wait_until
from wbviz.bridges import MissingExtra, present
from wbviz.bridges import optuna_recorded as record
from wbviz.widgets import _architectures as experiment
from wbviz.widgets._architectures import DATA, HAND, JUDGES, RANDOM, SPACE, TPE, WAYS, Setting
from wbviz.widgets.architecture_search import ArchitectureSearch

EXPLORER = ArchitectureSearch
SMALL = {"dataset": "moons", "trials": 12, "way": RANDOM}
GOOD = {"depth": 2, "width": 8, "activation": "tanh", "optimizer": "Adam", "lr": 0.05}
optuna_is_there = pytest.mark.skipif(not present("optuna"), reason="Optuna is not installed: pip install optuna")


@pytest.fixture
def without_optuna(monkeypatch):
    """As if Optuna were not installed."""
    monkeypatch.setattr(experiment, "present", lambda module: False)


def table(explorer):
    return [(one.number, one.setting, one.scores, one.stopped) for one in explorer.attempts]


# --- the experiment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATA)
def test_no_test_row_is_searched_with(name):
    known = experiment.rows(name, 3)
    assert len(known.X) == DATA[name].rows
    assert not {row.tobytes() for row in known.X} & {row.tobytes() for row in known.sealed_X}
    assert len(known.sealed_y) >= 280


def test_the_network_drawn_is_the_one_that_was_judged(make):
    explorer = make(**SMALL)
    explorer.run()
    best = explorer.best()
    run = explorer._shown()
    _, held = run.search.splits[0]
    look = experiment.look(explorer._setting, best)
    assert look.model.score(run.search.X[held], run.search.y[held]) == best.score
    known = experiment.rows("moons", 0)
    assert explorer.test_score() == look.model.score(known.sealed_X, known.sealed_y)
    assert explorer.optimism() == best.score - explorer.test_score()
    assert list(explorer.network.sizes) == [2, *[best.setting["width"]] * best.setting["depth"], 2]


def test_all_ways_have_the_same_budget(make):
    explorer = make(**SMALL | {"trials": 20}, prune=True)
    explorer.run()
    assert explorer.attempts[-1].spent <= explorer.budget == 20 * 60
    assert len(explorer.attempts) > 20
    for n in range(22):
        explorer.apply({"lr": 0.01 * (n + 1)})
        explorer.try_it()
    assert len(explorer.tries) == 20
    assert explorer.attempts[-1].spent == explorer.budget
    assert not explorer.forget()
    assert explorer.attempts == []


def test_a_try_by_hand_is_the_engines_training(make):
    explorer = make(dataset="moons", **GOOD)
    explorer.try_it()
    assert (explorer.way, explorer.trial, len(explorer.tries)) == (HAND, 2, 2)
    attempt, run = explorer.attempts[1], explorer._shown()
    rows, held = run.search.splits[0]
    recipe = experiment.recipe("moons").but(**GOOD)
    fitted = recipe.fit(run.search.X[rows], run.search.y[rows], seed=1)
    assert attempt.score == fitted.score(run.search.X[held], run.search.y[held])


# --- state ------------------------------------------------------------------------------------------------------------


def test_tries_are_state_that_is_shared_and_undone(make):
    explorer = make(dataset="moons", tries=[GOOD, GOOD | {"depth": 4}], way=HAND)
    other = make()
    other.load(explorer.share())
    assert other.tries == explorer.tries
    assert other.png() == explorer.png()
    explorer.forget()
    explorer.undo()
    assert len(explorer.tries) == 2


@pytest.mark.parametrize(
    ("tries", "said"),
    [
        ([{"depth": 1}], "A try names depth, width"),
        ([GOOD | {"depth": 9}], "depth of a try goes from 1 to 4, got 9"),
        ([GOOD | {"lr": float("nan")}], "lr of a try"),
        ([GOOD | {"depth": 1.5}], "depth of a try must be a whole number"),
        ([GOOD | {"activation": "step"}], "activation of a try is one of"),
        ([GOOD] * 61, "At most 60 tries"),
        (7, "tries"),
    ],
)
def test_bad_tries_are_refused(make, tries, said):
    explorer = make()
    with pytest.raises(traitlets.TraitError, match=said):
        explorer.tries = tries
    assert len(explorer.tries) == 1


def test_test_rows_are_sealed_until_they_are_opened(make):
    explorer = make(**SMALL)
    explorer.run()
    assert "The test rows are sealed." in explorer.describe()
    explorer.opened = True
    assert f"random {100 * explorer.test_score():.1f} % (promised" in explorer.describe()
    explorer.png()
    assert f"{100 * explorer.test_score():.1f} %" in explorer.scene.table._texts


def test_a_trial_is_told_about_by_pressing_its_mark(make):
    explorer = make(**SMALL)
    explorer.run()
    explorer.png()
    one = explorer.attempts[4]
    point_at(explorer, explorer.scene.board, one.spent, one.score)
    assert explorer.trial == 5
    for key, trial in (("ArrowRight", 6), ("Home", 0), ("ArrowLeft", 12), ("ArrowRight", 0)):
        press(explorer, key)
        assert explorer.trial == trial
    press(explorer, "Enter")
    assert explorer.way == HAND


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("way", WAYS)
def test_extremes_can_be_drawn(make, name, way):
    widest = GOOD | {"depth": 4, "width": 16, "lr": 1.0, "optimizer": "SGD", "activation": "relu"}
    for changed in ({"tries": []}, {"tries": [widest] * 2, "trials": 60, "opened": True, "trial": 300}):
        explorer = make(dataset=name, way=way, **changed)
        assert explorer.png().startswith(b"\x89PNG")
        assert "nan" not in explorer.describe()


# --- what matters -----------------------------------------------------------------------------------------------------


def test_shares_are_said_with_what_they_leave(make):
    explorer = make(**SMALL | {"dataset": "digits", "trials": 20})
    assert explorer.importance() == {}
    explorer.run()
    shares = explorer.importance()
    assert set(shares) == set(SPACE)
    assert f"matters most, {100 * max(shares.values()):.0f} %" in explorer.describe()
    explorer.png()
    assert [f"{100 * share:.0f} %" for share in shares.values()] == list(explorer.scene.bars.numbers._texts)


@optuna_is_there
@pytest.mark.parametrize("judge", JUDGES[1:])
def test_optunas_evaluators_are_asked_at_the_end(make, judge):
    if experiment.missing(judge):
        pytest.skip(experiment.missing(judge))
    explorer = make(**SMALL, judge=judge)
    assert "is not known" in explorer.describe()
    explorer.run()
    assert sum(explorer.importance().values()) == pytest.approx(1)
    assert f"By {judge} the " in explorer.describe()


# --- beside the page --------------------------------------------------------------------------------------------------


def test_a_search_beside_the_page_is_that_computed_at_once(make):
    explorer, alone = make(**SMALL), make(**SMALL)
    explorer.start()
    explorer.wait(60)
    alone.run()
    assert explorer._working.stage == "done"
    assert table(explorer) == table(alone)
    assert explorer.png() == alone.png()
    assert not threads()


def test_what_was_found_stays_after_stop_and_is_gone_on_with(make):
    explorer = make(**SMALL)
    for count in (1, 2):
        explorer._working.step()
        wait_until(lambda: len(explorer.attempts) == count)  # noqa: B023
    explorer.stop()
    explorer.wait(10)
    before = table(explorer)
    explorer.apply({"seed": 5})
    assert explorer.attempts == []
    explorer.apply({"seed": 0})
    assert table(explorer) == before
    explorer.run()
    assert table(explorer)[: len(before)] == before
    assert len(explorer.attempts) == 12


def test_a_turned_knob_stops_the_search(make):
    explorer = make(**SMALL)
    for seed in range(1, 5):
        explorer.start()
        explorer.seed = seed
        assert len(threads()) <= 2
    explorer.wait(30)
    assert not threads()


def test_any_executor_may_carry_it(make):
    explorer, alone = make(**SMALL), make(**SMALL)
    explorer.at_once = alone.at_once = 3
    with ThreadPoolExecutor(2) as explorer.executor:
        explorer.run()
    alone.run()
    assert table(explorer) == table(alone)


def test_closing_ends_what_is_under_way(make):
    explorer = make(trials=60, way=RANDOM)
    explorer.start()
    explorer.close()
    assert not threads()


def test_start_by_hand_says_what_to_press(make):
    explorer = make(way=HAND)
    explorer.start()
    explorer.wait(10)
    assert "Try it" in str(explorer._working.error)


# --- with Optuna ------------------------------------------------------------------------------------------------------


@optuna_is_there
@pytest.mark.parametrize(("way", "trials"), [(TPE, 12), (RANDOM, 5)])
def test_a_search_in_a_file_is_there_again_in_another_explorer(make, tmp_path, way, trials):
    same = SMALL | {"way": way, "trials": trials}
    explorer, alone = make(**same), make(**same)
    explorer.keep_in(tmp_path / "search.db")
    explorer._working.step()
    wait_until(lambda: explorer.attempts, 30)
    explorer.stop()
    explorer.wait(10)
    found = table(explorer)
    explorer.close()
    again = make(**same)
    again.keep_in(tmp_path / "search.db")
    assert table(again) == found
    again.run()
    alone.run()
    assert table(again) == table(alone)


@optuna_is_there
def test_a_budget_that_is_changed_goes_on_with_the_same_study(make, tmp_path):
    explorer, alone = make(**SMALL | {"trials": 8}), make(**SMALL | {"trials": 8})
    explorer.keep_in(tmp_path / "search.db")
    explorer.apply({"trials": 6})
    explorer.run()
    explorer.apply({"trials": 8})
    assert len(explorer.attempts) == 6
    explorer.run()
    alone.run()
    assert table(explorer) == table(alone)
    explorer.apply({"trials": 5})
    assert table(explorer) == table(alone)[:5]


@optuna_is_there
def test_a_file_that_is_none_of_ours_is_said_and_nothing_is_lost(make, tmp_path):
    explorer = make(**SMALL)
    explorer.run()
    (tmp_path / "letter.txt").write_text("Dear reader")
    with pytest.raises(ValueError, match="no SQLite file"):
        explorer.keep_in(tmp_path / "letter.txt")
    assert len(explorer.attempts) == 12


# --- without Optuna ---------------------------------------------------------------------------------------------------


def test_without_optuna_random_and_hand_work(make, without_optuna):
    explorer = make(**SMALL)
    explorer.run()
    explorer.try_it()
    assert len(explorer.attempts) == 2
    assert "best so far: random" in explorer.describe()


def test_without_optuna_recorded_choices_are_tried_and_named_so(make, without_optuna):
    explorer = make(dataset="moons", trials=12)
    assert explorer.lack() == ""
    explorer.run()
    explorer.png()
    advice = record.recorded(explorer._setting.name)
    assert [one.setting for one in explorer.attempts] == advice.settings[:12]
    for text in (explorer.describe(), explorer.scene.note.get_text()):
        assert f"What to try was recorded: {advice.versions}, {advice.date}." in text


def test_without_optuna_and_record_the_explorer_says_what_to_install(make, without_optuna):
    explorer = make(dataset="moons", seed=50, judge="PED-ANOVA")
    explorer.png()
    for text in (explorer.describe(), explorer.scene.note.get_text()):
        assert "Optuna is not installed. Type %pip install optuna in a cell" in text
    explorer.start()
    explorer.wait(10)
    assert explorer._working.stage == "failed"
    assert isinstance(explorer._working.error, MissingExtra)
    with pytest.raises(ImportError, match="pip install optuna"):
        explorer.run()
    assert not explorer.keep_in("search.db")
    assert "pip install optuna" in explorer._panel._message.value


@optuna_is_there
def test_recorded_choices_give_the_table_that_optuna_gives(make, monkeypatch):
    setting = Setting("moons", TPE, 14, True, 0)
    if version("optuna") not in record.recorded(setting.name).versions:
        pytest.skip("another Optuna than the one recorded")
    live = make(**setting._asdict())
    live.run()
    monkeypatch.setattr(experiment, "present", lambda module: False)
    replayed = make(**setting._asdict())
    replayed.run()
    assert table(replayed) == table(live)


def test_the_common_lock_is_free_while_a_search_runs(make):
    explorer = make(trials=60, way=RANDOM)
    explorer.start()
    turned = threading.Event()
    thread = threading.Thread(target=lambda: (setattr(explorer, "lr", 0.5), turned.set()))
    thread.start()
    assert turned.wait(5)
    explorer.stop()
    explorer.wait(10)
    thread.join()
