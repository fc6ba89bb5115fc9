"""A learner's own network in four explorers: what it shows is the engine's, what is shared comes back whole."""

import gc
import itertools
import json

import numpy as np
import pytest
import traitlets

from tests.widgets.turning import other_value
from wbviz.data import load_dataset
from wbviz.engine import SGD, Adam, Network, Training, accuracy, confusion_matrix, train
from wbviz.widgets import ForwardPass, GradientFlow, LossSurface, WeightSurgery, _own_examples, _own_model
from wbviz.widgets._packing import packed, unpacked

FOUR = (ForwardPass, WeightSurgery, LossSurface, GradientFlow)
EACH = pytest.mark.parametrize("cls", FOUR, ids=lambda cls: cls.__name__)


@pytest.fixture(scope="module")
def moons():
    return load_dataset("moons", noise=0.15)


@pytest.fixture(scope="module")
def net(moons):
    net = Network([2, 8, 8, 1], hidden="relu", init="he", seed=1)
    recipe = {"loss": "binary_cross_entropy", "optimizer": Adam(lr=0.01), "epochs": 10, "batch_size": 20}
    train(net, moons.X, moons.y, **recipe)
    return net


@pytest.fixture(scope="module")
def digits_net():
    data = load_dataset("digits").split(test=0.25, seed=0)[0]
    net = Network([64, 12, 10], hidden="relu", init="he", seed=1)
    train(net, data.X, data.y, loss="cross_entropy", optimizer=Adam(lr=0.01), epochs=3, batch_size=32)
    return net


@pytest.fixture(scope="module")
def states(net, moons):
    """A state of each explorer."""
    made = {cls: cls.of(net, moons.X, moons.y, controls=False) for cls in FOUR}
    yield {cls: explorer.state for cls, explorer in made.items()}
    for explorer in made.values():
        explorer.close()


@pytest.fixture
def of():
    """Opens models and closes the explorers after the test."""
    made = []

    def open_(cls, *args, **settings):
        made.append(cls.of(*args, **settings))
        return made[-1]

    yield open_
    for explorer in made:
        explorer.close()


def again(cls, explorer):
    """The explorer from its state, having gone through JSON."""
    return cls.from_state(json.loads(json.dumps(explorer.state)))


# --- promises of every explorer ------------------------------------------------------------------------------------


@EACH
def test_it_goes_by_the_name_of_the_explorer_and_every_knob_does_something(cls, of, net, moons):
    explorer = of(cls, net, moons.X, moons.y)
    assert isinstance(explorer, cls)
    assert repr(explorer).startswith(f"{cls.__name__}: ")
    assert set(explorer._panel._rows) == set(explorer.knobs)
    for name in (knob for knob in explorer.knobs if knob not in explorer.idle()):
        before = explorer.png(), explorer.describe()
        explorer.apply({name: other_value(explorer, name)})
        assert explorer.png() != before[0], f"{name} does not move the picture"
        assert explorer.describe() != before[1], f"{name} does not change the description"
        explorer.reset()


@EACH
def test_a_turned_knob_equals_the_state_drawn_afresh_and_undo_leads_back(cls, of, net, moons):
    explorer = of(cls, net, moons.X, moons.y)
    start = explorer.state
    for name in explorer.knobs:
        explorer.apply({name: other_value(explorer, name)})
        explorer.png()
    fresh = again(cls, explorer)
    assert fresh.state == explorer.state
    assert fresh.describe() == explorer.describe()
    assert fresh.png() == explorer.png()
    fresh.close()
    while explorer.undo():
        pass
    assert explorer.state == start


@EACH
def test_what_is_shared_is_a_cell_that_makes_the_same_figure(cls, of, net, moons):
    explorer = of(cls, net, moons.X, moons.y)
    text = explorer.share()
    assert len(text) < 20_000
    copy = eval(text, {cls.__name__: cls})
    assert copy.png() == explorer.png()
    copy.apply({copy.knobs[1]: other_value(copy, copy.knobs[1])})
    copy.load(text)
    assert copy.state == explorer.state
    copy.close()


@EACH
def test_the_books_own_figure_says_that_a_model_has_a_figure_of_its_own(cls, make, of, net, moons):
    text, own = of(cls, net, moons.X, moons.y).share(), make(cls)
    state = own.state
    with pytest.raises(ValueError, match="run the text in a cell"):
        own.load(text)
    assert own.state == state
    assert "model" not in state


