"""`wbviz page`: a notebook as a page. What the page shows is seen in tests/browser/test_page.py."""

import re

import nbformat
import pytest

from wbviz import cli, page
from wbviz.book import BookError


@pytest.fixture
def notebook(tmp_path):
    """Writes a notebook of cells (code, or markdown that begins with #) and returns its path."""

    def write(*cells, name="mine.ipynb"):
        make = {True: nbformat.v4.new_markdown_cell, False: nbformat.v4.new_code_cell}
        book = nbformat.v4.new_notebook(cells=[make[cell.startswith("#")](cell) for cell in cells])
        nbformat.write(book, tmp_path / name)
        return tmp_path / name

    return write


FIGURE = "from wbviz.widgets import Neuron\nneuron = Neuron(controls=['inputs'])\nneuron.kept_knobs = ()\nneuron"


def test_a_page_holds_the_figures_that_are_seen_and_the_notebook_stays_as_it_is(notebook, tmp_path):
    path = notebook("# Mine, before [the next](next.ipynb)", FIGURE, "unseen = Neuron()", "neuron.b = 2.0")
    before = path.read_bytes()
    done = page.write_page(path, tmp_path / "out", ["mine.ipynb", "next.ipynb"])
    text = done.path.read_text(encoding="utf-8")
    assert path.read_bytes() == before
    assert done.figures == 1
    assert str(done).endswith("MB, 1 figure.")
    assert "No Python runs behind this page" in text
    assert 'href="next.html"' in text
    assert re.search(r'"kept": \{"address": "https:[\\/]+mybinder.org', text)
    assert "keep_figures" not in text
    assert text.count('"label": "A neuron"') == 1
    assert "b = −0.50" in text or r"b = \u22120.50" in text  # as it was made, not as a later cell left it


@pytest.mark.parametrize(
    ("cells", "said"),
    [(["1 + 1", "# words", "1 / 0"], "code cell 2, “1 / 0”: ZeroDivisionError: division by zero")],
)
def test_an_error_of_a_cell_is_said_and_no_page_is_written(notebook, tmp_path, capsys, cells, said):
    assert cli.main(["page", str(notebook(*cells)), "--to", str(tmp_path / "out")]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_notebook_that_is_none_is_said(tmp_path):
    with pytest.raises(BookError, match="cannot be read: No such file"):
        page.write_page(tmp_path / "nowhere.ipynb", tmp_path)
    (tmp_path / "text.ipynb").write_text("not a notebook")
    with pytest.raises(BookError, match="is no notebook"):
        page.write_page(tmp_path / "text.ipynb", tmp_path)


@pytest.mark.parametrize(("arguments", "said"), [(["page"], "required: NOTEBOOK"), (["check", "a.ipynb"], "a.ipynb")])
def test_notebooks_are_named_for_pages_and_for_nothing_else(arguments, said, capsys):
    with pytest.raises(SystemExit):
        cli.main(arguments)
    assert said in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_said(notebook, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BookError, match="cannot be written"):
        page.write_page(notebook("# Words"), tmp_path / "file")


def test_what_is_not_seen_is_left_out_and_what_needs_python_is_disabled():
    view = {"output_type": "display_data", "metadata": {}, "data": {page.VIEW: {"model_id": "lesson"}}}
    cell = nbformat.v4.new_code_cell("x", outputs=[nbformat.from_dict(view)])
    states = {
        "lesson": {"children": ["IPY_MODEL_button", "IPY_MODEL_figure"]},
        "button": {"disabled": False},
        "figure": {"children": ["IPY_MODEL_slider"], "_dom_classes": ["wbviz-explorer"]},
        "slider": {"disabled": False},
        "unseen": {"disabled": False},
    }
    models = {name: {"state": state} for name, state in states.items()}
    book = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {page.STATE: {"state": models}}})
    assert page.tidy(book) == 1
    left = book.metadata.widgets[page.STATE]["state"]
    assert set(left) == {"lesson", "button", "figure", "slider"}
    assert left["button"]["state"]["disabled"] is True
    assert left["slider"]["state"]["disabled"] is False


def test_the_address_is_that_of_the_badge_and_leads_to_the_chapter():
    assert re.fullmatch(r"https://mybinder\.org/v2/\S+/00_start_here\.ipynb", page.binder("of_my_own.ipynb"))
    assert page.binder("04_mathematical_representation_of_weights_and_biases.ipynb").endswith(
        "weights_and_biases.ipynb"
    )
