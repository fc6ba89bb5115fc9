"""The same neuron in the ways that the latency benchmark compares, each as the code of a cell."""

from typing import NamedTuple


class Way(NamedTuple):
    """The code of a cell, and CSS selectors whose last match is the picture, and the slider of b.

    bqplot's picture is complete when the last of its figures, the formula, has changed.
    """

    source: str
    picture: str
    slider: str = ".noUi-handle"
    swept: bool = False


_WBVIZ = {"picture": ".wbviz-explorer canvas", "slider": ".wbviz-explorer :is(input[type=range], .noUi-handle)"}
_PEER = """from ipywidgets import FloatSlider, interact
from matplotlib import pyplot
from wbviz.scenes.neuron import NeuronScene
from wbviz.widgets import Neuron
n = Neuron(controls=False)
figure = pyplot.figure(figsize=n.figure.get_size_inches(), dpi=n.figure.dpi)
n.scene = NeuronScene(figure)
slider = FloatSlider(n.b, min=-8, max=8, step=0.1)
def move(b):
    n.b = b
    n.redraw()
"""
_INLINE = """pyplot.close(figure)
def show(b):
    move(b)
    display(figure)
interact(show, b=slider);"""
_IPYMPL = """def show(change):
    move(change["new"])
    figure.canvas.draw_idle()
slider.observe(show, "value")
move(n.b)
display(slider, figure.canvas)"""
_BQPLOT = """from ipywidgets import FloatSlider
from benchmarks._bqplot_neuron import BqplotNeuron
from wbviz.widgets import Neuron
n = Neuron(controls=False)
scene = BqplotNeuron(n)
slider = FloatSlider(n.b, min=-8, max=8, step=0.1)
def show(change):
    n.b = change["new"]
    scene.update()
slider.observe(show, "value")
display(slider, scene.widget)"""

WAYS = {
    "wbviz, swept": Way("from wbviz.widgets import Neuron\nn = Neuron()\nn", **_WBVIZ, swept=True),
    "wbviz, unswept": Way("from wbviz.widgets import Neuron\nNeuron.sweeps = False\nn = Neuron()\nn", **_WBVIZ),
    "bqplot": Way(_BQPLOT, "svg.svg-figure"),
    "ipympl": Way("%matplotlib widget\n" + _PEER + _IPYMPL, ".jupyter-matplotlib canvas:first-of-type"),
    "interact, inline figure": Way("%matplotlib inline\n" + _PEER + _INLINE, ".widget-interact .jp-OutputArea img"),
}