@EACH
def test_the_model_is_a_copy_and_a_figure_keeps_to_it(cls, of, net, moons):
    mine = net.copy()
    explorer = of(cls, mine, moons.X, moons.y)
    picture, state = explorer.png(), explorer.state
    mine.params *= 2
    assert again(cls, explorer).png() == picture
    other = of(cls, mine, moons.X, moons.y)
    with pytest.raises(traitlets.TraitError, match="keeps to its model"):
        explorer.model = other.model
    with pytest.raises(traitlets.TraitError, match="keeps to its model"):
        explorer.apply({"model": other.model})
    assert explorer.state == state
    assert explorer.png() == picture


@EACH
def test_bad_values_leave_the_last_good_state(cls, of, net, moons):
    explorer = of(cls, net, moons.X, moons.y)
    state = explorer.state
    bad = {
        "layer": 99,
        "shown": 4,
        "unit": 9,
        "first": "w x₃→h¹₁",
        "params": [0.0],
        "step": 10_000,
        "x": [1.0],
        "init": "x",
    }
    for name in set(bad) & set(explorer.knobs):
        with pytest.raises(traitlets.TraitError):
            explorer.apply({name: bad[name]})
    with pytest.raises(TypeError, match="has no setting"):
        explorer.apply({"shape": "2-4-1", "depth": 3, "dataset": "xor", "net_params": None})
    assert explorer.state == state


@EACH
def test_an_understudy_draws_what_the_figure_would(cls, of, net, moons):
    explorer = of(cls, net, moons.X, moons.y)
    explorer.png()
    name = next(knob for knob in explorer.knobs if isinstance(getattr(explorer, knob), (int, float)))
    value, twin = other_value(explorer, name), explorer.understudy()
    twin.pose({key: getattr(explorer, key) for key in explorer.state}, **{name: value})
    said = twin.describe()
    explorer.apply({name: value})
    assert explorer.describe() == said


