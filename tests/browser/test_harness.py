"""The harness itself: a dead knob is named, a callback that raises is seen, a nameless picture is found."""

import pytest
from knobs import dead_controls
from lab import code
from names import axe_violations, nameless

SOURCE = '''
import anywidget, traitlets
import ipywidgets as w

class Painted(anywidget.AnyWidget):
    _esm = """export default { render({model, el}) {
      const canvas = document.createElement("canvas");
      const paint = () => {
        const value = model.get("value"), context = canvas.getContext("2d");
        context.clearRect(0, 0, 300, 150);
        context.fillRect(10, 10, 100 + 20 * value, 50);
        canvas.setAttribute("aria-label", `The value is ${value}.`);
      };
      model.on("change:value", paint);
      el.append(canvas);
      paint();
    } }"""
    value = traitlets.Float(1).tag(sync=True)

def knob(control):
    row = w.HBox([control])
    row.add_class("wbviz-knob")
    return row

painted = Painted()
alive = w.FloatSlider(description="alive", max=3)
dead = w.FloatText(description="dead", step=0.5)
angry = w.Checkbox(description="angry")
asleep = w.FloatSlider(description="asleep", disabled=True)
w.link((alive, "value"), (painted, "value"))
angry.observe(lambda change: 1 / 0, "value")
rows = w.VBox([*map(knob, (alive, dead, angry, asleep))])
rows.add_class("wbviz-knobs")
explorer = w.VBox([painted, rows])
explorer.add_class("wbviz-explorer")
explorer'''


@pytest.fixture(scope="module")
def notebook(lab, opened):
    notebook = opened(lab.write("harness.ipynb", [code(SOURCE)]))
    notebook.run_all()
    return notebook


def test_what_has_no_name_is_found(notebook, axe):
    assert [html for html in nameless(notebook) if "noUi-handle" in html]
    assert [line for line in axe_violations(notebook, axe) if "noUi-handle" in line]


def test_dead_knobs_and_raising_callbacks_are_found(notebook):
    assert notebook.problems == []
    (explorer,) = notebook.explorers
    found = "\n".join(dead_controls(notebook, explorer))
    assert "alive" not in found
    assert "asleep" not in found
    assert "'dead' (input[type=number]) does not change the picture" in found
    assert "'dead' (input[type=number]) does not change the description" in found
    notebook.page.wait_for_function("kernelErrors.length > 0")
    assert any("ZeroDivisionError" in problem for problem in notebook.problems)


def test_a_cell_that_fails_is_found(lab, opened):
    notebook = opened(lab.write("failing.ipynb", [code("1 / 0")]))
    notebook.run_all()
    assert any("ZeroDivisionError" in problem for problem in notebook.problems)


def test_expressions_are_evaluated_in_the_kernel(notebook):
    assert notebook.python("painted.value + 1") == repr(float(notebook.python("painted.value")) + 1)
    with pytest.raises(RuntimeError, match="NameError"):
        notebook.python("unknown")
