"""Optuna as adviser: its pruner equals ours, a search that is killed goes on to the same table, bad files."""

import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

optuna = pytest.importorskip("optuna", reason="Optuna is not installed: pip install optuna")

from tests.bridges import killed_search  # noqa: E402
from wbviz.bridges.optuna_recorded import keys, measured, recorded  # noqa: E402
from wbviz.bridges.optuna_search import (  # noqa: E402
    STARTUP,
    OptunaAdviser,
    importances_of,
    open_storage,
    studies_in,
)
from wbviz.engine import Range, Recipe  # noqa: E402
from wbviz.engine.guided import Adviser, Guided  # noqa: E402
from wbviz.engine.importance import importances  # noqa: E402
from wbviz.engine.strategies import known_space  # noqa: E402
from wbviz.widgets import _architectures as experiment  # noqa: E402
from wbviz.widgets._architectures import SPACE, TPE, Setting  # noqa: E402

SMALL = {"width": Range(2, 8, log=True, whole=True), "activation": ["tanh", "relu"], "lr": Range(1e-3, 1, log=True)}


def searched(adviser, trials=8, **settings):
    known = experiment.rows("moons", 0)
    return Guided(Recipe(epochs=9), adviser, known.X[:60], known.y[:60], trials=trials, k=3, **settings)


def table(attempts):
    return [(one.number, one.setting, one.scores, one.loss, one.stopped, one.spent) for one in attempts]


# --- the same as ours -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prune", [False, True])
def test_random_search_with_optunas_pruner_is_our_own(prune):
    ours = searched(Adviser(SMALL, 2, prune), 15)
    theirs = searched(OptunaAdviser(SMALL, 2, prune, sampler="random"), 15)
    assert table(ours) == table(theirs)
    assert any(one.stopped for one in ours.attempts) == prune


def test_tpe_begins_with_what_random_search_begins_with_and_then_learns():
    tpe = list(searched(OptunaAdviser(SMALL, 2), 14))
    drawn = list(searched(Adviser(SMALL, 2), 14))
    assert table(tpe[:STARTUP]) == table(drawn[:STARTUP])
    assert all(one.setting != other.setting for one, other in zip(tpe[STARTUP:], drawn[STARTUP:], strict=True))


def test_a_study_holds_what_the_search_found():
    adviser = OptunaAdviser(SMALL, 2, prune=True)
    attempts = list(searched(adviser, 15))
    trials = adviser.study.trials
    assert [trial.params for trial in trials] == [one.setting for one in attempts]
    assert [trial.state.name == "PRUNED" for trial in trials] == [one.stopped for one in attempts]
    assert adviser.study.best_value == max(one.score for one in attempts if not one.stopped)
    for trial, one in zip(trials, attempts, strict=True):
        assert list(trial.intermediate_values.values()) == list(one.scores[: len(trial.intermediate_values)])


# --- broken off and taken up ------------------------------------------------------------------------------------------


def test_a_search_that_is_killed_goes_on_to_the_same_table(tmp_path):
    file, root = tmp_path / "search.db", Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.bridges.killed_search", str(file)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if int(line) == STARTUP + 1:
                break
        process.kill()
    known = studies_in(file)[killed_search.SETTING.name]
    assert known >= STARTUP + 2
    again = experiment.begun(killed_search.SETTING, file)
    assert known - 1 <= len(again.attempts) <= known
    for _ in again.steps():
        pass
    whole = experiment.begun(killed_search.SETTING)
    for _ in whole.steps():
        pass
    assert table(again.attempts) == table(whole.attempts)
    again.close()


@pytest.mark.parametrize("left_over", ["asked", "reported", "enqueued"])
def test_a_trial_in_hand_is_taken_up_wherever_it_was_left(tmp_path, left_over):
    first = OptunaAdviser(SMALL, 2, file=tmp_path / "a.db")
    search = searched(first)
    next(search)
    if left_over == "enqueued":
        first.study.enqueue_trial(first.drawn(1))
    else:
        first.ask(1)
    if left_over == "reported":
        first.gives_up(1, 1, (0.5,), search.attempts)
    first.close()
    second = OptunaAdviser(SMALL, 2, file=tmp_path / "a.db")
    assert table(second.past) == table(search.attempts)
    assert table(second.past) + table(searched(second)) == table(searched(OptunaAdviser(SMALL, 2)))
    second.close()


