"""Runs kept side by side: what is remembered, what differed, and the panel that shows it."""

import gc
import json

import ipywidgets
import numpy as np
import pytest
import traitlets
from matplotlib.figure import Figure

from wbviz.engine import SGD, Network, train
from wbviz.scenes.runs import RunsScene, axis_ends
from wbviz.widgets._base import Explorer
from wbviz.widgets._kept_runs import differing, remembered, renamed
from wbviz.widgets._runs import Runs, checked_runs, compared, described, table
from wbviz.widgets._traits import data, number, whole


class Lab(Explorer):
    """A small explorer that trains."""

    title = "A laboratory"
    lr = number(0.1, min=0, max=10, label="learning rate")
    seed = whole(1, min=0, max=9, label="seed")
    kept = data([], check=checked_runs)

    def setup(self):
        self.scene = type("Scene", (), {"live": []})
        self.panel = Runs(self)

    def finished_run(self):
        net = Network([1, 3, 1], seed=self.seed)
        start, X = net.params.copy(), np.linspace(-1, 1, 20)[:, None]
        history = train(net, X, X**2, validation=(X, X**2), optimizer=SGD(self.lr), epochs=30)
        return {
            "settings": {"lr": self.lr, "seed": self.seed, "layers": [3]},
            "epochs": list(range(1, 31)),
            "train": history.epoch_loss,
            "validation": list(history.validation_loss),
            "start": start,
            "numbers": {"accuracy": 0.5},
        }


@pytest.fixture
def lab():
    made = Lab()
    made.children = (*made.children, made.panel)
    yield made
    made.close()


def finished(**changed):
    return {
        "settings": {"lr": 0.1},
        "epochs": [0, 1, 2],
        "train": [3.0, 2.0, 1.0],
        "validation": [3.5, 2.5, 1.5],
    } | changed


def click(panel, words, row=None):
    for widget in row.children if row is not None else panel.children[0].children:
        if isinstance(widget, ipywidgets.Button) and widget.description == words:
            return widget.click()
    raise AssertionError(words)


# --- data -------------------------------------------------------------------------------------------------------------


def test_a_run_is_remembered_with_its_settings_and_curves():
    (run,) = remembered([], finished(numbers={"accuracy": np.float64(0.9)}, start=np.ones(3)))
    assert run["name"] == "run 1"
    assert (run["epochs"], run["train"], run["validation"]) == ([0, 1, 2], [3.0, 2.0, 1.0], [3.5, 2.5, 1.5])
    assert run["numbers"] == {"accuracy": 0.9}
    assert checked_runs(json.loads(json.dumps([run]))) == [run]


def test_the_sixth_run_is_refused_and_freed_names_are_given_again():
    runs = []
    for _ in range(5):
        runs = remembered(runs, finished())
    with pytest.raises(ValueError, match="5 runs are kept already"):
        remembered(runs, finished())
    again = remembered([run for run in runs if run["name"] != "run 2"], finished())
    assert [run["name"] for run in again] == ["run 1", "run 3", "run 4", "run 5", "run 2"]


def test_long_curves_are_thinned_and_keep_their_ends():
    n = 3000
    (run,) = remembered([], finished(epochs=range(n), train=np.linspace(1, 0.1, n), validation=[]))
    assert len(run["epochs"]) == 120
    assert (run["epochs"][0], run["epochs"][-1]) == (0, n - 1)
    assert run["train"][-1] == 0.1
    assert run["validation"] == []
    assert len(json.dumps([run] * 5)) < 30_000


def test_a_diverged_run_is_kept_up_to_its_last_finite_loss():
    (run,) = remembered([], finished(train=[1.0, 1e300, np.inf]))
    assert run["epochs"] == [0, 1]
    with pytest.raises(ValueError, match="no finite loss"):
        remembered([], finished(train=[np.nan] * 3))


def test_only_what_differs_is_told():
    runs = remembered(remembered([], finished()), finished(settings={"lr": 1, "l2": 0.01}))
    assert differing(runs) == {"lr": ["0.1", "1"], "l2": ["none", "0.01"]}
    assert differing(runs[:1]) == {}


