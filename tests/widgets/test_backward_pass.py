"""The backward pass, step by step: its numbers are the engine's, its error on purpose can be found and is not told."""

import time

import numpy as np
import pytest
import traitlets
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wbviz.engine import ACTIVATIONS, FAULTS, Network, numerical_gradient, stands_out
from wbviz.widgets import BackwardPass
from wbviz.widgets._chain_rule import decoded, walk
from wbviz.widgets._chain_words import brief, changed, in_column, in_unit, short, shorter, tiny
from wbviz.widgets.backward_pass import SHAPES

MAZUR = {"shape": "2-2-2", "hidden": "sigmoid", "output": "sigmoid", "x": [0.05, 0.10], "y": [0.01, 0.99]}
SHAPE = pytest.mark.parametrize("shape", SHAPES)


EXPLORER = BackwardPass
PAINTED = True


@pytest.fixture(scope="module")
def one():
    made = BackwardPass(controls=False)
    yield made
    made.close()


def step_of(explorer, *step):
    return next(k for k, found in enumerate(walk(explorer.sizes)) if found[: len(step)] == step)


def press(explorer, pixel):
    x, y = pixel
    number = explorer.picture.pointer.get("press", 0) + 1
    explorer.picture.pointer = {"press": number, "px": x, "py": y, "x": x, "y": y, "down": False, "inside": True}
    explorer.png()


def press_place(explorer, place):
    diagram = explorer.scene.diagram
    spot = diagram.place(*place[1:]) if place[0] == "a" else diagram.spot(place)
    press(explorer, diagram.axes.transData.transform(spot))


def keys(explorer, *names, shift=False):
    seen = explorer.picture.keystrokes.get("n", 0)
    recent = [{"key": name, "shift": shift} for name in names]
    explorer.picture.keystrokes = {"n": seen + len(recent), "recent": recent}
    explorer.png()


def listed(explorer, column):
    """A column of the list of parameters, as it stands in the picture."""
    count = len(explorer.params)
    return explorer.scene.columns[column]._texts[:count]


# --- the walk ---------------------------------------------------------------------------------------------------------


@SHAPE
def test_the_walk_goes_forward_over_the_loss_and_back_and_misses_nothing(shape):
    sizes = SHAPES[shape]
    steps, net = walk(sizes), Network(sizes)
    kinds = [step.kind for step in steps]
    turn = kinds.index("loss")
    assert set(kinds[1:turn]) == {"forward"}
    assert set(kinds[turn + 1 : -1]) == {"delta", "derivative"}
    assert sorted(step.index for step in steps if step.kind == "derivative") == list(range(net.n_params))
    assert kinds.count("forward") == kinds.count("delta") == sum(sizes[1:])
    assert (kinds[0], kinds[-1]) == ("inputs", "update")
    back = [step.layer for step in steps if step.kind in ("delta", "derivative")]
    assert back == sorted(back, reverse=True)
    for k, step in enumerate(steps):
        if step.kind == "derivative":
            assert ("delta", step.layer, step.unit, None) in steps[:k]
            assert net.name_of(step.index)[-1] == step.unit


