"""The learner's own data: from CSV to points and back, everything odd said with its row and column."""

import datetime
import gc

import ipywidgets as w
import numpy as np
import pytest

from wbviz.data import Table
from wbviz.widgets._own_data import OwnData
from wbviz.widgets._table_points import ALWAYS_ZERO, MOST_POINTS, Choice, csv_of, first_choice, points_of
from wbviz.widgets._tree import close_tree, tree
from wbviz.widgets.playground import Playground

LIMITS = (-6.0, 6.0)
UPLOADED = {"last_modified": datetime.datetime.now(datetime.UTC)}
TEXT = "age;income;buys\n40;1000;yes\n30;;no\nx;800;no\n25;900;yes\n51;7000;no\n"


class Desk:
    """A panel and what it handed over."""

    def __init__(self):
        self.given, self.mine = None, ([], "classification")
        self.panel = OwnData(self.take, lambda: self.mine, LIMITS)

    def take(self, points, task):
        self.given = points, task

    def paste(self, text):
        self.panel.text.value = text
        self.click("Read the text")

    def load(self, content, name="mine.csv"):
        self.panel.upload.value = (
            {"name": name, "type": "", "size": len(content), "content": memoryview(content)} | UPLOADED,
        )

    def click(self, words):
        found = [b for b in all_of(self.panel, w.Button) if b.description == words]
        assert len(found) == 1
        found[0].click()

    @property
    def errors(self):
        return self.panel._error.value + self.panel._wrong.value


def all_of(widget, kind):
    for child in getattr(widget, "children", ()):
        yield from [child] if isinstance(child, kind) else all_of(child, kind)


@pytest.fixture
def desk():
    made = Desk()
    yield made
    close_tree(made.panel)


def points(text, **changed):
    table = Table.from_text(text)
    first = first_choice(table, LIMITS)
    return points_of(table, Choice(**{name: changed.get(name, getattr(first, name)) for name in vars(first)}), LIMITS)


# --- from a table to points -------------------------------------------------------------------------------------------


def test_columns_are_guessed_and_scaled_and_how_is_said():
    given, said = points("a,b,kind\n0,100,no\n10,300,yes\n5,200,yes\n")
    assert [label for *_, label in given] == [0, 1, 1]
    assert given[2][:2] == [0, 0]
    assert "'a' became (value − 5) / 0.926." in said
    assert given[1][0] == round((10 - 5) / 0.926, 4)
    assert "Class 0 is 'no', class 1 is 'yes'." in said


@pytest.mark.parametrize("middle", [0.0, 1e-9, 3.0, -2001.5, 1.7e9, -1e300])
@pytest.mark.parametrize("span", [1e-6, 1.0, 31.4, 1e5])
def test_whatever_the_numbers_are_they_fill_the_plane(middle, span):
    values = middle + span * np.linspace(-1, 1, 7)
    if len(set(values)) < 7:
        pytest.skip("not so many different numbers there")
    given, _ = points(
        "a,b,c\n" + "".join(f"{float(v)!r},{i},{'uv'[i % 2]}\n" for i, v in enumerate(values)), scale=True
    )
    first = np.array([x for x, *_ in given])
    assert np.abs(first).max() == pytest.approx(5.4, rel=0.02)
    assert (np.diff(first) > 0).all()


def test_values_that_fit_stay_as_they_are():
    given, said = points("a,b,c\n-5,2,u\n3.25,4,v\n")
    assert given == [[-5.0, 2.0, 0], [3.25, 4.0, 1]]
    assert "became" not in said


def test_a_constant_column_is_put_into_the_middle():
    given, _ = points("a,b,c\n70,1,u\n70,5,v\n")
    assert [x for x, *_ in given] == [0, 0]


def test_without_scaling_the_first_value_outside_is_named():
    with pytest.raises(ValueError, match="Row 3, column 'a': 41 lies outside -6 to 6"):
        points("a,b,c\n4,1,u\n41,5,v\n", scale=False)


def test_numbers_to_predict_come_into_reach():
    given, said = points("a,b,price\n1,1,100.5\n2,3,200.25\n4,5,300.75\n")
    assert [round(value, 2) for *_, value in given] == [-0.9, -0.0, 0.9]
    assert "'price' became" in said
    given, said = points("a,b,price\n1,1,-0.55\n2,3,0.25\n4,5,1\n")
    assert [value for *_, value in given] == [-0.55, 0.25, 1.0]
    assert "'price' became" not in said