# --- ForwardPass ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [[1, 1], [3, 2, 4], [4, 5, 3], [2, 3, 3, 3, 2], [16, 16, 2]])
def test_every_step_of_any_small_network_ends_at_the_engines_numbers(of, sizes):
    net = Network(sizes, hidden="sigmoid", output="tanh", seed=3)
    x = np.random.default_rng(0).normal(size=sizes[0]).round(2).tolist()
    explorer = of(ForwardPass, net, x=x)
    last = explorer.range_of("step")["max"]
    assert last == sum((n_in + 2) * n_out for n_in, n_out in itertools.pairwise(sizes))
    for step in range(0, last + 1, max(1, last // 6)):
        explorer.step = step
        explorer.png()
        assert "nan" not in explorer.describe()
    explorer.step = last
    explorer.png()
    np.testing.assert_array_equal(explorer.record().y_hat, net([x]))
    shown = explorer._shown()["values"][-1]
    assert [float(text.replace("−", "-")) for text in shown] == pytest.approx(net([x])[0], abs=0.006)


def test_a_weight_of_ones_own_is_changed_as_any_other(of, net, moons):
    explorer = of(ForwardPass, net, moons.X, moons.y)
    assert explorer.x == moons.X[0].tolist()
    index = net.index("W", 1, 3, 2)
    params = net.params.copy()
    params[index] += 1
    explorer.params = params.tolist()
    np.testing.assert_array_equal(explorer.network.params, params)
    np.testing.assert_array_equal(explorer.record().y_hat, net.with_params(params)(moons.X[:1]))


def test_a_sigmoid_at_the_end_is_part_of_the_forward_pass(of, moons):
    net = Network([2, 3, 1], output="sigmoid", seed=1)
    explorer = of(ForwardPass, net, moons.X, moons.y)
    assert explorer.output == "sigmoid"
    np.testing.assert_array_equal(explorer.record().y_hat, net(moons.X[:1]))


def test_large_weights_and_inputs_widen_their_ranges(of):
    net = Network([2, 3, 1])
    net.params[0] = -37.5
    explorer = of(ForwardPass, net, [[250.0, -3.0]])
    assert explorer.range_of("params")["max"] == 50
    assert explorer.range_of("x")["min"] == -500
    assert explorer.params[0] == -37.5
    with pytest.raises(traitlets.TraitError, match="x₁ goes from -500 to 500"):
        explorer.x = [501, 0]


def test_a_click_takes_a_weight_in_hand_or_goes_to_a_neuron(of, net, moons):
    explorer = of(ForwardPass, net, moons.X, moons.y)
    explorer.png()
    diagram = explorer.scene.diagram

    def click(place):
        x, y = diagram.axes.transData.transform(place)
        presses = explorer.picture.pointer.get("press", 0) + 1
        explorer.picture.pointer = {"x": x, "y": y, "px": x, "py": y, "press": presses, "down": False}

    start, end = np.array(diagram.ends(("W", 0, 0, 7)))
    click(start + 0.9 * (end - start))
    assert explorer.chosen == net.index("W", 0, 0, 7)
    click(diagram.place(2, 4))
    assert "h²₅, the activation" in explorer.describe()
    click(diagram.place(0, 1))
    assert explorer.step == 0


@pytest.mark.parametrize(
    ("sizes", "other"),
    [([64, 16, 10], "WeightSurgery"), ([2, 2, 2, 2, 2, 1], "GradientFlow"), ([16] * 3, "WeightSurgery")],
)
def test_a_network_too_large_to_write_out_is_told_where_to_go(sizes, other):
    with pytest.raises(ValueError, match=f"weights and biases. ForwardPass writes .* {other}.of opens it"):
        ForwardPass.of(Network(sizes))


# --- WeightSurgery -------------------------------------------------------------------------------------------------


def test_surgery_is_judged_by_the_engine_on_the_given_rows(of, digits_net):
    test = load_dataset("digits").split(test=0.25, seed=0)[1]
    explorer = of(WeightSurgery, digits_net, test.X, test.y, operation="quantise", amount=3, layer=2)
    explorer.png()
    cut = explorer.operated
    np.testing.assert_array_equal(cut.weights[0], digits_net.weights[0])
    assert len(np.unique(cut.weights[1])) <= 8
    assert explorer.accuracy() == accuracy(test.y, cut(test.X))
    assert explorer.loss() == pytest.approx(cut.loss(test.X, test.y, loss="cross_entropy"), rel=1e-12)
    counts = confusion_matrix(test.y, cut(test.X))
    assert explorer.scene.counts._texts == [str(n) if n else "" for n in counts.ravel()]
    by_name = of(WeightSurgery, digits_net, "digits", operation="quantise", amount=3, layer=2)
    assert by_name.accuracy() == explorer.accuracy()


def test_pixels_are_shown_as_images_and_other_inputs_as_a_table(of, digits_net, net, moons):
    explorer = of(WeightSurgery, digits_net, "digits", operation="none", unit=5)
    explorer.png()
    np.testing.assert_array_equal(explorer.scene.unit.get_array(), digits_net.weights[0][:, 4].reshape(8, 8))
    shown = np.asarray(explorer.scene.units.get_array(), float)
    assert np.sort(shown[np.isfinite(shown)]).tolist() == np.sort(digits_net.weights[0].ravel()).tolist()
    explorer.shown = 2
    explorer.png()
    np.testing.assert_array_equal(explorer.scene.units.get_array(), digits_net.weights[1])
    table = of(WeightSurgery, net, moons.X, moons.y, operation="none", unit=3)
    table.png()
    np.testing.assert_array_equal(table.scene.units.get_array(), net.weights[0])
    assert table.scene.into.numbers._texts[:2] == [f"{w:.2f}".replace("-", "−") for w in net.weights[0][:, 2]]


def test_clicks_and_arrows_choose_units_and_layers(of, digits_net):
    explorer = of(WeightSurgery, digits_net, "digits")
    for unit in (1, 7, 12):
        explorer.png()
        x, y, wide, high = explorer._layout(0).box(unit - 1)
        px, py = explorer.scene.mosaic.transData.transform((x + wide / 2, y + high / 2))
        presses = explorer.picture.pointer.get("press", 0) + 1
        explorer.picture.pointer = {"x": px, "y": py, "px": px, "py": py, "press": presses, "down": False}
        assert explorer.unit == unit
    explorer.on_key("ArrowUp")
    assert (explorer.shown, explorer.unit) == (2, 10)
    explorer.on_key("ArrowRight")
    assert explorer.unit == 1


def test_many_units_are_shown_a_page_at_a_time(of):
    rng = np.random.default_rng(0)
    explorer = of(WeightSurgery, Network([64, 200, 3]), rng.random((30, 64)), rng.integers(0, 3, 30), operation="none")
    count = explorer._layout(0).count
    explorer.unit = 200
    explorer.png()
    assert f"200 units ({200 // count * count + 1} to 200)" in explorer.scene.units_title.get_text()


def test_a_layer_without_hidden_units_and_a_squared_error_are_no_exceptions(of, moons):
    net = Network([2, 1], output="sigmoid", seed=1)
    explorer = of(WeightSurgery, net, moons.X, moons.y, loss="mse", operation="none")
    explorer.png()
    assert {"shown", "unit", "layer"} <= set(explorer.idle())
    assert explorer.accuracy() == ((net(moons.X)[:, 0] > 0.5) == moons.y).mean()
    outputs = Network([2, 3, 2], seed=1)
    one_hot = of(WeightSurgery, outputs, moons.X, np.eye(2)[moons.y])
    assert one_hot.own.loss == "cross_entropy"


def test_numbers_to_predict_are_no_classes(net, moons):
    with pytest.raises(ValueError, match=r"y must be the class of each row.*LossSurface.of and GradientFlow.of"):
        WeightSurgery.of(net, moons.X, moons.X[:, 0])


# --- LossSurface ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "mse"])
def test_the_surface_is_the_true_loss_over_any_two_parameters(of, net, moons, loss):
    explorer = of(LossSurface, net, moons.X, moons.y, loss=loss, first="w h¹₂→h²₃", second="b h¹₄")
    explorer.png()
    (u, u_end), (v, _) = explorer._limits()
    assert explorer.run.losses[0] == net.loss(moons.X, moons.y[:, None], loss=loss)
    corner = net.copy()
    corner.weights[1][1, 2], corner.biases[0][3] = u, v
    from wbviz.widgets._descending import FINE, surface

    found = surface(*explorer._slice(explorer._seen), FINE)
    assert found.loss[0, 0] == pytest.approx(corner.loss(moons.X, moons.y[:, None], loss=loss), rel=1e-4)
    assert u < net.weights[1][1, 2] < u_end


def test_descent_of_a_classifier_takes_the_steps_of_sgd(of, digits_net):
    test = load_dataset("digits").split(test=0.25, seed=0)[1]
    explorer = of(LossSurface, digits_net, test, move="all parameters", lr=0.05, steps=20)
    own = explorer.own
    assert own.counted == f"{len(own.X)} of 449 examples"
    mine = digits_net.copy()
    train(mine, own.X, own.y, loss="cross_entropy", optimizer=SGD(lr=0.05), epochs=20)
    np.testing.assert_allclose(explorer.run.params[-1], mine.params, atol=1e-12)
    assert "params" not in explorer._panel._rows  # 910 fields are no table


def test_a_sigmoid_at_the_end_is_judged_on_its_logits(of, moons):
    net = Network([2, 4, 1], output="sigmoid", seed=1)
    explorer = of(LossSurface, net, moons.X, moons.y)
    p = net(moons.X)[:, 0]
    expected = -np.where(moons.y == 1, np.log(p), np.log(1 - p)).mean()
    assert explorer.run.losses[0] == pytest.approx(expected, rel=1e-9)


def test_flat_is_less_where_the_loss_is_small(of, net, moons):
    explorer = of(LossSurface, net, moons.X, moons.y)
    assert explorer.run.flat == pytest.approx(0.05 * explorer.run.losses[0], rel=0.5)
    assert f"below {explorer.run.flat:g}" in explorer.describe() or explorer.settled() is None


# --- GradientFlow --------------------------------------------------------------------------------------------------


def test_gradients_and_training_begin_with_the_models_weights(of, net, moons):
    explorer = of(GradientFlow, net, moons.X, moons.y, lr=0.05)
    back = net.backward(moons.X, moons.y[:, None], "binary_cross_entropy")
    np.testing.assert_allclose(explorer.gradient_norms(), [np.linalg.norm(dW) for dW in back.dW], rtol=1e-12)
    explorer.step = 20
    mine = Training(net.copy(), moons.X, moons.y[:, None], loss="binary_cross_entropy", optimizer=SGD(0.05), epochs=20)
    mine.run()
    np.testing.assert_allclose(explorer.network.params, mine.net.params, atol=1e-12)
    assert explorer.accuracy() == accuracy(moons.y, mine.net(moons.X))


def test_other_starts_have_the_models_architecture(of, net, moons):
    explorer = of(GradientFlow, net, moons.X, moons.y)
    assert "seed" in explorer.idle()
    explorer.apply({"init": "he", "seed": 1, "gain": 2.0})
    assert "seed" not in explorer.idle()
    fresh = Network([2, 8, 8, 1], hidden="relu", init="he", seed=1)
    np.testing.assert_array_equal(explorer.network.weights[1], 2 * fresh.weights[1])
    explorer.init = "zeros"
    assert explorer.verdict() == "symmetric"


def test_fifty_hidden_layers_of_several_widths_and_numbers_to_predict(of):
    widths = [3 + k % 4 for k in range(50)]
    X = np.linspace(-1, 1, 30)[:, None]
    explorer = of(GradientFlow, Network([1, *widths, 1], hidden="sigmoid"), X, np.sin(3 * X))
    explorer.png()
    assert explorer.own.loss == "mse"
    assert explorer.verdict() == "vanishing"
    assert explorer.accuracy() is None
    assert "right" not in explorer.describe()
    assert "50 layers of 3 to 6 sigmoid units, own weights" in explorer.describe()
    with pytest.raises(ValueError, match="51 hidden layers"):
        GradientFlow.of(Network([1, *widths, 3, 1]), X, X)
    with pytest.raises(ValueError, match=r"there is none. WeightSurgery.of"):
        GradientFlow.of(Network([1, 1]), X, X)


# --- data and texts ------------------------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.zeros((5, 3)), np.zeros(5), r"takes 2 inputs: X must have shape \(n, 2\), but has \(5, 3\)"),
        (np.zeros((5, 1, 2)), np.zeros(5), r"X.reshape\(len\(X\), -1\) has 2"),
        (np.zeros((5, 2)), np.zeros(4), "X has 5 rows, but y has the shape"),
        (np.full((5, 2), np.nan), np.zeros(5), "X must be finite"),
        (np.zeros((5, 2)), ["a"] * 5, "y must be numbers"),
        ("moon", None, "Did you mean 'moons'"),
        ("moons", [1], "brings its own y"),
        ("iris", None, "takes 2 inputs"),
        (np.zeros((0, 2)), np.zeros(0), "must have shape"),
    ],
)
def test_data_that_do_not_fit_are_refused_with_a_sentence(cls, net, X, y, message):
    with pytest.raises((ValueError, TypeError), match=message):
        cls.of(net, X, y)