# --- numbers ----------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    shape=st.sampled_from(list(SHAPES)),
    hidden=st.sampled_from(["sigmoid", "tanh", "gelu", "softplus", "silu", "identity"]),
    output=st.sampled_from(["identity", "sigmoid"]),
    seed=st.integers(0, 10_000),
)
def test_derivatives_and_central_differences_agree_wherever_the_learner_goes(one, shape, hidden, output, seed):
    rng, n_out = np.random.default_rng(seed), SHAPES[shape][-1]
    x, y = rng.uniform(-3, 3, 2).tolist(), rng.uniform(-3, 3, n_out).tolist()
    count = Network(SHAPES[shape]).n_params
    params = np.clip(rng.normal(size=count) * rng.choice([1, 3]), -10, 10).tolist()
    one.apply({"shape": shape, "hidden": hidden, "output": output, "x": x, "y": y, "params": params})
    net = one.network
    np.testing.assert_allclose(one.gradient(), net.gradient([one.x], [one.y]), rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(one.passed.central, numerical_gradient(net, [one.x], [one.y]))
    assert one.passed.agree.all(), (one.passed.gaps, one.state)


def test_the_picture_shows_mazurs_published_numbers(make):
    explorer = make(**MAZUR, chosen=6)
    assert listed(explorer, 0)[6] == "w h₁→ŷ₁"
    assert listed(explorer, 1)[6] == listed(explorer, 2)[6] == "0.0822"
    assert listed(explorer, 1)[0] == "0.000439"
    assert set(listed(explorer, 3)) == {"✓"}
    assert [text.get_text() for text in explorer.scene.product.values[:3]] == ["0.7414", "0.1868", "0.5933"]
    assert explorer.scene.loss.get_text() == "L = 0.2984"
    explorer.lr = 0.5
    explorer.take_step()
    weights = [explorer.params[k] for k in (0, 1, 2, 3, 6, 7, 8, 9)]
    published = [0.149780716, 0.24975114, 0.19956143, 0.29950229, 0.35891648, 0.511301270, 0.408666186, 0.561370121]
    assert weights == pytest.approx(published, abs=1e-8)


def test_the_sum_over_the_paths_is_written_out(make):
    explorer = make(**MAZUR)
    explorer.chosen = 0
    explorer.png()
    texts = [sign.get_text() for sign in explorer.scene.product.signs]
    assert "= 0.0554" in texts
    assert "= −0.0190" in texts
    assert "dL/dh₁" in texts
    assert "0.0364" in texts
    sentence = explorer.describe()
    assert "[dL/dŷ₁ (0.7414) · f′(z) of ŷ₁ (0.1868) · w h₁→ŷ₁ (0.4000) + dL/dŷ₂ (−0.2171)" in sentence
    explorer.step = step_of(explorer, "delta", 0, 0)
    assert "2 ways lead to the loss" in explorer.describe()


@SHAPE
def test_bias_and_weight_are_written_alike(make, shape):
    explorer = make(shape=shape)
    net = explorer.network
    for layer, j in ((0, 1), (1, 0)):
        explorer.chosen = net.index("b", layer, j)
        explorer.png()
        bias = [symbol.get_text() for symbol in explorer.scene.product.symbols if symbol.get_visible()]
        explorer.chosen = net.index("W", layer, 0, j)
        explorer.png()
        weight = [symbol.get_text() for symbol in explorer.scene.product.symbols if symbol.get_visible()]
        assert (bias[-2], bias[-1], weight[-1]) == ("bias input", "dL/db", "dL/dw")
        assert bias[:-2] == weight[:-2]


@SHAPE
def test_each_badge_stands_where_its_factor_is_read(make, shape):
    explorer = make(shape=shape)
    scene, net = explorer.scene, explorer.network
    for index in range(net.n_params):
        explorer.chosen = index
        explorer.png()
        factors = explorer.passed.shown[index].factors
        badges = [numeral.get_position() for numeral in scene.badges.numerals if numeral.get_visible()]
        assert len(badges) == len(factors)
        for factor, badge in zip(factors, badges, strict=True):
            kind, *where = factor.place
            home = {
                "loss": lambda w: scene._outputs()[w[0]],
                "slope": lambda w: scene.diagram.place(w[0] + 1, w[1]),
                "input": lambda w: scene.diagram.place(*w),
                "weight": lambda w: scene.diagram.spot(("W", *w)),
                "one": lambda w: scene.diagram.spot(("b", *w)),
            }[kind](where)
            assert np.hypot(*np.subtract(badge, home)) < 45, (factor, badge, home)
        assert len({(round(x), round(y)) for x, y in badges}) == len(badges)


def test_what_is_not_computed_yet_is_not_shown(make):
    explorer = make(step=0)
    assert explorer.scene.loss.get_text() == "L = ?"
    assert set(listed(explorer, 1)) == {"·"}
    assert "ŷ =" not in explorer.describe()
    explorer.step = step_of(explorer, "forward", 0, 3)
    explorer.png()
    assert explorer.scene.unit_columns[2]._texts[3] == short(float(explorer.passed.rule.forward.a[1][0, 3]))
    assert explorer.scene.unit_columns[2]._texts[4] == "·"
    explorer.step = step_of(explorer, "delta", 0, 0)
    explorer.png()
    known = [text != "·" for text in listed(explorer, 1)]
    assert known == [False] * 12 + [True] * 5
    assert "not known yet" in " ".join(line.get_text() for line in explorer.scene.foot)
    assert [explorer.known(k) for k in range(17)] == known


def test_predicted_and_actual_change_are_the_engines(make):
    explorer = make(lr=0.2)
    net, g = explorer.network, explorer.network.gradient([explorer.x], [explorer.y])
    moved = net.with_params(net.params - 0.2 * g).loss([explorer.x], [explorer.y])
    assert explorer.predicted() == pytest.approx(-0.2 * (g @ g))
    assert explorer.actual() == pytest.approx(moved - explorer.loss())
    change = explorer.actual()
    before = explorer.loss()
    explorer.take_step()
    assert explorer.loss() - before == pytest.approx(change, abs=1e-9)
    assert explorer.undo()
    assert explorer.loss() == before


def test_a_small_step_does_what_the_first_order_predicts(make):
    explorer = make()
    explorer.lr = 0.001
    assert explorer.actual() == pytest.approx(explorer.predicted(), rel=0.01)


def test_a_nudge_is_measured(make):
    explorer = make(nudge=0.25, chosen=5)
    params = explorer.network.params.copy()
    params[5] += 0.25
    net = explorer.network.with_params(params)
    assert explorer.nudged() == pytest.approx(net.loss([explorer.x], [explorer.y]) - explorer.loss())
    explorer.nudge = 1e-5
    assert explorer.nudged() / 1e-5 == pytest.approx(explorer.gradient()[5], rel=1e-3)


def test_a_kink_has_no_derivative_and_it_is_said(make):
    explorer = make(hidden="relu", x=[0, 0])
    assert listed(explorer, 3).count("✗") == 4
    assert "kink" in explorer.scene.notice.get_text()
    assert "13 of them agree" in explorer.describe()
    explorer.checks = False
    explorer.png()
    assert explorer.scene.notice.get_text() == ""


@pytest.mark.parametrize("hidden", ["relu", "leaky_relu", "elu", "step"])
def test_away_from_a_kink_they_agree(one, hidden):
    one.reset()
    for seed in range(20):
        rng = np.random.default_rng(seed)
        one.apply({"hidden": hidden, "params": rng.uniform(-10, 10, 17).tolist(), "x": rng.uniform(-3, 3, 2).tolist()})
        assert one.passed.agree.all()
    one.reset()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_extreme_numbers_are_said_without_nan(make, activation):
    explorer = make(hidden=activation, x=[3, -3], y=[-3], params=[10, -10] * 8 + [10], lr=5)
    for step in range(0, 30, 4):
        explorer.step = step
        words = explorer.describe()
        assert "nan" not in words.lower().replace("finance", "")
        assert " inf" not in words.lower()


# --- the error on purpose ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [{}, MAZUR, {"shape": "2-2-2"}], ids=["2-4-1", "Mazur", "2-2-2"])
def test_an_error_stands_out_and_stays_where_it_is(one, start):
    one.reset()
    one.apply(start)
    truth = one.network.gradient([one.x], [one.y])
    for fault in one.faults():
        one.fault = fault
        index, shown = fault["index"], one.gradient()
        assert stands_out(shown[index], truth[index])
        np.testing.assert_allclose(np.delete(shown, index), np.delete(truth, index), rtol=1e-9)
    one.fault = None


def test_errors_of_every_kind_can_be_hidden_in_a_start(one):
    one.reset()
    found = [fault["kind"] for fault in one.faults()]
    assert {kind: found.count(kind) for kind in FAULTS} == {
        "no slope": 3, "wrong input": 17, "wrong sign": 17, "wrong weight": 12, "transposed": 0, "one path": 0,
    }  # fmt: skip
    one.apply({**MAZUR, "params": [0.3, -0.8, 0.6, 0.4, 0.1, -0.2, 1.2, -1.5, 0.8, 0.9, 0.0, 0.3]})
    found = [fault["kind"] for fault in one.faults()]
    assert all(found.count(kind) >= 6 for kind in FAULTS), found
    one.reset()


def test_an_error_shows_in_the_central_differences_if_they_are_on(make):
    explorer = make(fault={"index": 2, "kind": "no slope"})
    assert listed(explorer, 3) == ["✗" if k == 2 else "✓" for k in range(17)]
    assert "16 of them agree" in explorer.describe()
    assert explorer.idle() == ()


def test_an_error_can_be_found_without_them_and_is_not_told(make):
    explorer = make(fault={"index": 2, "kind": "no slope"}, checks=False, nudge=0.01)
    assert explorer.idle() == ("checks",)
    assert set(listed(explorer, 2)) == set(listed(explorer, 3)) == {""}
    assert "One derivative is wrong on purpose" in explorer.scene.notice.get_text()
    found, words = [], set()
    for index in range(17):
        explorer.chosen = index
        said = explorer.describe()
        words |= set(said.replace(":", " ").replace(",", " ").split())
        assert "wrong on purpose" in said
        assert "agree" not in said
        if abs(explorer.nudged() / 0.01 - explorer.gradient()[index]) > 0.1 * abs(explorer.gradient()[index]):
            found.append(index)
    assert found == [2]
    assert not {"forgot", "left", "fault"} & words
    assert "no slope" not in explorer.share()
    assert "'index'" not in explorer.share()


def test_the_faulty_factor_stands_under_its_right_name(make):
    explorer = make(fault={"index": 2, "kind": "no slope"}, checks=False, chosen=2)
    values = [text.get_text() for text in explorer.scene.product.values if text.get_visible()]
    symbols = [text.get_text() for text in explorer.scene.product.symbols if text.get_visible()]
    assert symbols == ["dL/dŷ", "f′(z) ŷ", "w h₃→ŷ", "f′(z) h₃", "x₁", "dL/dw"]
    assert values[3] == "1.0000"
    assert explorer.scene.unit_columns[3]._texts[2] == "0.5995"


def test_a_fault_is_kept_as_a_number_and_goes_through_text(make):
    explorer, other = make(**MAZUR, fault={"index": 1, "kind": "one path"}), make()
    assert isinstance(explorer.fault, int)
    other.load(explorer.share())
    assert decoded(other.fault) == (1, "one path")
    assert other.state == explorer.state


@pytest.mark.parametrize(
    "bad",
    ["x", 0, 1, 2.5, True, {"index": 1}, {"index": 1, "kind": "no"}, {"index": -1, "kind": "no slope"},
     {"index": 1.0, "kind": "no slope"}, {"index": 200, "kind": "no slope"}, {"index": 0, "kind": "one path"}],
    ids=str,
)  # fmt: skip
def test_bad_faults_are_refused_with_a_sentence(make, bad):
    explorer = make()
    with pytest.raises(traitlets.TraitError, match="fault"):
        explorer.fault = bad
    assert explorer.fault is None
    assert explorer.describe() == make().describe()


def test_an_explorer_that_cannot_be_made_leaves_nothing_to_close():
    with pytest.raises(traitlets.TraitError, match="cannot be made"):
        BackwardPass(fault={"index": 0, "kind": "one path"})


def test_an_error_that_does_not_fit_another_network_is_dropped(make):
    explorer = make(fault={"index": 16, "kind": "wrong sign"})
    explorer.shape = "2-2-2"
    assert explorer.fault is None


def test_an_error_that_makes_no_difference_is_not_announced_as_one(make):
    explorer = make(fault={"index": 16, "kind": "no slope"}, checks=False)
    assert explorer.scene.notice.get_text() == "The hidden error changes nothing now."
    explorer.output = "sigmoid"
    explorer.png()
    assert explorer.scene.notice.get_text() == "One derivative is wrong on purpose."


# --- gestures and settling --------------------------------------------------------------------------------------------


def test_step_and_parameter_in_hand_follow_each_other_on_the_way_back(make):
    explorer = make(step=step_of(make(), "derivative", 1, 0))
    assert explorer.chosen == 12
    explorer.chosen = 4
    assert explorer.now() == ("derivative", 0, 0, 4)
    explorer.step = 2
    explorer.chosen = 7
    assert explorer.step == 2
    explorer.step = 29
    explorer.chosen = 9
    assert (explorer.step, explorer.chosen) == (29, 9)


def test_a_press_takes_a_parameter_in_hand_or_goes_to_a_unit(make):
    explorer = make()
    press_place(explorer, ("W", 1, 2, 0))
    assert explorer.chosen == 14
    press_place(explorer, ("b", 0, 1))
    assert explorer.chosen == 9
    x, y = explorer.scene.list.transData.transform((50, 44 + 16 * 5))
    press(explorer, (x, y))
    assert explorer.chosen == 5
    press_place(explorer, ("a", 1, 3))
    assert explorer.now() == ("delta", 0, 3, None)
    explorer.step = 1
    press_place(explorer, ("a", 2, 0))
    assert explorer.now() == ("forward", 1, 0, None)
    press_place(explorer, ("a", 0, 0))
    assert explorer.now() == ("forward", 1, 0, None)


def test_everything_can_be_done_with_keys(make):
    explorer = make()
    keys(explorer, "Home")
    assert explorer.step == 0
    keys(explorer, "ArrowLeft", "ArrowRight", "ArrowRight")
    assert explorer.step == 2
    keys(explorer, "End", "ArrowRight")
    assert explorer.step == 29
    before = explorer.params[1]
    keys(explorer, "ArrowUp", "ArrowDown", "+")
    assert explorer.chosen == 1
    assert explorer.params[1] == pytest.approx(before + 0.1)
    keys(explorer, "-", "-", shift=True)
    assert explorer.params[1] == pytest.approx(before - 1.9)
    keys(explorer, *["-"] * 20, shift=True)
    assert explorer.params[1] == -10


def test_another_network_begins_with_its_own_weights(make):
    explorer = make(shape="2-2-2")
    assert explorer.params[:4] == [0.15, 0.25, 0.20, 0.30]
    assert (explorer.step, len(explorer.y)) == (22, 2)
    explorer.shape = "2-4-1"
    assert explorer.params == pytest.approx(Network([2, 4, 1], seed=0).params)
    assert (explorer.step, len(explorer.y)) == (29, 1)
    assert make(shape="2-2-2", step=7).step == 7


def test_a_step_out_of_range_is_refused_and_the_parameters_stay(make):
    explorer = make(lr=10, x=[3, 3], y=[3])
    before = explorer.params
    with pytest.raises(traitlets.TraitError, match=r"goes from -10 to 10"):
        explorer.take_step()
    assert explorer.params == before


def test_it_plays_to_the_end_and_can_be_closed_meanwhile(make):
    explorer = make(step=28)
    explorer.under[0].start()
    explorer.under[0].wait(5)
    assert explorer.step == 29
    explorer.under[0].start()
    time.sleep(0.05)
    explorer.close()
    assert explorer.under[0].wait(3) in ("stopped", "done")


# --- numbers as they are written --------------------------------------------------------------------------------------


@given(st.floats(-1e9, 1e9))
def test_numbers_keep_to_their_room_and_to_the_value(value):
    assume(value == 0 or abs(value) > 1e-9)
    texts = {short: 9, shorter: 7, in_unit: 6, in_column: 6, brief: 8, changed: 10}
    for write, room in texts.items():
        assert len(write(value)) <= room, (write.__name__, write(value))
    read = float(short(value).replace("−", "-"))
    assert read == pytest.approx(value, rel=6e-3)


def test_numbers_have_true_minus_signs():
    assert [short(v) for v in (0, -0.0822, 0.000438568, -12.3456, 4.39e-5)] == [
        "0", "−0.0822", "0.000439", "−12.346", "4.39e−5"
    ]  # fmt: skip
    assert (tiny(0), tiny(3.2e-12)) == ("0", "3e−12")
    assert (changed(0.5), changed(-0.5), changed(0)) == ("+0.5000", "−0.5000", "0")
