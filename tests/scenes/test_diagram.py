"""The diagram of a small network: every number is there, nothing meets, and what is clicked is found."""

import itertools

import numpy as np
import pytest
from matplotlib.figure import Figure

from wbviz.engine import Network
from wbviz.scenes._axes import blank_axes
from wbviz.scenes._diagram import BOX, RADIUS, Diagram
from wbviz.widgets._words import unit_names


def made(sizes):
    return Diagram(blank_axes(Figure(figsize=(6.4, 3.4), dpi=100), [0, 0, 1, 1]), unit_names(sizes))


@pytest.mark.parametrize("sizes", [[2, 4, 1], [2, 2, 2], [1, 3, 1]])
def test_numbers_do_not_meet(sizes):
    diagram = made(sizes)
    spots = [diagram.spot(place) for place in diagram.lines]
    for one, other in itertools.combinations(spots, 2):
        across, up = np.abs(one - other)
        assert across >= BOX[0] or up >= BOX[1]
    for spot, unit in itertools.product(spots, diagram.units):
        assert np.hypot(*(spot - diagram.place(*unit[1:]))) > RADIUS + BOX[1] / 2


@pytest.mark.parametrize("sizes", [[2, 4, 1], [2, 2, 2]])
def test_what_is_clicked_is_found(sizes):
    diagram = made(sizes)
    net = Network(sizes, seed=0)
    assert len(diagram.lines) == net.n_params
    assert [net.index(*place) for place in diagram.lines] == list(range(net.n_params))
    for place in diagram.lines:
        assert diagram.at(*diagram.spot(place)) == place
    for unit in diagram.units:
        assert diagram.at(*diagram.place(*unit[1:])) == unit
    assert diagram.at(2, 2) is None


def test_only_what_differs_is_painted():
    diagram, net = made([2, 4, 1]), Network([2, 4, 1], seed=0)
    values = [["0.00"] * n for n in net.sizes]
    diagram.update(net, values)
    for artist in diagram.live:
        artist.stale = False
    diagram.update(net, values)
    assert not any(artist.stale for artist in diagram.live)
    diagram.update(net, values, marked={("W", 0, 0, 1)}, dimmed={("b", 1, 0)})
    assert diagram.glow.stale
    assert diagram.edges.stale


def test_negative_numbers_are_told_apart_by_dash_and_sign():
    diagram, net = made([1, 1, 1]), Network([1, 1, 1], init="zeros")
    net.weights[0][0, 0] = -2.5
    diagram.update(net, [["0"], ["0"], ["0"]])
    dashes = [dash for _, dash in diagram.edges.get_linestyles()]
    assert dashes[0] is not None
    assert dashes[1] is None
    assert diagram.numbers._texts[0] == "−2.50"