def test_wrong_labels_and_losses_are_named(net, moons):
    three = Network([2, 3, 3])
    with pytest.raises(ValueError, match=r"Labels must be whole numbers from 0 to 2.*got 3"):
        WeightSurgery.of(three, moons.X, moons.y + 2)
    with pytest.raises(ValueError, match="must be one of mse"):
        GradientFlow.of(net, moons.X, moons.y, loss="hinge")
    with pytest.raises(ValueError, match="Give y too"):
        LossSurface.of(net, moons.X)
    with pytest.raises(ValueError, match="takes 5 inputs, and no data set"):
        LossSurface.of(Network([5, 2]))
    with pytest.raises(ValueError, match="a population"):
        LossSurface.of(Network([2, 1], population=3))
    with pytest.raises(TypeError, match="no setting 'dataset'"):
        LossSurface.of(net, moons.X, moons.y, dataset="moons")


@pytest.mark.parametrize(
    ("sizes", "name", "loss"),
    [
        ([2, 1], "moons", "binary_cross_entropy"),
        ([4, 3], "iris", "cross_entropy"),
        ([30, 1], "breast_cancer", "binary_cross_entropy"),
        ([64, 10], "digits", "cross_entropy"),
    ],
)
def test_left_out_data_are_those_of_the_book(sizes, name, loss):
    given = _own_examples.given(Network(sizes), None, None, None)
    assert (given.name, given.loss) == (name, loss)
    assert given.rows == len(load_dataset(name))


