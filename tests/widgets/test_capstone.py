"""Capstone: each of the six checks missed and passed by settings, own tables, work that is stopped, state."""

import json
import math

import numpy as np
import pytest
import traitlets

from tests.widgets.threads import wait_until
from wbviz.engine import accuracy
from wbviz.widgets import _capstone as experiment
from wbviz.widgets import _capstone_data as data_of
from wbviz.widgets import _capstone_state as states
from wbviz.widgets import _capstone_words as words
from wbviz.widgets.capstone import Capstone
from wbviz.widgets.run_board import RunBoard

EXPLORER = Capstone
KEYS = list(words.TITLES)
CANCER = {"dataset": "breast_cancer", "target": "diagnosis", "folds": 5}
GOOD = CANCER | {"units": 8, "l2": 0.03, "epochs": 60, "lr": 0.003}
GERMAN = {"units": 2, "folds": 10, "l2": 0.03, "epochs": 20, "lr": 0.003}
NOTE = (
    "The network is right less often for female than for male borrowers: 15 points, on 55 rows. The intervals overlap."
)
RUNS = [GOOD | {"units": 2}, GOOD | {"l2": 0.1}, GOOD]

CSV = "id,size,colour,when,kind\n" + "\n".join(
    f"{i},{i % 10 + (i * 7 % 3)},{'red' if i % 2 else 'blue'},{'' if i % 11 == 0 else i % 5},{'abc'[i * 7 % 3]}"
    for i in range(90)
)


def by_key(explorer):
    return {each.key: each for each in explorer.checks()}


# --- each check, missed and passed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "missed", "passed", "criterion"),
    [
        ("baseline", {"epochs": 20}, GOOD, "advantage"),
        ("baseline", GOOD | {"folds": 0}, GOOD, "rows kept apart"),
        ("validated", GOOD | {"folds": 0}, GOOD, "rows held out"),
        ("validated", GOOD | {"dataset": "iris", "target": "species", "folds": 1}, GOOD, "rows held out"),
        ("validated", GOOD | {"scaling": "over all rows"}, GOOD, "leak"),
        ("not overfit", GOOD | {"folds": 0}, GOOD, "epochs judged on rows held out"),
        ("not overfit", {"epochs": 60}, GOOD, "gap"),
        ("not overfit", GOOD | {"l2": 0, "epochs": 200}, GOOD, "rise"),
        ("gradients", GOOD | {"layers": 6, "activation": "sigmoid", "optimiser": "SGD"}, GOOD, "faintest layer"),
        ("gradients", {"layers": 2, "units": 32, "activation": "relu", "lr": 0.3, "epochs": 20}, {}, "silent units"),
        (
            "gradients",
            GOOD | {"optimiser": "SGD", "activation": "identity", "lr": 10.0, "layers": 3},
            GOOD | {"optimiser": "SGD", "activation": "identity", "lr": 0.1, "layers": 3},
            "networks that diverged",
        ),
        ("tracked", GOOD | {"runs": RUNS[1:]}, GOOD | {"runs": RUNS}, "noted runs to compare"),
        ("tracked", RUNS[0] | {"runs": RUNS}, GOOD | {"runs": RUNS}, "behind the best"),
        ("tracked", GOOD | {"runs": RUNS[:2], "units": 3}, GOOD | {"runs": RUNS}, "noted runs to compare"),
        ("tracked", GOOD | {"runs": RUNS, "opened": RUNS[:1]}, GOOD | {"runs": RUNS}, "changes since the test"),
        ("audited", GOOD, GOOD | {"group": "mean radius"}, "groups looked at"),
        ("audited", {"group": "sex"}, {"group": "sex", "notes": {"sex": NOTE}}, "gap between groups"),
    ],
)  # fmt: skip
def test_each_check_is_missed_and_passed_by_settings(make, key, missed, passed, criterion):
    found = by_key(make(controls=False, **missed))[key]
    assert not found.passed
    assert found.number is not None
    deciding = next(each for each in found.criteria if not each.passed)
    assert deciding.name == criterion
    assert (found.number, found.limit) == (deciding.number, deciding.limit)
    assert found.sentence == words.MISSED[criterion]
    assert by_key(make(controls=False, **passed))[key].passed


