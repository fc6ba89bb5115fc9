"""The tape, step by step: its numbers are the engine's, each edge is crossed once, and what adds up is told."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wbviz.engine import ACTIVATIONS, Network
from wbviz.widgets import AutodiffTape
from wbviz.widgets._tape_words import View
from wbviz.widgets._taping import EXPRESSIONS, Step, walk

EXPLORER = AutodiffTape
NAME = pytest.mark.parametrize("name", EXPRESSIONS)


@pytest.fixture(scope="module")
def one():
    made = AutodiffTape(controls=False)
    yield made
    made.close()


def press(explorer, pixel):
    x, y = map(float, pixel)
    number = explorer.picture.pointer.get("press", 0) + 1
    explorer.picture.pointer = {"press": number, "px": x, "py": y, "x": x, "y": y, "down": False, "inside": True}
    explorer.png()


def keys(explorer, *names):
    seen = explorer.picture.keystrokes.get("n", 0)
    recent = [{"key": name, "shift": False} for name in names]
    explorer.picture.keystrokes = {"n": seen + len(recent), "recent": recent}
    explorer.png()


def kinds(name):
    return [step.kind for step in walk(name)]


@NAME
def test_the_walk_writes_every_line_and_reads_every_line(one, name):
    one.expression = name
    steps, operations = walk(name), [k for k, line in enumerate(one.taped.lines) if line.operation]
    assert [step.line for step in steps if step.kind == "forward"] == operations
    assert [step.line for step in steps if step.kind == "back"] == operations[::-1]
    assert (kinds(name)[0], kinds(name)[-1]) == ("leaves", "compare")
    assert len({(line, i) for line, i, _ in one.taped.edges}) == len(one.taped.edges)


@settings(max_examples=30, deadline=None)
@given(
    name=st.sampled_from(list(EXPRESSIONS)),
    f=st.sampled_from(list(ACTIVATIONS)),
    seed=st.integers(0, 10_000),
)
def test_the_tape_and_backpropagation_agree_wherever_the_learner_goes(one, name, f, seed):
    rng, expression = np.random.default_rng(seed), EXPRESSIONS[name]
    one.apply({"expression": name, "activation": f, "y": round(rng.uniform(-3, 3), 2)})
    one.apply({
        "x": rng.uniform(-3, 3, len(expression.inputs)).tolist(),
        "params": np.clip(rng.normal(size=len(expression.parameters)) * 2, -10, 10).tolist(),
    })  # fmt: skip
    scale = max(map(abs, one.taped.gradient))
    assert one.gap() <= 1e-12 * scale
    assert one.gradient("y") == pytest.approx(-one.taped.gradient[-2] * 1.0)


def test_the_network_of_the_book_has_the_gradient_of_chapter_03(make):
    explorer = make(expression="the 2-4-1 network")
    net = Network([2, 4, 1], seed=0)
    found = [explorer.gradient(name) for name in EXPRESSIONS[explorer.expression].parameters]
    np.testing.assert_allclose(found, net.gradient([explorer.x], [[explorer.y]]), rtol=1e-12)
    assert explorer.loss() == pytest.approx(net.loss([explorer.x], [[explorer.y]]))


def test_a_weight_used_twice_gets_two_gradients_that_add_up(make):
    explorer = make(expression="one neuron, used twice", activation="identity", x=[1], y=3, params=[2, 0])
    assert explorer.arrivals("w") == [4.0, 4.0]
    assert explorer.gradient("w") == 8.0
    assert [explorer.paths(name) for name in ("x₁", "w", "b", "y")] == [1, 2, 2, 1]
    explorer.step = walk(explorer.expression).index(Step("back", 7))
    assert "w was used twice: 4.0000 has arrived, more is to come." in explorer.describe()
    explorer.step = walk(explorer.expression).index(Step("back", 4))
    assert "To w: ∇[4] · slope = 4.0000 · 1.0000 = 4.0000, added to 4.0000: 8.0000" in explorer.describe()
    assert "w was used twice: 4.0000 + 4.0000 = 8.0000." in explorer.describe()


@NAME
def test_nothing_is_shown_before_it_is_known(one, name):
    one.expression = name
    for step in range(len(walk(name))):
        one.step = step
        view = View(one)
        shown, forward = view.shown(), view.now.kind in ("leaves", "forward")
        assert sum(map(bool, shown["values"])) == (one.taped.leaves + step if forward else len(one.taped.lines))
        assert not (forward and any(shown["gradients"]))
        crossed = sum(flow is not None for flow in shown["flows"])
        assert view.words()["foot"][0] == f"Edges crossed: {crossed} of {len(one.taped.edges)}"
        for k, found in enumerate(view.gradients):
            if found is not None and view.now.kind == "compare":
                assert found == pytest.approx(one.taped.gradient[k], rel=1e-12)


def test_gradients_that_are_not_complete_are_those_that_have_arrived(make):
    explorer = make(expression="two hidden units")
    explorer.step = walk(explorer.expression).index(Step("back", 12))
    assert View(explorer).gradients[0] == explorer.arrivals("x₁")[0]
    explorer.step = len(walk(explorer.expression)) - 1
    assert View(explorer).gradients[0] == pytest.approx(sum(explorer.arrivals("x₁")))


def test_another_expression_begins_with_its_own_numbers_at_its_end(make):
    explorer = make()
    for name, expression in EXPRESSIONS.items():
        explorer.expression = name
        assert explorer.params == list(expression.start)
        assert (len(explorer.x), explorer.now().kind) == (len(expression.inputs), "compare")
    assert make(expression="two hidden units", step=3).now() == ("forward", 11)


def test_a_press_leads_to_the_step_of_a_node_or_a_line(make):
    explorer = make()

    def node(line):
        x, y = explorer.scene.graph.places[line]
        return x, 540 - y

    press(explorer, node(8))
    assert explorer.now() == ("back", 8)
    press(explorer, node(4))  # b: its gradient comes from line 9
    assert explorer.now() == ("back", 9)
    press(explorer, (500, 540 - (36 + 17 * 7)))
    assert explorer.now() == ("back", 7)
    keys(explorer, "Home")
    press(explorer, node(9))
    assert explorer.now() == ("forward", 9)
    press(explorer, node(0))
    assert explorer.now().kind == "leaves"
    press(explorer, (500, 540 - (36 + 17 * 19)))  # no line there
    press(explorer, (380, 200))
    assert explorer.now().kind == "leaves"


def test_a_long_list_shows_what_is_around_the_line_in_hand(make):
    explorer = make(expression="the 2-4-1 network")
    explorer.step = walk(explorer.expression).index(Step("back", 40))
    assert View(explorer).first == 29
    press(explorer, (500, 540 - 36))
    assert explorer.now() == ("back", 29)
    assert (View(explorer).first, explorer.scene.columns[0]._texts[10]) == (19, "29")


def test_everything_can_be_done_with_keys(make):
    explorer = make()
    keys(explorer, "Home", "ArrowLeft", "ArrowRight", "ArrowRight")
    assert explorer.now() == ("forward", 7)
    keys(explorer, "End", "ArrowRight", "x")
    assert explorer.now().kind == "compare"


def test_a_leaf_that_is_not_there_is_named_with_those_that_are(make):
    with pytest.raises(ValueError, match=r"no leaf 'w' on this tape. It has: x₁, x₂, w₁, w₂, b, y"):
        make().gradient("w")


def test_it_plays_to_the_end(make):
    explorer = make(step=15)
    explorer.under[0].start()
    explorer.under[0].wait(5)
    assert explorer.step == 16
