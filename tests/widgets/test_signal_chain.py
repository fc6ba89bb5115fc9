"""The signal chain: its numbers are the engine's, and its words tell where a signal dies or explodes."""

import math

import numpy as np
import pytest

from wbviz.widgets.signal_chain import ACTIVATION_NAMES, SignalChain, compact

EXPLORER = SignalChain
PAINTED = True


def lines(explorer):
    return [artist.get_text() for artist in explorer.scene.words]


# --- numbers --------------------------------------------------------------------------------------------------------


def test_through_a_chain_the_weights_multiply(make):
    explorer = make(w=[1.5, -0.8, 2, 0.5], signal=2.0)
    assert explorer.values() == pytest.approx([2, 3, -2.4, -4.8, -2.4])
    assert explorer.product() == explorer.gain() == pytest.approx(-1.2)
    assert lines(explorer)[0] == "product of the weights: 1.5 · −0.8 · 2 · 0.5 = −1.20"
    assert "flipped (1 negative weight)" in explorer.describe()


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize("signal", [-1.3, 0.4])
def test_the_gain_is_the_slope_of_the_output(make, activation, signal):
    explorer = make(w=[0.9, -1.1, 0.7], b=[0.3, 0.2, -0.4], activation=activation, signal=signal)
    net, h = explorer.network, 1e-5
    slope = (net([[signal + h]]) - net([[signal - h]]))[0, 0] / (2 * h)
    assert explorer.gain() == pytest.approx(slope, abs=1e-8)
    assert explorer.gains()[-1] == pytest.approx(explorer.gain(), abs=1e-12)
    assert explorer.values()[-1] == pytest.approx(net([[signal]])[0, 0])
    assert explorer.offset() == pytest.approx(net([[0.0]])[0, 0])


def test_without_activation_the_output_is_gain_times_signal_plus_what_the_biases_add(make):
    explorer = make(w=[2, -1.5, 0.5], b=[1, 0.5, -2], signal=-1.5)
    assert explorer.values()[-1] == pytest.approx(explorer.product() * -1.5 + explorer.offset())
    assert lines(explorer)[2] == "output = gain · signal + what the biases add = −1.50 · −1.50 − 2.50 = −0.25"


def test_a_half_eight_times_dies_and_one_and_a_half_grows(make):
    half = make(same=True, links=8, w=[0.5])
    assert half.gain() == 0.5**8
    assert half.dies_after() == 7
    assert lines(half)[0] == "product of the weights: (0.5)⁸ = 0.004"
    assert [text.get_text() for text in half.scene.marks if text.get_visible()] == ["dies"]
    more = make(same=True, links=8, w=[1.5])
    assert more.gain() == pytest.approx(1.5**8)
    assert more.dies_after() is None
    assert more.explodes_after() is None


def test_three_eight_times_explodes(make):
    explorer = make(same=True, links=8, w=[-3.0])
    assert explorer.explodes_after() == 5
    assert "explodes: after link 5" in explorer.describe()


def test_a_signal_that_recovers_has_not_died(make):
    explorer = make(w=[0.1, 0.05, 3, 3, 3])
    assert abs(explorer.gains()[2]) < 0.01
    assert explorer.dies_after() is None


def test_relu_stops_a_negative_signal_and_only_the_biases_speak(make):
    explorer = make(w=[1.5, -0.8, 2], b=[0, 0, 0.7], activation="relu")
    assert explorer.values() == pytest.approx([1, 1.5, 0, 0.7])
    assert explorer.gain() == 0
    assert "ReLU stops the signal at link 2: z = −1.20 becomes 0" in explorer.describe()
    explorer.signal = -2.0
    assert "ReLU stops the signal at link 1" in explorer.describe()


def test_a_leaky_relu_lets_one_hundredth_through(make):
    explorer = make(w=[-1.0], activation="leaky_relu")
    assert explorer.values() == pytest.approx([1, -0.01])


def test_tanh_holds_the_signal_and_little_of_a_change_passes(make):
    explorer = make(w=[3, 3, 3], activation="tanh", signal=2)
    assert explorer.values()[1] == pytest.approx(math.tanh(6))
    assert explorer.dies_after() == 1
    assert "tanh is saturated at link 1" in explorer.describe()
    assert len(explorer.scene.ghosts.get_xdata()) == 3
    assert explorer.scene.ghosts.get_ydata()[0] == 6


def test_a_weight_of_0_cuts_the_chain(make):
    explorer = make(w=[2, 0, 3])
    assert explorer.gains() == [1, 2, 0, 0]
    assert "Link 2 has the weight 0" in explorer.describe()
    explorer.view = "gain"
    assert explorer.png()


def test_with_a_signal_of_0_only_the_biases_speak(make):
    explorer = make(w=[2, 3], b=[0.5, 1], signal=0)
    assert explorer.values() == pytest.approx([0, 0.5, 2.5])
    assert explorer.gain() == 6


@pytest.mark.parametrize("view", ["signal", "gain"])
def test_bars_are_the_engines_numbers(make, view):
    explorer = make(w=[1.5, -2, 0.1], b=[0.2, 0, 1], view=view)
    heights = [path.vertices[np.abs(path.vertices[:, 1]).argmax(), 1] for path in explorer.scene.bars.get_paths()]
    expected = explorer.values() if view == "signal" else np.log10(np.abs(explorer.gains()))
    assert heights == pytest.approx(list(expected))


# --- knobs that belong together -------------------------------------------------------------------------------------


def test_links_and_lists_keep_together(make):
    explorer = make()
    explorer.links = 6
    assert (len(explorer.w), len(explorer.b)) == (6, 6)
    assert explorer.w[-2:] == [1.0, 1.0]
    explorer.w = [2.0, 3.0]
    assert (explorer.links, explorer.b) == (2, [0.0, 0.0])
    explorer.b = [1.0]
    assert (explorer.links, explorer.w) == (1, [2.0])


def test_alike_keeps_one_slider_for_all(make):
    explorer = make()
    explorer.same = True
    assert (explorer.w, explorer.b, explorer.weights) == ([1.5], [0.0], [1.5] * 4)
    explorer.links = 8
    explorer.w = [0.5]
    assert explorer.weights == [0.5] * 8
    explorer.same = False
    assert (explorer.w, explorer.links) == ([0.5] * 8, 8)
    explorer.undo()
    assert (explorer.w, explorer.same) == ([0.5], True)


def test_network_has_the_weights_in_order(make):
    net = make(w=[1, 2, 3], b=[0.1, 0.2, 0.3]).network
    assert net.sizes == (1, 1, 1, 1)
    assert [float(w[0, 0]) for w in net.weights] == [1, 2, 3]
    assert [float(b[0]) for b in net.biases] == [0.1, 0.2, 0.3]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.00"),
        (1.5, "1.50"),
        (-0.004, "−0.004"),
        (0.00002, "2e−5"),
        (123.44, "123.4"),
        (-13122, "−1.3e4"),
        (-6561, "−6561"),
    ],
)
def test_compact_numbers(value, text):
    assert compact(value) == text


def test_no_line_of_words_is_cut_off(make):
    for settings in (
        {"w": [-2.75] * 8, "b": [-2.5] * 8, "signal": -1.75},
        {"w": [-2.75] * 8, "b": [-2.5] * 8, "activation": "leaky_relu"},
        {"w": [-2.75] * 8, "activation": "sigmoid"},
        {"w": [0.1] * 8},
    ):
        explorer = make(**settings)
        for artist in explorer.scene.words:
            box = artist.get_window_extent()
            assert box.x0 > 2, artist.get_text()
            assert box.x1 < explorer.size[0] - 2