@pytest.mark.parametrize("group", ["mean radius", "sex"])
def test_all_six_can_be_passed_together_on_two_tables(make, group):
    best = GERMAN if group == "sex" else GOOD
    runs = [best | {"l2": 0.1}, best | {"l2": 0.3}, best]
    explorer = make(controls=False, **best, runs=runs, group=group)
    assert explorer.passed() == 6
    explorer.open_test()
    assert explorer.passed() == 6
    assert "✓ passed" in repr(explorer.check(1))


def test_a_group_of_few_rows_is_not_audited_without_a_note(make):
    rare = "a,kind,from\n" + "\n".join(f"{i},{'xy'[i % 2]},{'z' if i % 20 == 0 else 'w'}" for i in range(100))
    explorer = make(controls=False, csv=rare, dataset="own", target="kind", group="from", folds=2, epochs=2)
    found = explorer.check("audited")
    assert found.sentence == words.MISSED["rows of the smallest group"]
    explorer.notes = {"from": "Of z there are only 4 rows or so: it cannot be told how well it does for them."}
    assert explorer.check("audited").passed
    assert "a note is written" in explorer.check("audited").sentence


def test_before_training_all_checks_are_open_and_after_a_knob_is_turned_again(make):
    explorer = make(epochs=3)
    assert [each.mark for each in explorer.verdicts(explorer.shown)] == ["– open"] * 6
    assert "press Train" in explorer.describe()
    assert explorer.train() == 1
    assert "Run 1: " in explorer.describe()
    assert "✗ not passed" in explorer._checks.value
    explorer.units = 4
    assert "press Train" in explorer.describe()
    explorer.undo()
    assert "Run 1: " in explorer.describe()
    assert explorer.train() == 1


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_the_numbers_are_the_engines(make):
    explorer = make(controls=False, **GOOD)
    outcome, found = explorer.results, data_of.rows(explorer.source)
    y = found.data.y
    assert outcome.held_score == pytest.approx(np.mean(outcome.answers == y[outcome.held]))
    learned = found.data.X[found.known]
    scaled = (found.data.X - learned.mean(axis=0)) / learned.std(axis=0)
    assert outcome.test_score == pytest.approx(accuracy(y[found.test], outcome.net(scaled[found.test])))
    assert not set(found.known) & set(found.test)
    assert sorted([*found.known, *found.test]) == list(range(569))
    assert sorted(outcome.held) == sorted(found.known)


def test_the_test_set_does_not_follow_the_seed(make):
    one, other = (make(controls=False, seed=seed).source for seed in (0, 7))
    assert np.array_equal(data_of.rows(one).test, data_of.rows(other).test)


def test_r_squared_of_the_mean_is_none(make):
    explorer = make(controls=False, target="credit_amount", epochs=10, folds=2, l2=0.01)
    outcome = explorer.results
    y = data_of.rows(explorer.source).data.y[outcome.held]
    gains = experiment.gains(y, outcome.answers, outcome.plain)
    assert gains.mean() == pytest.approx(outcome.held_score)
    assert experiment.score(y, outcome.plain, outcome.plain) == 0
    assert explorer.check("baseline").number == pytest.approx(outcome.held_score)


def test_groups_are_values_halves_or_the_commonest(make):
    source = make(controls=False).source
    assert set(data_of.groups(source, "sex")) == {"female", "male"}
    assert set(data_of.groups(source, "age")) == {"up to 33", "over 33"}
    purposes = set(data_of.groups(source, "purpose"))
    assert "all others" in purposes
    assert len(purposes) == 6
    own = make(controls=False, csv=CSV, dataset="own", target="kind", leave_out=["when"])
    assert data_of.MISSING in data_of.groups(own.source, "when")


# --- the learner's own table ------------------------------------------------------------------------------------------


def test_a_table_of_ones_own_takes_the_place_of_the_data(make):
    explorer = make()
    explorer.load_csv(CSV)
    assert (explorer.dataset, explorer.target, explorer.group, explorer.leave_out) == ("own", "kind", "none", [])
    assert data_of.rows(explorer.source).data.target_names == ("a", "b", "c")
    assert "9 rows with missing values left out" in explorer.describe()
    explorer.apply({"leave_out": ["id", "when"], "group": "when", "epochs": 3, "folds": 3})
    assert "left out)" not in explorer.describe()
    explorer.train()
    assert data_of.MISSING in explorer.describe()
    explorer.apply({"target": "size"})
    assert explorer.numbers
    assert explorer.measure == "absolute error"
    explorer.train()
    assert "R² on rows learned from" in explorer.describe()
    explorer.undo()
    explorer.undo()
    assert explorer.target == "kind"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no row"),
        ("a,b\n", "No column can be predicted"),
        ("a\n1\n1\n1", "No column can be predicted"),
        ("a,b\n" + "\n".join(f"x{i},y{i}" for i in range(60)), "No column can be predicted"),
        ("a\0b", "zero bytes"),
    ],
)
def test_a_table_that_is_of_no_use_is_said_and_nothing_is_lost(make, text, message):
    explorer = make()
    state = explorer.state
    with pytest.raises(ValueError, match=message):
        explorer.load_csv(text)
    explorer._own.text.value = text or " "
    explorer._own._guarded(explorer._own.read)
    assert explorer._own._error.value
    assert explorer.state == state


