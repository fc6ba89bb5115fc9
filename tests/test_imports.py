"""What is imported when: names cost nothing before they are used, and matplotlib waits for the first figure."""

import subprocess
import sys

import pytest

import wbviz
from wbviz import widgets


def loaded_after(code):
    """The names of all modules that a fresh Python holds after some code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import wbviz",
        "import wbviz.widgets",
        "from wbviz import Network, load_dataset, loss_surface, train",
        "import wbviz.cli",
    ],
)
def test_matplotlib_and_jupyter_wait_until_they_are_needed(code):
    assert not {"matplotlib", "ipywidgets", "IPython"} & loaded_after(code)


def test_an_explorer_brings_its_own_picture_and_no_other():
    modules = loaded_after("from wbviz import Neuron")
    assert "wbviz.scenes.neuron" in modules
    assert not {"wbviz.scenes.playground", "wbviz.lessons", "matplotlib.pyplot"} & modules


def test_a_star_brings_every_name():
    space = {}
    exec("from wbviz import *", space)
    assert set(wbviz.__all__) <= set(space)
    assert set(widgets.__all__) < set(wbviz.__all__)
    assert all(space[name] is getattr(widgets, name) for name in widgets.__all__)


@pytest.mark.parametrize("module", [wbviz, widgets])
def test_names_are_listed_and_unknown_ones_explained(module):
    assert set(module.__all__) <= set(dir(module))
    with pytest.raises(AttributeError, match=r"has no 'Nueron'\. It has: .*Neuron"):
        _ = module.Nueron