@EACH
def test_a_loss_beyond_all_numbers_is_said(cls, net, moons):
    with pytest.raises(ValueError, match="no room to write" if cls is ForwardPass else "beyond all numbers"):
        cls.of(net.with_params(1e100 * net.params), moons.X, moons.y, loss="mse")


def test_many_rows_are_thinned_evenly(of, net):
    X = np.column_stack([np.linspace(0, 1, 10_001), np.zeros(10_001)])
    explorer = of(GradientFlow, net, X, (X[:, 0] > 0.5).astype(int))
    assert explorer.own.counted == "200 of 10,001 examples"
    assert explorer.own.X[[0, -1], 0].tolist() == [0, 1]
    assert "200 of 10,001 examples" in explorer.describe()
    assert explorer.own.y.mean() == 0.5


@pytest.mark.parametrize("kind", [np.float64, np.float32, int])
def test_packed_numbers_come_back_exactly(kind):
    values = (100 * np.random.default_rng(0).normal(size=(7, 5))).astype(kind)
    text = json.loads(json.dumps(packed(values)))
    np.testing.assert_array_equal(unpacked(text), values)


@pytest.mark.parametrize(
    "text",
    [
        ["<f8", [10**9], "eJwDAAAAAAE="],
        ["O", [1], "eJwDAAAAAAE="], ["<f8", [2], "no base 64"], ["<f8", [-1], ""], "abc", None,
        ["<f8", [3], packed([1.0, 2.5])[-1]], ["<f4", [1], "AADAfw=="],
    ],
)  # fmt: skip
def test_damaged_numbers_are_refused(text):
    with pytest.raises(ValueError, match="damaged"):
        unpacked(text)