def test_a_bad_cell_is_named_by_row_and_column(make):
    explorer = make()
    explorer._own.text.value = CSV.replace("\n5,", "\nfive,")
    explorer._own._guarded(explorer._own.read)
    assert "Row 7, column &#x27;id&#x27;" in explorer._own._remarks.value
    assert explorer.dataset == "own"


def test_too_few_complete_rows_are_said_and_not_trained(make):
    holes = "a,b,kind\n" + "\n".join(f"{i},{i if i < 12 else ''},{'xy'[i % 2]}" for i in range(40))
    explorer = make(csv=holes, dataset="own", target="kind")
    assert "Only 12 of 40 rows" in explorer.describe()
    assert "'b' (28): leave it out" in explorer.describe()
    assert all(each.open for each in explorer.checks())
    with pytest.raises(ValueError, match="Only 12 of 40 rows"):
        explorer.train()
    explorer.leave_out = ["b"]
    assert explorer.results.done
    explorer.leave_out = ["a", "b"]
    assert "No column is left" in explorer.describe()


def test_another_table_forgets_what_was_of_the_last_and_undo_brings_it_back(make):
    explorer = make(csv=CSV, dataset="own", target="kind", epochs=2)
    explorer.train()
    explorer.load_csv("p,q\n" + "\n".join(f"{i},{i % 2}" for i in range(40)))
    assert explorer.runs == []
    assert explorer.target == "q"
    explorer.undo()
    assert len(explorer.runs) == 1
    assert explorer.target == "kind"


# --- training, stopping, the test set ---------------------------------------------------------------------------------


def test_a_stopped_training_goes_on_where_it_was(watched):
    explorer = watched(epochs=37, seed=41)
    setting = explorer.setting
    explorer._ask()
    for _ in range(4):
        explorer._training.step()
        wait_until(lambda: not explorer._training._single)
    explorer._training.stop()
    explorer._training.wait()
    made = explorer._watches[setting].epochs
    assert 0 < made < 37
    assert explorer.runs == []
    explorer.begin()
    explorer.wait()
    wait_until(lambda: explorer.run == 1)
    straight = experiment.watch(setting)
    list(straight)
    assert np.array_equal(experiment.recall(setting).net.params, straight.network().params)


def test_knobs_turn_while_it_trains_and_the_run_is_noted_with_its_own_settings(watched):
    explorer = watched(epochs=30, seed=43)
    explorer.begin()
    explorer.units = 5
    explorer.wait()
    wait_until(lambda: len(explorer.runs) == 1)
    assert explorer.runs[0]["units"] == 16
    assert explorer.run is None
    explorer.choose(1)
    assert explorer.units == 16
    with pytest.raises(ValueError, match="trained already: run 1"):
        explorer.begin()
    with pytest.raises(ValueError, match="There is no run 2"):
        explorer.choose(2)


def test_a_run_of_another_table_is_not_noted_with_this_one(watched):
    explorer = watched(csv=CSV, dataset="own", target="kind", epochs=60, folds=5)
    explorer.begin()
    explorer.load_csv("p,q\n" + "\n".join(f"{i},{i % 2}" for i in range(40)))
    explorer.wait()
    assert explorer.runs == []


def test_a_run_of_a_table_that_is_missing_is_left_out(make):
    assert make(controls=False, runs=[{"dataset": "own", "target": "kind"}, {}]).runs == [states.START]