def test_several_at_once_in_other_processes_give_the_same_table(tmp_path):
    alone = table(searched(OptunaAdviser(SMALL, 2), 14, at_once=2))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        adviser = OptunaAdviser(SMALL, 2, file=tmp_path / "pool.db")
        assert table(searched(adviser, 14, at_once=2, executor=executor)) == alone
    adviser.close()


def test_a_study_is_opened_again_by_optuna_itself(tmp_path):
    adviser = OptunaAdviser(SMALL, 2, file=tmp_path / "b #1?.db", name="mine")
    list(searched(adviser))
    adviser.close()
    assert studies_in(tmp_path / "b #1?.db") == {"mine": 8}
    study = optuna.load_study(study_name="mine", storage=open_storage(tmp_path / "b #1?.db"))
    assert len(study.trials) == 8


def test_files_that_hold_no_study_are_refused_and_left_alone(tmp_path):
    wrong = tmp_path / "notes.txt"
    wrong.write_text("my notes")
    with pytest.raises(ValueError, match=r"notes\.txt is no SQLite file"):
        OptunaAdviser(SMALL, file=wrong)
    assert wrong.read_text() == "my notes"
    with pytest.raises(ValueError, match="There is no folder"):
        OptunaAdviser(SMALL, file=tmp_path / "nowhere" / "a.db")
    (tmp_path / "torn.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 500)
    with pytest.raises(ValueError, match=r"torn\.db could not be opened"):
        OptunaAdviser(SMALL, file=tmp_path / "torn.db")


def test_a_study_of_other_settings_is_not_mixed_up(tmp_path):
    OptunaAdviser(SMALL, file=tmp_path / "c.db").close()
    with pytest.raises(ValueError, match="was made for other settings"):
        OptunaAdviser({"lr": Range(0.1, 1)}, file=tmp_path / "c.db")


def test_nothing_is_said_on_the_page(capfd):
    list(searched(OptunaAdviser(SMALL, 2), 3))
    assert capfd.readouterr() == ("", "")


# --- what matters -----------------------------------------------------------------------------------------------------


def test_all_ways_to_weigh_find_the_setting_that_matters():
    space = known_space(SMALL, Recipe())
    settings = [Adviser(SMALL, 0).ask(n) for n in range(120)]
    luck = 0.1 * np.random.default_rng(0).normal(size=120)
    scores = [float(setting["activation"] == "relu") + noise for setting, noise in zip(settings, luck, strict=True)]
    forest = pytest.importorskip("sklearn", reason="scikit-learn is not installed: fANOVA needs it") and "fANOVA"
    for found in (
        importances(settings, scores),
        importances_of(settings, scores, space, forest),
        importances_of(settings, scores, space, "PED-ANOVA"),
    ):
        assert max(found, key=found.get) == "activation"
    assert sum(importances_of(settings, scores, space, forest).values()) == pytest.approx(1)


def test_optunas_forest_and_our_variance_agree_on_random_trials():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed: fANOVA needs it")
    settings = [Adviser(SMALL, 5).ask(n) for n in range(200)]
    scores = [s["width"] / 8 + (s["activation"] == "tanh") for s in settings]
    ours, theirs = (
        importances(settings, scores),
        importances_of(settings, scores, known_space(SMALL, Recipe()), "fANOVA"),
    )
    for name in SMALL:
        assert ours[name] == pytest.approx(theirs[name], abs=0.12)


# --- what was recorded ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prune", [False, True])
def test_what_was_recorded_is_what_optuna_says(prune):
    setting = Setting("moons", TPE, 16, prune, 1)
    advice = recorded(setting.name)
    if optuna.__version__ not in advice.versions:
        pytest.skip(f"recorded with {advice.versions}, this is Optuna {optuna.__version__}")
    run = experiment.begun(setting)
    for _ in run.steps():
        pass
    assert [one.setting for one in run.attempts] == advice.settings[: len(run.attempts)]


def test_the_record_is_whole():
    assert set(keys()) >= {Setting(name, TPE, 30, False, 0).name for name in experiment.DATA}
    assert recorded("no such search") is None
    found = measured()
    assert found["seeds"] >= 20
    for ways in found["found"].values():
        assert all(len(scores) == found["seeds"] for way in ways.values() for scores in way.values())
    assert set(SPACE) == set(recorded(keys()[0]).settings[0])