def test_one_column_of_numbers_is_enough():
    given, _ = points("a,c\n-5,u\n3,v\n")
    assert given == [[-5.0, 0.0, 0], [3.0, 0.0, 1]]


def test_of_several_classes_one_is_set_against_the_others():
    text = "a,b,kind\n1,1,red\n2,2,green\n3,3,blue\n4,1,red\n"
    given, said = points(text, one="green")
    assert [label for *_, label in given] == [0, 1, 0, 0]
    assert "Class 1 is 'green', class 0 is any other." in said
    with pytest.raises(ValueError, match="blue, green, red: choose which"):
        points(text, one="pink")


def test_more_rows_than_can_be_shown_are_drawn_from_and_that_is_said():
    text = "a,b,c\n" + "".join(f"{i % 7},{i % 5},{'u' if i % 4 else 'v'}\n" for i in range(1000))
    given, said = points(text)
    assert len(given) == MOST_POINTS
    assert "Of these 1,000 rows 200 were drawn at random, each class in proportion" in said
    assert sum(label for *_, label in given) == 50
    assert points(text)[0] == given


def test_rows_with_a_missing_value_are_left_out_and_counted():
    given, said = points(TEXT)
    assert len(given) == 3
    assert "Left out: 2 rows" in said


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"x2": "age"}, "named twice"),
        ({"x1": "buys", "target": "age"}, "'buys' is not numbers"),
        ({"x1": "income", "target": "income"}, "is the target"),
        ({"task": "regression"}, "is text; regression predicts numbers"),
        ({"target": "nothing"}, "no column 'nothing'"),
    ],
)
def test_a_choice_that_cannot_be_is_explained(changed, sentence):
    with pytest.raises(ValueError, match=sentence):
        points(TEXT, **changed)


def test_a_table_without_numbers_says_so():
    with pytest.raises(ValueError, match=r"no column of numbers beside the last one.*The columns are a, b"):
        first_choice(Table.from_text("a,b\nu,v\nw,x\n"), LIMITS)


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("size", [0.01, 6.0])
def test_points_come_back_from_their_csv(task, size):
    rng = np.random.default_rng(3)
    answers = [0, 1] * 20 if task == "classification" else rng.uniform(-1, 1, 40).tolist()
    mine = [[*rng.uniform(-size, size, 2).tolist(), answer] for answer in answers]
    table = Table.from_text(csv_of(mine, task))
    first = first_choice(table, LIMITS)
    assert first.task == task
    assert points_of(table, first, LIMITS)[0] == mine


# --- the panel --------------------------------------------------------------------------------------------------------


def test_from_pasted_text_to_points(desk):
    assert desk.panel._choices.layout.display == "none"
    desk.paste(TEXT)
    assert desk.panel._choices.layout.display is None
    assert "5 rows and 3 columns were read" in desk.panel._remarks.value
    assert "Row 3, column &#x27;income&#x27;" in desk.panel._remarks.value
    assert desk.given is None
    desk.click("Use these points")
    given, task = desk.given
    assert (len(given), task) == (3, "classification")
    assert "3 points in the figure." in desk.panel._said.value
    assert desk.panel.text.value == TEXT


def test_a_file_is_read_and_named(desk):
    desk.load("größe,b,c\n1,2,u\n3,4,v\n".encode("latin-1"), "wörter.csv")
    assert "wörter.csv" in desk.panel._remarks.value
    assert "not written in UTF-8" in desk.panel._remarks.value
    assert desk.panel.x1.value == "größe"
    assert desk.panel.upload.value == ()
    assert desk.panel.text.value == ""