def test_things_that_read_alike_get_letters():
    points = [[[k, 0, 1]] * 20 for k in range(2)]
    runs = []
    for mine in (points[0], points[1], points[0]):
        runs = remembered(runs, finished(settings={"points": mine}))
    assert differing(runs) == {"points": ["20 items (a)", "20 items (b)", "20 items (a)"]}


def test_the_same_start_is_said_when_it_is_the_same():
    one = remembered([], finished(start=np.ones(3), settings={"lr": 1, "init_seed": 4}))
    same = remembered(one, finished(start=np.ones(3), settings={"lr": 2, "init_seed": 4}))
    other = remembered(one, finished(start=np.zeros(3), settings={"lr": 1, "init_seed": 5}))
    assert compared(same) == "They differ in 1 setting. All start from the same weights and biases (seed 4)."
    assert compared(other) == "They differ in 1 setting. Each has its own start."
    three = remembered(same, finished(start=np.zeros(3), settings={"lr": 1, "init_seed": 5}))
    assert compared(three).endswith("settings. “run 1” and “run 2” start from the same weights and biases.")
    assert "start" not in compared(remembered(remembered([], finished()), finished()))
    assert compared(one) == "Keep a second run to see what differs."


def test_names_are_given_once():
    runs = remembered(remembered([], finished()), finished())
    assert renamed(runs, 0, "  high   rate ")[0]["name"] == "high rate"
    assert renamed(runs, 0, "run 1") == runs
    for name, sentence in (("run 2", "already"), ("", "1 to 40"), ("x" * 41, "has 41")):
        with pytest.raises(ValueError, match=sentence):
            renamed(runs, 0, name)


def spoilt():
    (run,) = remembered([], finished())
    yield "no list", "runs"
    yield "six", [run | {"name": str(k)} for k in range(6)]
    yield "twins", [run, run]
    for key in run:
        yield f"without {key}", [{k: v for k, v in run.items() if k != key}]
    for key, wrong in {
        "name": "", "settings": {"lr": float("nan")}, "epochs": [1], "train": [1, 2, float("inf")], "shown": 1,
        "validation": [1], "numbers": {"a": "b"}, "start": None,
    }.items():  # fmt: skip
        yield f"wrong {key}", [run | {key: wrong}]
    yield "objects", [run | {"settings": {"lr": {1, 2}}}]


@pytest.mark.parametrize(("case", "value"), list(spoilt()))
def test_what_is_no_list_of_runs_is_refused(case, value, lab):
    with pytest.raises(traitlets.TraitError):
        lab.kept = value
    assert lab.kept == []


# --- the panel --------------------------------------------------------------------------------------------------------


def test_a_run_is_kept_compared_renamed_hidden_and_deleted(lab):
    panel = lab.panel
    assert panel.picture is None
    click(panel, "Keep this run")
    assert panel.picture is not None
    lab.lr = 0.5
    click(panel, "Keep this run")
    first, second = panel._list.children
    assert "learning rate</th><td>0.1</td><td>0.5</td>" in panel._table.value
    assert "the same weights and biases" in panel._table.value
    second.children[0].value = "<b>fast</b>"
    assert lab.kept[1]["name"] == "<b>fast</b>"
    assert "&lt;b&gt;fast" in panel._table.value
    assert "<b>fast" not in panel._table.value
    first.children[1].value = False
    assert not lab.kept[0]["shown"]
    assert "run 1 (not drawn)" in panel.describe()
    click(panel, "Delete", first)
    assert [run["name"] for run in lab.kept] == ["<b>fast</b>"]
    assert lab.undo()
    assert len(lab.kept) == 2
    assert panel._list.children[0].children[0].value == "run 1"


def test_what_cannot_be_done_is_said(lab):
    for _ in range(6):
        click(lab.panel, "Keep this run")
    assert "Delete one first" in lab.panel._error.value
    lab.panel._list.children[0].children[0].value = "run 2"
    assert "already" in lab.panel._error.value
    assert lab.panel._list.children[0].children[0].value == "run 1"