def test_a_packed_bomb_is_not_unpacked():
    import base64
    import zlib

    bomb = base64.b64encode(zlib.compress(bytes(50_000_000), 9)).decode()
    with pytest.raises(ValueError, match="damaged"):
        unpacked(["<f8", [4], bomb])


@pytest.mark.parametrize(
    "change",
    [
        {"sizes": [2, 8]}, {"sizes": [10**6, 10**6]}, {"sizes": "2"}, {"hidden": "soft"}, {"params": 3}, {"loss": "x"},
        {"sizes": [2] * 60}, {"X": packed([1.0])}, {"rows": None},
    ],
)  # fmt: skip
@EACH
def test_a_model_in_a_text_is_checked(cls, states, change):
    state = states[cls]
    with pytest.raises((ValueError, traitlets.TraitError)):
        cls.from_state(state | {"model": state["model"] | change})


@EACH
def test_what_is_no_model_or_fits_another_explorer_is_refused(cls, states):
    for nonsense in (5, "x", {}, {"kept": "0"}, {"kept": [7], "name": 3}):
        with pytest.raises((ValueError, traitlets.TraitError)):
            cls.from_state(states[cls] | {"model": nonsense})
    without = states[ForwardPass]["model"] | {"X": None, "y": None}
    if cls is not ForwardPass:
        with pytest.raises(ValueError, match="no data to be judged on"):
            cls.from_state({"model": without})


def test_a_text_cannot_open_what_an_explorer_does_not_show(of, digits_net):
    model = of(WeightSurgery, digits_net, "digits").state["model"]
    with pytest.raises(ValueError, match="ForwardPass writes every one of them"):
        ForwardPass.from_state({"model": model})


def test_a_model_too_large_for_a_text_opens_and_says_so(net):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(300, 150)), rng.integers(0, 5, 300)
    large = Network([150, 100, 5])
    explorer = GradientFlow.of(large, X, y)
    picture, state = explorer.png(), json.loads(json.dumps(explorer.state))
    assert explorer.under[-1].value == _own_model.too_large(explorer.own)
    assert explorer.share().startswith("# This model 150-100-5 and its data are 45,605 numbers: too large")
    assert len(json.dumps(state)) < 1000
    copy = GradientFlow.from_state(state)
    assert copy.png() == picture
    copy.close()
    explorer.close()
    del copy, explorer
    gc.collect()
    with pytest.raises(ValueError, match="150-100-5 that was too large to be part of it, and is not open here"):
        GradientFlow.from_state(state)