def test_a_loaded_state_is_trained_again_beside_the_page(watched):
    runs = [{"epochs": 5, "seed": 44, "units": units} for units in (2, 3)]
    explorer = watched(epochs=5, seed=44, units=3, runs=runs)
    explorer.picture.changed()
    wait_until(lambda: len(explorer._comparable()) == 2 and not explorer._unknown())
    explorer.wait()
    assert "Run 2: " in explorer.describe()
    assert math.isfinite(explorer.check("tracked").number)


def test_the_test_set_is_opened_once_and_undo_does_not_close_it(make):
    explorer = make(epochs=3)
    with pytest.raises(ValueError, match="press Train first"):
        explorer.open_test()
    explorer.train()
    assert explorer.tested is None
    explorer.open_test()
    assert explorer.is_tested
    assert explorer.tested == explorer.results.test_score
    assert "opened for these settings" in explorer._checks.value
    score = explorer.tested
    explorer.units = 3
    assert "no longer untouched" in explorer._checks.value
    assert explorer.tested == score
    explorer.train()
    with pytest.raises(ValueError, match="opened before"):
        explorer.open_test()
    assert explorer.check("tracked").criteria[-1].number == 1
    while explorer.undo():
        pass
    assert explorer.opened
    explorer.reset()
    assert explorer.opened == []


def test_a_note_names_a_group_at_either_end(make):
    explorer = make(epochs=3)
    with pytest.raises(ValueError, match="nothing to note yet"):
        explorer.note(NOTE)
    explorer.group = "sex"
    explorer.train()
    for text, message in (("female", "at least 40 characters"), ("x" * 50, "names none of the groups")):
        with pytest.raises(ValueError, match=message):
            explorer.note(text)
    explorer.note("The female group is worse off by a few points here.")
    assert explorer.check("audited").passed
    assert explorer.notes_of() == ["The female group is worse off by a few points here."]
    explorer.group = "age"
    assert explorer.notes_of() == []


def test_runs_go_into_a_folder_too(make, tmp_path):
    explorer = make(epochs=4, folder=str(tmp_path))
    explorer.train()
    (run,) = explorer.store.runs
    assert run.settings["units"] == 16
    assert run.series("validation_loss")[1] == pytest.approx(explorer.results.held_loss)
    board = make(RunBoard, folder=str(tmp_path))
    assert "nan" not in board.describe().lower()


# --- state ------------------------------------------------------------------------------------------------------------


def test_state_goes_round_with_table_runs_and_notes(make):
    explorer = make(csv=CSV, dataset="own", target="kind", epochs=3, folds=3, group="colour")
    explorer.train()
    explorer.apply({"notes": {"colour": NOTE}})
    explorer.open_test()
    other = Capstone.from_state(json.loads(json.dumps(explorer.state)))
    assert other.state == explorer.state
    assert other.describe() == explorer.describe()
    assert [repr(each) for each in other.checks()] == [repr(each) for each in explorer.checks()]
    other.close()


@pytest.mark.parametrize(
    ("runs", "message"),
    [
        ("none", "a list of at most 12 runs"),
        ([{}] * 13, "a list of at most 12 runs"),
        ([3], "a dict of settings"),
        ([{"rate": 1}], "no setting 'rate'"),
        ([{"lr": -1}], "lr of a run is a number from 0.0001 to 10"),
        ([{"units": 2.5}], "units of a run is a whole number from 1 to 64"),
        ([{"units": True}], "units of a run"),
        ([{"batch": 7}], "batch of a run is one of 16"),
        ([{"target": "riks"}], "no column 'riks'"),
        ([{"leave_out": "sex"}], "a list of column names"),
    ],
)
def test_a_bad_run_is_refused(make, runs, message):
    with pytest.raises(traitlets.TraitError, match=message):
        make(controls=False, runs=runs)


def test_runs_are_kept_once_and_filled_up():
    assert states.checked_runs([{}, {"lr": 0.01}, {"units": 3}]) == [states.START, states.START | {"units": 3}]


def test_words_have_a_sentence_for_every_criterion(make):
    explorer = make(controls=False, **GOOD, group="mean radius", runs=RUNS)
    for verdict in explorer.checks():
        assert verdict.key in KEYS
        for name, number, limit, _ in verdict.measured:
            assert name in words.MISSED
            assert "nan" not in f"{number}{limit}"
    assert words.short(1e300) == "1e+300"


def test_there_is_no_such_check(make):
    explorer = make(controls=False, epochs=2)
    assert explorer.check(2).key == "validated"
    with pytest.raises(ValueError, match="no check 'fairness'"):
        explorer.check("fairness")