def test_columns_can_be_chosen(desk):
    desk.paste("a,b,c,kind\n1,2,3.5,u\n3,4,1.25,v\n5,5,5.75,w\n")
    panel = desk.panel
    assert panel.one.layout.display is None
    panel.one.value = "u"
    panel.x1.value, panel.x2.value = "b", ALWAYS_ZERO
    desk.click("Use these points")
    assert desk.given[0] == [[2.0, 0.0, 1], [4.0, 0.0, 0], [5.0, 0.0, 0]]
    panel.target.value = "c"
    assert panel.task.value == "regression"
    assert panel.one.layout.display == "none"
    desk.click("Use these points")
    assert desk.given[1] == "regression"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no text yet"),
        ("   \n", "no text yet"),
        ("a,b\nu,v\n", "no column of numbers"),
        ("a,b,c\n", "no column of numbers"),
        ("\0", "zero bytes"),
    ],
)
def test_what_is_no_table_is_said(desk, text, sentence):
    desk.paste(text)
    assert sentence in desk.errors
    assert desk.given is None


def test_a_workbook_is_refused(desk):
    desk.load(b"PK\x03\x04rest")
    assert "workbook" in desk.errors


def test_a_choice_that_cannot_be_is_said_and_the_points_stay(desk):
    desk.paste(TEXT)
    desk.click("Use these points")
    before = desk.given
    desk.panel.target.value = "age"
    desk.click("Use these points")
    assert "is the target" in desk.panel._wrong.value
    assert desk.panel._said.value == ""
    assert desk.given is before


def test_what_the_figure_refuses_is_said(desk):
    def refuse(points, task):
        raise ValueError("Too many for me.")

    desk.panel._on_points = refuse
    desk.paste(TEXT)
    desk.click("Use these points")
    assert "Too many for me." in desk.panel._wrong.value
    assert desk.panel._said.value == ""


def test_nothing_of_a_table_runs_in_the_page(desk):
    desk.paste("<script>,b,<img src=x onerror=alert(1)>\n1,2,<b>u</b>\n<i>,4,v\n3,1,<b>u</b>\n4,4,\n")
    desk.click("Use these points")
    page = "".join(line.value for line in all_of(desk.panel, w.HTML))
    assert "&lt;script&gt;" in page
    assert not any(tag in page for tag in ("<script", "<img", "<b>", "<i>"))


def test_many_remarks_are_folded_and_none_is_lost(desk):
    desk.paste("a,b,c\n" + "1,2,u\n" * 30 + "x,2,v\n" * 20)
    html = desk.panel._remarks.value
    assert "<details>" in html
    assert html.count("<li>") == len(desk.panel.table.problems)


def test_points_of_the_figure_as_csv(desk):
    desk.click("My points as CSV")
    assert "no points of your own" in desk.errors
    desk.panel.text.value = "kept"
    desk.mine = [[1.0, -2.5, 1], [0.25, 3.0, 0]], "classification"
    desk.click("My points as CSV")
    assert desk.panel.own.value == "x1,x2,class\n1.0,-2.5,1\n0.25,3.0,0\n"
    assert desk.panel.text.value == "kept"
    assert 'download="points.csv" href="data:text/csv;base64,' in desk.panel._link.value
    assert desk.errors == ""


def test_every_control_has_a_name(desk):
    for kind in (w.Dropdown, w.Textarea, w.Checkbox, w.Button, w.FileUpload):
        for control in all_of(desk.panel, kind):
            assert control.description
            assert control.tooltip or isinstance(control, w.Textarea)


def test_in_the_playground_a_table_becomes_its_data_and_its_points_a_table():
    playground = Playground()
    panel = next(widget for widget in tree(playground) if isinstance(widget, OwnData))
    panel.text.value = TEXT
    panel.read()
    panel.use()
    assert (playground.dataset, playground.task, len(playground.points)) == ("own", "classification", 3)
    kept = playground.points
    panel.write()
    panel.text.value = panel.own.value
    panel.read()
    panel.use()
    assert playground.points == kept
    playground.train(2)
    panel.text.value = "a,b,height\n-5,2,0.5\n3,4,-0.75\n1,-3,0.25\n4,4,1\n"
    panel.read()
    panel.use()
    assert playground.task == "regression"
    assert [value for *_, value in playground.points] == [0.5, -0.75, 0.25, 1.0]
    playground.close()


def test_closing_leaves_nothing():
    gc.collect()
    before = set(w.widgets.widget._instances)
    desk = Desk()
    desk.paste(TEXT)
    desk.click("Use these points")
    close_tree(desk.panel)
    assert set(w.widgets.widget._instances) == before