def test_a_run_that_cannot_be_finished_says_why(lab, monkeypatch):
    def fail(self):
        raise ValueError("Nothing was trained yet.")

    monkeypatch.setattr(Lab, "finished_run", fail)
    click(lab.panel, "Keep this run")
    assert "Nothing was trained yet." in lab.panel._error.value


def test_the_runs_travel_with_the_state(lab):
    click(lab.panel, "Keep this run")
    other = Lab(**json.loads(json.dumps(lab.state)))
    assert other.kept == lab.kept
    assert other.panel.picture.png() == lab.panel.picture.png()
    other.panel.picture.close()
    other.close()


def test_the_numbers_in_table_and_picture_are_those_of_the_training(lab):
    click(lab.panel, "Keep this run")
    history = lab.finished_run()
    assert f"<td>{history['train'][-1]:.4g}</td>" in lab.panel._table.value
    lab.panel.picture.png()
    line = lab.panel.scene.slots[0].train
    np.testing.assert_allclose(line.get_ydata(), history["train"], rtol=1e-4)
    assert f"training loss {history['train'][-1]:.4g}" in lab.panel.picture.description


def test_closing_leaves_no_widget_behind():
    gc.collect()
    before = set(ipywidgets.widgets.widget._instances)
    for _ in range(3):
        lab = Lab()
        lab.children = (*lab.children, lab.panel)
        click(lab.panel, "Keep this run")
        click(lab.panel, "Keep this run")
        click(lab.panel, "Delete", lab.panel._list.children[0])
        lab.close()
        lab.close()
    assert set(ipywidgets.widgets.widget._instances) == before


# --- the chart --------------------------------------------------------------------------------------------------------


def test_axes_move_in_steps_and_one_that_explodes_does_not_flatten_the_others():
    calm, wild = finished(), finished(train=[3.0, 500.0, 1e9])
    assert axis_ends([calm]) == (10, 5)
    assert axis_ends([finished(train=[3.1, 2.0, 1.0])]) == (10, 5)
    assert axis_ends([calm, wild]) == (10, 5)
    assert axis_ends([wild]) == (10, 20)
    assert axis_ends([]) == (10, 1)


def test_a_run_that_leaves_the_chart_is_said(lab):
    lab.kept = remembered(remembered([], finished()), finished(train=[3.0, 500.0, 1e9]))
    lab.panel.picture.png()
    assert "rises to 1e+09" in lab.panel.scene.slots[1].end.get_text()
    assert "training loss 1e+09" in described(lab.kept)


def test_no_name_reaches_the_edge_of_the_picture(lab):
    lab.kept = [
        run | {"name": f"{k}{'W' * 30}"}
        for k in range(5)
        for run in remembered([], finished(train=[1.0, 1.0, 1.27e108]))
    ]
    lab.panel.picture.png()
    edge = lab.panel.picture.figure.bbox.x1
    renderer = lab.panel.picture.figure.canvas.get_renderer()
    for slot in lab.panel.scene.slots:
        assert slot.name.get_window_extent(renderer).x1 < edge
        assert slot.end.get_window_extent(renderer).x1 < edge


def test_the_scene_made_afresh_is_the_same():
    runs = [run | {"end": "end"} for run in remembered(remembered([], finished()), finished(validation=[]))]
    figures = [Figure(figsize=(6.6, 2.46), dpi=100) for _ in range(2)]
    scenes = [RunsScene(figure) for figure in figures]
    scenes[0].update(runs[:1])
    for scene in scenes:
        scene.update(runs)
    one, two = ([line.get_xydata().tolist() for line in scene.axes.lines] for scene in scenes)
    assert one == two


def test_the_table_has_headers_for_both_ways():
    runs = remembered(remembered([], finished()), finished(settings={"lr": "<script>"}))
    html = table(runs)
    assert html.count('scope="col"') == 2
    assert html.count('scope="row"') == 4
    assert "<script>" not in html
